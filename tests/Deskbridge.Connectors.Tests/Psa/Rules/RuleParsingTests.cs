using Deskbridge.Connectors.ConnectWise.Psa.Rules;
using Xunit;

namespace Deskbridge.Connectors.Tests.Psa.Rules;

public sealed class RuleParsingTests
{
    [Theory]
    [InlineData("Signl4Retrieved_c is false and Ticket is in New (not responded) status and Ticket Actual Age is less than 360 hours")]
    [InlineData("Ticket Actual Age is less than 360 hours and Ticket is in New (not responded) status")]
    [InlineData("Signl4Retrieved_c is true and Ticket Actual Age is less than 360 hours")]
    [InlineData("Ticket is in Closed (resolved) status and Ticket Actual Age is less than 360 hours and Signl4Retrieved_c is true and not Signl4Status_c contains Resolved")]
    [InlineData("Ticket is in In Progress (plan of action) status and Ticket Actual Age is less than 360 hours and Signl4Retrieved_c is true and not Signl4Status_c contains Acknowledged")]
    [InlineData("Signl4Status_c contains Acknowledged")]
    [InlineData("Signl4Retrieved_c is false and Ticket is in New (not responded) status and Ticket is not currently assigned and Ticket Actual Age is more than 4 hours and Priority is Priority 1 - Emergency Response")]
    [InlineData("Ticket is in In Progress (plan of action) status and Ticket has been assigned and Ticket has been responded to")]
    [InlineData("(Ticket is closed or Priority is Low (minor)) and not (Board is Service Desk or Summary contains disk)")]
    [InlineData("status/name = \"New (not responded)\" and board/id in (1, 2) or not priority/name like \"Priority 1*\"")]
    public void Condition_OfTheVendorsScreens_PrintsAsItWasWritten(string text)
    {
        Assert.Equal(text, RuleText.Print(Read(text, RuleNames.None)));
        Assert.Equal(text, RuleText.Print(Read(text, RuleSamples.Names)));
    }

    [Theory]
    [InlineData("  TICKET is  CLOSED AND NOT(ticket HAS been assigned)", "Ticket is closed and not Ticket has been assigned")]
    [InlineData("((Ticket is closed))", "Ticket is closed")]
    [InlineData("board/id=5 AND Summary Not Contains 'Low Priority'", "board/id = 5 and Summary not contains \"Low Priority\"")]
    [InlineData("lastUpdated>[2026-01-10 08:30:00.5+01:00]", "lastUpdated > [2026-01-10T07:30:00.5Z]")]
    [InlineData("(Ticket is closed and Ticket has been assigned) or Ticket is not closed", "Ticket is closed and Ticket has been assigned or Ticket is not closed")]
    [InlineData("summary contains'Low Priority'", "Summary contains Low Priority")]
    [InlineData("Summary contains \"health and safety\"", "Summary contains \"health and safety\"")]
    public void Condition_WrittenLoosely_PrintsCanonically(string text, string canonical) =>
        Assert.Equal(canonical, RuleText.Print(Read(text, RuleNames.None)));

    [Fact]
    public void And_BesideOr_BindsTighter()
    {
        var or = Assert.IsType<RuleOr>(Read("Ticket is closed or Ticket is not closed and Ticket has been assigned", RuleNames.None));
        Assert.IsType<RuleAnd>(or.Right);
    }

    [Fact]
    public void ListedName_HoldingAJoiningWord_IsOneName()
    {
        var and = Assert.IsType<RuleAnd>(Read("Ticket is in Waiting and watching status and Priority is Fire and forget (low)", RuleSamples.Names));
        Assert.Equal("Waiting and watching", Assert.IsType<TriggerClause>(and.Left).Value);
        Assert.Equal("Fire and forget (low)", Assert.IsType<TriggerClause>(and.Right).Value);
    }

    [Fact]
    public void ListedName_EndingInTheWordStatus_IsReadWhole() =>
        Assert.Equal("Pending status", Assert.IsType<TriggerClause>(Read("Ticket is in Pending status status", RuleSamples.Names)).Value);

    [Fact]
    public void UnlistedNames_WithoutACatalogue_AreTheShortestThatReadTheWholeText()
    {
        var and = Assert.IsType<RuleAnd>(Read("Priority is Hot and bothered and Ticket is closed", RuleNames.None));
        Assert.Equal("Hot and bothered", Assert.IsType<TriggerClause>(and.Left).Value);
    }

    [Fact]
    public void Caption_WithBlanksAndAJoiningWord_IsReadWhenListed() =>
        Assert.Equal("Tom and Number", Assert.IsType<TriggerClause>(Read("not Tom and Number is 5 (five)", RuleSamples.Names) is RuleNot not ? not.Operand : null).Field);

    [Theory]
    [InlineData("Ticket is in New (not responded) status and Ticket is frobnicated or Ticket is closed", "Ticket is frobnicated", 44)]
    [InlineData("Signl4Status_c contains Acknowledged and Frobnicate", "Frobnicate", 41)]
    [InlineData("Priority is Priority 1 - Emergency Response and Gloves are on", "Gloves are on", 48)]
    [InlineData("status/nam = \"New\"", "status/nam = \"New\"", 0)]
    [InlineData("Ticket is closed and", "", 20)]
    [InlineData("Ticket Actual Age is less than many hours", "Ticket Actual Age is less than many hours", 0)]
    public void Clause_ThatIsUnknown_IsRefusedWithItsTextAndPlace(string text, string clause, int position)
    {
        var refused = RuleText.Parse(text, RuleSamples.Names);
        Assert.Null(refused.Expression);
        Assert.Equal((clause, position), (refused.Unreadable!.Text, refused.Unreadable.Position));
        Assert.Contains(clause, refused.Unreadable.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Ticket has been asigned", "It could have meant: Ticket has been assigned; ")]
    [InlineData("Priorty is High", "It could have meant: Priority is {priority}; Priority is not {priority}; {custom field} is {text}.")]
    [InlineData("Board contains Desk", "It could have meant: Board is {board}; Board is not {board}; {custom field} contains {text}.")]
    [InlineData("Ticket Age is less than 4 hours", "It could have meant: Ticket Actual Age is less than {number} hours; Ticket Actual Age is more than {number} hours; Ticket Actual Age is less than {number} minutes.")]
    [InlineData("Vip is true", "It could have meant: {custom field} is true; {custom field} is {text}.")]
    [InlineData("Gloves are on", "No clause that is known is like it; the rule editor lists them.")]
    public void Refusal_OfAnUnknownClause_NamesThePatternsThatAreLikeIt(string clause, string guess) =>
        Assert.Contains(guess, RuleText.Parse(clause, RuleNames.None).Unreadable!.Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("", "empty")]
    [InlineData("(Ticket is closed", "never closed")]
    [InlineData("Ticket is closed)", "closes no bracket")]
    public void Condition_ThatIsMalformed_IsRefusedSayingWhy(string text, string why) =>
        Assert.Contains(why, RuleText.Parse(text, RuleNames.None).Unreadable!.Message, StringComparison.Ordinal);

    [Fact]
    public void Condition_BeyondTheLimits_IsRefused()
    {
        Assert.Contains("10001", RuleText.Parse(new string('x', 10_001), RuleNames.None).Unreadable!.Message, StringComparison.Ordinal);
        var deep = new string('(', 65) + "Ticket is closed" + new string(')', 65);
        Assert.Contains("nested deeper", RuleText.Parse(deep, RuleNames.None).Unreadable!.Message, StringComparison.Ordinal);
        Assert.NotNull(RuleText.Parse(deep[1..^1], RuleNames.None).Expression);
        Assert.Contains("nested deeper", RuleText.Parse(string.Concat(Enumerable.Repeat("not ", 65)) + "Ticket is closed", RuleNames.None).Unreadable!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_ThatTheInstanceDoesNotHave_AreListed()
    {
        var missing = RuleSamples.Names.Missing(Read("Ticket is in Gone status and Other_c is true and Region_c is North and Board is Any", RuleSamples.Names));
        Assert.Equal("Ticket is in Gone status; Other_c is true", string.Join("; ", missing.Select(RuleText.Print)));
    }

    private static RuleExpression Read(string text, RuleNames names)
    {
        var parse = RuleText.Parse(text, names);
        Assert.True(parse.Expression is not null, parse.Unreadable?.Message);
        return parse.Expression;
    }
}
