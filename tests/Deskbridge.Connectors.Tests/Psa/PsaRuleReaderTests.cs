using System.Text.Json;
using Deskbridge.Connectors.ConnectWise.Psa;
using Deskbridge.Connectors.ConnectWise.Psa.Rules;
using Xunit;

namespace Deskbridge.Connectors.Tests.Psa;

public sealed class PsaRuleReaderTests
{
    private static readonly ConnectWisePsaOptions Options = new();
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private static readonly MarkerAnswers Fresh = new(Retrieved: false, Status: "", User: "");

    [Fact]
    public void Understand_RulesAsCreated_GivesTheThreeInboundEventsAndBothActions()
    {
        var book = new PsaRuleReader(Options).Understand(AsCreated());

        Assert.Equal(
            [InboundEventKind.Raise, InboundEventKind.Close, InboundEventKind.Acknowledge], book.Inbound.Select(inbound => inbound.Kind));
        Assert.Equal([new TicketAction(TicketFields.Status, new("20", "Assigned (responded)"), Options.WriteRule)], book.OnAcknowledge);
        Assert.Equal([new TicketAction(TicketFields.Status, new("24", "Closed (resolved)"), Options.WriteRule)], book.OnClose);
        Assert.Equal(TimeSpan.FromHours(360), book.AgeWindow);
        Assert.Empty(book.Problems);
    }

    /// <summary>What a dry run tries before Install has made anything.</summary>
    [Fact]
    public void Understand_RulesToBeMade_IsWhatInstallMakes_WithStatusesByName()
    {
        var book = new PsaRuleReader(Options).Understand(PsaRuleSpecs.AsSource(Options));

        var made = new PsaRuleReader(Options).Understand(AsCreated());
        Assert.Equal(made.Inbound.Select(inbound => (inbound.Kind, inbound.Rule, inbound.Condition)), book.Inbound.Select(inbound => (inbound.Kind, inbound.Rule, inbound.Condition)));
        Assert.Equal([("", "Assigned (responded)")], book.OnAcknowledge.Select(action => (action.Value.Id, action.Value.Name)));
        Assert.Empty(book.Problems);
    }

    [Fact]
    public void Understand_ItsOwnText_GivesTheSameBook()
    {
        var reader = new PsaRuleReader(Options);
        var book = reader.Understand(AsCreated());

        var again = reader.Understand(PsaRuleSource.Parse(book.Body));

        Assert.Equal(book.Body, again.Body);
        Assert.Equal(book.Inbound, again.Inbound);
        Assert.Equal(book.OnClose, again.OnClose);
    }

    [Fact]
    public void Understand_MissingRules_AreNamedWithTheFix()
    {
        var problems = new PsaRuleReader(Options).Understand(new(null, null, null)).Problems;

        Assert.Equal(string.Join("|", Options.TriggerRule, Options.UpdateRule, Options.WriteRule), string.Join("|", problems.Select(problem => problem.Rule)));
        Assert.All(problems, problem => Assert.True(problem.Blocks && problem.Message.Contains("Install", StringComparison.Ordinal)));
    }

    [Fact]
    public void Understand_UnreadableClauseBesideTheMarker_KeepsTheEventAndNamesClauseAndPlace()
    {
        var source = AsCreated();
        var strange = source with { Trigger = source.Trigger! with { Events = [new("9", "Signl4Retrieved_c is false and (the moon is full or Board is Help) and Ticket Actual Age is less than 48 hours", [])] } };

        var book = new PsaRuleReader(Options).Understand(strange);

        var inbound = book.Inbound[0];
        Assert.Equal((InboundEventKind.Raise, "9", source.Trigger!.Id), (inbound.Kind, inbound.Id, inbound.RuleId));
        Assert.Contains("the moon is full", inbound.Unreadable);
        Assert.Contains("character 33", inbound.Unreadable);
        Assert.Equal(TimeSpan.FromHours(48), book.AgeWindow);
        Assert.Empty(book.Problems);
    }

    [Theory]
    [InlineData("Signl4Retrieved_c is false or the moon is full")]
    [InlineData("Ticket is in New (not responded) status and the moon is full")]
    public void Understand_UnreadableClauseWithoutAPurpose_NamesRuleClauseAndPlace(string condition)
    {
        var source = AsCreated();
        var broken = source with { Trigger = source.Trigger! with { Events = [new("9", condition, [])] } };

        var problem = Assert.Single(new PsaRuleReader(Options).Understand(broken).Problems);

        Assert.Equal(Options.TriggerRule, problem.Rule);
        Assert.Contains("the moon is full", problem.Message);
        Assert.Contains($"character {condition.IndexOf("the moon", StringComparison.Ordinal) + 1}", problem.Message);
        Assert.True(problem.Blocks);
    }

    [Fact]
    public void Understand_UnknownAction_IsNamedAndTheOthersStand()
    {
        var source = AsCreated();
        var events = source.Write!.Events;
        var more = source with
        {
            Write = source.Write with { Events = [events[0] with { Actions = [.. events[0].Actions, new("130", "Send Email", null, null)] }, events[1]] },
        };

        var book = new PsaRuleReader(Options).Understand(more);

        Assert.Single(book.OnAcknowledge);
        Assert.Contains("Send Email", Assert.Single(book.Problems).Message);
    }

    /// <summary>A rule of the right name, edited beyond recognition: the others go on, and it is told what does not happen any more.</summary>
    [Theory]
    [InlineData(true, "tickets acknowledge and close no alert")]
    [InlineData(false, "an acknowledge and a close change nothing but the markers")]
    public void Understand_RuleWithoutItsMarkerClauses_NamesWhatDoesNotHappenAnyMore(bool update, string consequence)
    {
        var source = AsCreated();
        static RuleSnapshot Edited(RuleSnapshot rule) => rule with { Events = [.. rule.Events.Select(one => one with { Condition = "Ticket is closed" })] };
        var edited = update ? source with { Update = Edited(source.Update!) } : source with { Write = Edited(source.Write!) };

        var problem = Assert.Single(new PsaRuleReader(Options).Understand(edited).Problems);

        Assert.Equal((update ? Options.UpdateRule : Options.WriteRule, false), (problem.Rule, problem.Blocks));
        Assert.Contains(consequence, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluate_NewTicket_RaisesAndExplains()
    {
        var verdict = EvaluateRaise(Ticket("New (not responded)", Now.AddHours(-1)));

        Assert.True(verdict.Holds);
        Assert.True(verdict.InAgeWindow);
        Assert.Equal(Now.AddHours(359), verdict.ChangesAt);
        Assert.Equal(3, verdict.Trace.Count);
    }

    [Fact]
    public void Evaluate_OldTicket_HoldsOutsideTheAgeWindow()
    {
        var verdict = EvaluateRaise(Ticket("New (not responded)", Now.AddHours(-361)));

        Assert.True(verdict.Holds);
        Assert.False(verdict.InAgeWindow);
    }

    /// <summary>Of nested groups the trace marks the clauses that made the verdict, and leaves out those that make no difference.</summary>
    [Fact]
    public void Evaluate_NestedGroups_SayWhichClausesDecide()
    {
        const string Condition =
            "Signl4Retrieved_c is false and (Ticket is in New (not responded) status or Ticket is closed) and not (Ticket has been assigned or Board is Help) and (Priority is Low or (Source is Mail and Ticket is not closed)) and Ticket Actual Age is less than 360 hours";
        using var document = JsonDocument.Parse(
            $$"""{"id":1,"status":{"id":16,"name":"New (not responded)"},"board":{"id":1,"name":"Help"},"priority":{"id":4,"name":"High"},"source":{"id":2,"name":"Phone"},"_info":{"dateEntered":"{{Now:yyyy-MM-ddTHH:mm:ssZ}}"} }""");
        var ticket = PsaMap.ToTicket(document.RootElement, new(Options, new Dictionary<string, string>(StringComparer.Ordinal)));

        var verdict = new PsaRuleReader(Options).Evaluate(new("9", InboundEventKind.Raise, "Rule", Condition), ticket, Fresh, Now);

        Assert.False(verdict.Holds);
        Assert.Equal(["not Board is Help", "Priority is Low", "Source is Mail"], verdict.Trace.Where(clause => clause.Decides).Select(clause => clause.Text));
        Assert.All(verdict.Trace.Where(clause => clause.Decides), clause => Assert.False(clause.Holds));
    }

    /// <summary>The rules carry the fields that they name and no others, so that a field nobody asks for makes no other rules.</summary>
    [Fact]
    public void Understand_RulesThatNameAFieldOfTheInstance_ReadsThemWithIt()
    {
        PsaTicketField[] all = [new("Change Window", CustomFieldKind.Text), new("Seats", CustomFieldKind.Number), new("Wake somebody", CustomFieldKind.Checkbox)];
        var plain = AsCreated();
        var first = plain.Trigger!.Events[0];
        var edited = plain with { Trigger = plain.Trigger with { Events = [first with { Condition = "Signl4Retrieved_c is false and wake somebody is true and Ticket Actual Age is less than 360 hours" }] } };
        var readers = new PsaRuleReaders(Options);

        var book = readers.Understand(edited with { Fields = PsaTicketField.NamedIn(edited, all) });
        var inbound = readers.Understand(PsaRuleSource.Parse(book.Body)).Inbound[0];
        var verdict = readers.Of(inbound.Words).Evaluate(inbound, Ticket("New (not responded)", Now), Fresh, Now);

        Assert.Equal(all, PsaTicketField.Parse(PsaTicketField.Write(all)));
        Assert.Null(PsaTicketField.NamedIn(plain, all));
        Assert.Null(inbound.Unreadable);
        Assert.DoesNotContain("Seats", book.Body, StringComparison.Ordinal);
        Assert.False(verdict.Holds);
        Assert.Equal(("Wake somebody is true", "(empty)"), verdict.Trace.Where(clause => clause.Decides).Select(clause => (clause.Text, clause.Actual)).Single());
        Assert.NotNull(new PsaRuleReader(Options).Understand(edited).Inbound[0].Unreadable);
    }

    [Fact]
    public void Evaluate_OtherStatus_DoesNotRaise() => Assert.False(EvaluateRaise(Ticket("Closed (resolved)", Now)).Holds);

    private static RuleVerdict EvaluateRaise(RemoteTicket ticket)
    {
        var reader = new PsaRuleReader(Options);
        return reader.Evaluate(reader.Understand(AsCreated()).Inbound[0], ticket, Fresh, Now);
    }

    private static RemoteTicket Ticket(string status, DateTimeOffset entered)
    {
        using var document = JsonDocument.Parse(
            $$"""{"id":1,"status":{"id":16,"name":"{{status}}"},"_info":{"dateEntered":"{{entered:yyyy-MM-ddTHH:mm:ssZ}}"},"customFields":[{"id":41,"caption":"Signl4Retrieved_c","value":null}]}""");
        return PsaMap.ToTicket(document.RootElement, new(Options, new Dictionary<string, string>(StringComparer.Ordinal)));
    }

    private static PsaRuleSource AsCreated()
    {
        var specs = PsaRuleSpecs.For(Options);
        RemoteRef[] targets = [new("20", "Assigned (responded)"), new("24", "Closed (resolved)")];
        var rules = specs.Select((spec, rule) => new RuleSnapshot($"{rule + 1}", spec.Name, Active: false, [.. spec.Events.Select((one, index) => new EventSnapshot(
            $"{rule + 1}{index}", one.Condition, one.Action is null ? [] : [new($"{index}", "Change Ticket Status", targets[index], null)]))])).ToList();
        return new(rules[0], rules[1], rules[2]);
    }
}
