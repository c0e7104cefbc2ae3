using System.Text.Json;
using Deskbridge.Connectors.Autotask;
using Xunit;

namespace Deskbridge.Connectors.Tests.Autotask;

public sealed class RuleSettingsTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Resolve_Defaults_MapEveryStateToAStatusThatMeansItAgain()
    {
        var book = Book(new());

        Assert.Empty(book.Problems);
        Assert.True(book.MapsStatuses);
        foreach (var (actions, kind) in new[] { (book.OnAcknowledge, InboundEventKind.Acknowledge), (book.OnClose, InboundEventKind.Close) })
        {
            var written = WithStatus(Assert.Single(actions).Value.Id);
            Assert.Equal(kind, Assert.Single(book.Inbound, inbound => Evaluate(book, inbound, written).Holds).Kind);
        }

        Assert.Equal(InboundEventKind.Raise, Assert.Single(book.Inbound, inbound => Evaluate(book, inbound, Samples.Ticket()).Holds).Kind);
    }

    [Fact]
    public void Resolve_Labels_AreStoredByTheirNumbersAndReadBack()
    {
        var book = Book(new() { AcknowledgedStatus = "in progress", AcknowledgingStatuses = "Waiting Customer, 8", ClosedStatus = "Resolved remotely" });

        Assert.Equal(new RemoteRef("8", "In Progress"), book.OnAcknowledge[0].Value);
        Assert.Equal("""{"op":"in","field":"status","value":[8,7]}""", Condition(book, InboundEventKind.Acknowledge));
        Assert.Equal("""{"op":"in","field":"status","value":[20,5]}""", Condition(book, InboundEventKind.Close));
        Assert.Equal(book.Body, RuleSource.Parse(book.Body).ToBook().Body);
    }

    [Theory]
    [InlineData("Nonsense", "Complete", "", "no ticket status \"Nonsense\". It has \"New\"")]
    [InlineData("Parked", "Complete", "", "not active")]
    [InlineData("In Progress", "Complete", "In Progress", "both acknowledges and closes")]
    public void Resolve_AMappingThatCannotHold_Blocks(string acknowledged, string closed, string closing, string says) =>
        Assert.Contains(Book(new() { AcknowledgedStatus = acknowledged, ClosedStatus = closed, ClosingStatuses = closing }).Problems, problem => problem.Blocks && problem.Message.Contains(says, StringComparison.Ordinal));

    [Fact]
    public void Resolve_Companies_BoundTheFilterAndUnknownOnesBlock()
    {
        var chosen = new RuleSettings(new(), Samples.Schema, new CompanyChoice(new Dictionary<long, string> { [174] = "Contoso", [0] = "Our own" }, [])).Resolve().ToBook();
        var unknown = new RuleSettings(new(), Samples.Schema, new CompanyChoice(new Dictionary<long, string>(), ["Companies: the API user sees no company \"X\"."])).Resolve().ToBook();

        Assert.Equal("""{"op":"and","items":[{"op":"in","field":"companyID","value":[0,174]},{"op":"eq","field":"status","value":1}]}""", Condition(chosen, InboundEventKind.Raise));
        Assert.Equal("Company is one of \"Our own\", \"Contoso\"", Evaluate(chosen, chosen.Inbound[0], Samples.Ticket()).Trace[0].Text);
        Assert.Contains(unknown.Problems, problem => problem.Blocks);
        Assert.DoesNotContain(unknown.Inbound, inbound => inbound.Kind == InboundEventKind.Raise);
    }

    [Fact]
    public void Evaluate_AnOldTicket_RaisesNothingAndIsFollowedAllTheSame()
    {
        var book = Book(new() { AgeHours = 1 });
        var later = Now.AddHours(1);

        var raise = new AutotaskRules().Evaluate(book.Inbound[0], Samples.Ticket(), TimeSpan.FromHours(1), later);
        var close = new AutotaskRules().Evaluate(book.Inbound[2], WithStatus("5"), TimeSpan.FromHours(1), later);

        Assert.Equal((true, false, null), (raise.Holds, raise.InAgeWindow, raise.ChangesAt));
        Assert.Equal((true, true), (close.Holds, close.InAgeWindow));
        Assert.Equal(Samples.Ticket().EnteredAt.AddHours(1), Evaluate(book, book.Inbound[0], Samples.Ticket()).ChangesAt);
    }

    [Fact]
    public void Evaluate_ByAutotasksAnswer_IsUnknownWhereTheAnswerSaysNothing()
    {
        var (inbound, window) = (Book(new()).Inbound[0], TimeSpan.FromHours(360));
        var ticket = Samples.Ticket();
        EventAnswer Answer(params (string Id, DateTimeOffset At)[] matched) => new(Now, matched.ToDictionary(one => one.Id, one => (DateTimeOffset?)one.At));

        Assert.True(AutotaskRules.Evaluate(inbound, ticket, null, window, Now).IsUnknown);
        Assert.True(AutotaskRules.Evaluate(inbound, ticket, Answer((ticket.Id, ticket.UpdatedAt.AddSeconds(1))), window, Now).IsUnknown);
        Assert.Equal((true, false), (AutotaskRules.Evaluate(inbound, ticket, Answer((ticket.Id, ticket.UpdatedAt)), window, Now).Holds, AutotaskRules.Evaluate(inbound, ticket, Answer(), window, Now).Holds));
        Assert.False(AutotaskRules.Evaluate(inbound, ticket, Answer(), window, Now).IsUnknown);
    }

    private static RuleBook Book(AutotaskOptions options) => new RuleSettings(options, Samples.Schema, CompanyChoice.Every).Resolve().ToBook();

    private static string Condition(RuleBook book, InboundEventKind kind) => book.Inbound.Single(inbound => inbound.Kind == kind).Condition;

    private static RuleVerdict Evaluate(RuleBook book, InboundEvent inbound, RemoteTicket ticket) => new AutotaskRules().Evaluate(inbound, ticket, book.AgeWindow, Now);

    private static RemoteTicket WithStatus(string id) => AutotaskMap.ToTicket(JsonElement.Parse(Samples.Record.Replace("\"status\":1", $"\"status\":{id}", StringComparison.Ordinal)), new TicketWords(new Dictionary<string, string>(), id == "5"));
}
