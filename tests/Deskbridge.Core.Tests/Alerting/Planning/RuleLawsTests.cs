using Deskbridge.Connectors;
using Deskbridge.Core.Alerting.Planning;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting.Planning;

/// <summary>What the hub writes for a state must not make an event match that asks for another one (engine.md §6.6).</summary>
public sealed class RuleLawsTests
{
    private static readonly Gen<Book> Books =
        from raise in StatusSets
        from acknowledge in StatusSets
        from close in StatusSets
        from onAcknowledge in Gen.Elements(StatusRules.All)
        from onClose in Gen.Elements(StatusRules.All)
        select new Book(raise, acknowledge, close, onAcknowledge, onClose);

    private static Gen<string> StatusSets => Gen.ListOf(Gen.Elements(StatusRules.All)).Select(list => string.Concat(list.Distinct().Order()));

    [Fact]
    public void VendorDefaults_KeepThePeace() => Assert.Empty(Broken(new Book("N", "P", "C", 'A', 'C')));

    [Fact]
    public void Acknowledge_ThatSetsWhatCloses_Blocks_NamingClauseRuleAndFix()
    {
        var problem = Assert.Single(Broken(new Book("N", "", "AC", 'A', 'C')));

        Assert.True(problem.Blocks);
        Assert.Equal("Close rule", problem.Rule);
        Assert.Contains("sets status \"A\" on board \"Service\"", problem.Message, StringComparison.Ordinal);
        Assert.Contains("\"status is one of AC\"", problem.Message, StringComparison.Ordinal);
        Assert.Contains("Let rule \"Write rule\" set another value", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Acknowledge_ThatSetsWhatRaises_Blocks() => Assert.True(Assert.Single(Broken(new Book("N", "P", "C", 'N', 'C'))).Blocks);

    [Fact]
    public void Close_ThatSetsAnOpenStatusWhichRaises_Blocks() => Assert.True(Assert.Single(Broken(new Book("N", "P", "C", 'A', 'N'))).Blocks);

    /// <summary>Closed wins over acknowledged (§6.4): a contradiction to be seen, but nothing that a person did is undone.</summary>
    [Fact]
    public void Close_ThatSetsWhatAcknowledges_IsOnlyAWarning() => Assert.False(Assert.Single(Broken(new Book("N", "C", "C", 'A', 'C'))).Blocks);

    [Fact]
    public void Flow_SwitchedOff_CannotFight()
    {
        var book = new Book("N", "P", "AC", 'A', 'C');

        Assert.Empty(Broken(book, StatusFlows.All & ~StatusFlows.TicketCloses));
        Assert.Empty(Broken(book, StatusFlows.All & ~StatusFlows.AcknowledgeUpdates));
    }

    [Fact]
    public void Status_ThatTheBoardLacks_IsNotWrittenAndCannotFight()
    {
        var lacking = StatusRules.Board.Where(status => status.Id != "A").ToList();

        Assert.Empty(Broken(new Book("N", "P", "AC", 'A', 'C'), statuses: lacking));
    }

    /// <summary>The planner keeps the name of a status when a rule only moves the ticket, and that one may be what closes there.</summary>
    [Fact]
    public void StatusKeptOnAnotherBoard_CountsAsWritten()
    {
        var rules = new StatusRules();
        RemoteStatus[] there = [new("X", "W", false)];
        var book = new Book("N", "P", "X", 'A', 'C').ToRules() with { OnAcknowledge = [new(TicketFields.Board, new RemoteRef("2", "Elsewhere"), "Write rule")] };
        List<LawSample> samples = [.. LawSample.Of(rules.Blank, new RemoteRef("1", "Service"), StatusRules.Board, rules), .. LawSample.Of(rules.Blank, new RemoteRef("2", "Elsewhere"), there, rules)];

        var problem = Assert.Single(RuleLaws.Broken(book, rules, samples, new StatusRules.Preferences(StatusFlows.All, OwnerAssignment.Never), PlannedPair.Now));

        Assert.True(problem.Blocks);
        Assert.Contains("status \"W\"", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OwnerThatTheHubSets_CountsAsWritten()
    {
        var owned = new Book("N", "P", "owned", 'A', 'C');

        Assert.Empty(Broken(owned));
        Assert.Contains("owner", Assert.Single(Broken(owned, owner: OwnerAssignment.OnAcknowledge)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnyBook_IsBlockedExactlyWhenAnAcknowledgeOrCloseTurnsAnotherEventTrue() => FsCheck.Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(2_000),
        Prop.ForAll(Books.ToArbitrary(), book =>
        {
            bool Turns(string matches, char writes) => matches.Contains(writes) && "NPAW".Any(status => !matches.Contains(status));
            var expected = Turns(book.Close, book.OnAcknowledge)
                || (book.OnAcknowledge != 'C' && Turns(book.Raise, book.OnAcknowledge))
                || (book.OnClose != 'C' && Turns(book.Raise, book.OnClose));
            return expected == Broken(book).Any(problem => problem.Blocks);
        }));

    [Theory]
    [InlineData("C", "P", "C", "no ticket ever raises an alert")]
    [InlineData("W", "P", "CW", "no ticket ever raises an alert")]
    [InlineData("P", "P", "C", "the ticket acknowledges none before it has left")]
    [InlineData("N", "P", "PC", "no ticket ever acknowledges an alert")]
    public void EventThatNeverGetsItsTurn_IsWarnedAbout(string raise, string acknowledge, string close, string told)
    {
        var problem = Assert.Single(Overlaps(new Book(raise, acknowledge, close, 'A', 'C')));

        Assert.False(problem.Blocks);
        Assert.Contains(told, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EventsThatOverlapOnSomeTicketsOnly_AreFine()
    {
        Assert.Empty(Overlaps(new Book("N", "P", "C", 'A', 'C')));
        Assert.Empty(Overlaps(new Book("NPC", "PC", "C", 'A', 'C')));
        Assert.Empty(Overlaps(new Book("P", "P", "P", 'A', 'C'), StatusFlows.All & ~(StatusFlows.TicketCloses | StatusFlows.TicketAcknowledges)));
    }

    private static IReadOnlyList<RuleProblem> Overlaps(Book book, StatusFlows flows = StatusFlows.All)
    {
        var rules = new StatusRules();
        return RuleOverlaps.Find(book.ToRules(), rules, [.. LawSample.Of(rules.Blank, new RemoteRef("1", "Service"), StatusRules.Board, rules)], flows, PlannedPair.Now);
    }

    private static IReadOnlyList<RuleProblem> Broken(
        Book book, StatusFlows flows = StatusFlows.All, OwnerAssignment owner = OwnerAssignment.Never, IReadOnlyList<RemoteStatus>? statuses = null)
    {
        var rules = new StatusRules();
        var samples = LawSample.Of(rules.Blank, new RemoteRef("1", "Service"), statuses ?? StatusRules.Board, rules).ToList();
        return RuleLaws.Broken(book.ToRules(), rules, samples, new StatusRules.Preferences(flows, owner), PlannedPair.Now);
    }

    /// <summary>The statuses on which each event matches, and those that the actions set.</summary>
    private sealed record Book(string Raise, string Acknowledge, string Close, char OnAcknowledge, char OnClose)
    {
        public RuleBook ToRules() => new()
        {
            Inbound = [Event(InboundEventKind.Raise, Raise), Event(InboundEventKind.Acknowledge, Acknowledge), Event(InboundEventKind.Close, Close)],
            OnAcknowledge = [Set(OnAcknowledge)],
            OnClose = [Set(OnClose)],
            Problems = [],
            AgeWindow = TimeSpan.FromHours(360),
            Body = "",
        };

        private static InboundEvent Event(InboundEventKind kind, string statuses) => new($"{kind}", kind, $"{kind} rule", $"status is one of {statuses}");

        private static TicketAction Set(char status) => new(TicketFields.Status, new RemoteRef($"{status}", $"{status}"), "Write rule");
    }
}
