using Deskbridge.Connectors.ConnectWise.Psa.Rules;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace Deskbridge.Connectors.Tests.Psa.Rules;

public sealed class RulePropertyTests
{
    private const string Alphabet = " ()\"'[]=<>!*%/_,.\\0123456789abcdeAND \n\u00e9\ud83d";
    private static readonly string[] Words =
        ["and", "or", "not", "(", ")", "Ticket", "is", "in", "status", "Priority", "Signl4Status_c", "contains", "less", "than", "5", "hours", "\"", "summary", "=", "null", "[2026", "]"];

    private static readonly Arbitrary<RuleExpression> Expressions = RuleSamples.Expression.ToArbitrary();

    [Fact]
    public void Expression_PrintedAndRead_IsTheSame() =>
        Check(2_000, Prop.ForAll(Expressions, expression =>
            Equals(RuleText.Parse(RuleText.Print(expression), RuleSamples.Names).Expression, expression)));

    [Fact]
    public void Text_ReadPrintedAndReadAgain_IsTheSame() =>
        Check(2_000, Prop.ForAll(Mutated(), text => RuleText.Parse(text, RuleSamples.Names).Expression is not { } read
            || Equals(RuleText.Parse(RuleText.Print(read), RuleSamples.Names).Expression, read)));

    [Fact]
    public void AnyText_IsReadOrRefused() =>
        Check(2_000, Prop.ForAll(
            Gen.OneOf(
                Gen.ArrayOf(Gen.Elements<char>(Alphabet)).Select(letters => new string(letters)),
                Gen.ArrayOf(Gen.Elements(Words)).Select(words => string.Join(' ', words)),
                Mutated().Generator).ToArbitrary(),
            text => IsReadOrRefused(text, RuleSamples.Names) && IsReadOrRefused(text, RuleNames.None)));

    [Theory]
    [InlineData("Priority is a and ")]
    [InlineData("((((Ticket is closed) or ")]
    [InlineData("Summary contains \"a and ")]
    [InlineData("and ")]
    [InlineData("Ticket is in x status ")]
    public void LongText_OfRepeatedPieces_IsAnsweredAndNeverThrows(string piece)
    {
        var text = string.Concat(Enumerable.Repeat(piece, RuleText.LongestText / piece.Length));
        Assert.True(IsReadOrRefused(text, RuleNames.None));
        Assert.True(IsReadOrRefused(text, RuleSamples.Names));
    }

    [Fact]
    public void Evaluator_OnRandomPairs_AgreesWithTheNaiveOne() =>
        Check(10_000, Prop.ForAll(Expressions, RuleSamples.Ticket.ToArbitrary(), (expression, ticket) =>
            RuleText.Evaluate(expression, ticket.Facts, ticket.Markers, RuleSamples.Now).Holds
            == NaiveEvaluator.Holds(RuleText.Print(expression), ticket.Facts, ticket.Markers, RuleSamples.Now)));

    [Fact]
    public void Verdict_UntilItsChangeInstant_StaysAndThenTurns() =>
        Check(1_000, Prop.ForAll(Expressions, RuleSamples.Ticket.ToArbitrary(), (expression, ticket) =>
        {
            bool At(DateTimeOffset instant) => RuleText.Evaluate(expression, ticket.Facts, ticket.Markers, instant).Holds;
            var (holds, changesAt, _) = RuleText.Evaluate(expression, ticket.Facts, ticket.Markers, RuleSamples.Now);
            var end = changesAt ?? RuleSamples.Now.AddDays(40);
            var step = (end - RuleSamples.Now) / 50;
            var stays = Enumerable.Range(0, 50).All(i => At(RuleSamples.Now + (i * step)) == holds) && At(end.AddTicks(-1)) == holds;
            return stays && end > RuleSamples.Now && (changesAt is null || At(end) != holds);
        }));

    [Fact]
    public void Trace_HoldsEveryClauseInWrittenOrder() =>
        Check(500, Prop.ForAll(Expressions, RuleSamples.Ticket.ToArbitrary(), (expression, ticket) =>
            RuleText.Evaluate(expression, ticket.Facts, ticket.Markers, RuleSamples.Now).Trace.Select(result => result.Clause)
                .SequenceEqual(RuleText.Clauses(expression))));

    [Fact]
    public void Split_JoinedAgain_HoldsAsTheWhole() =>
        Check(1_000, Prop.ForAll(Expressions, RuleSamples.Ticket.ToArbitrary(), (expression, ticket) =>
        {
            bool Holds(RuleExpression? part) => RuleText.Evaluate(part, ticket.Facts, ticket.Markers, RuleSamples.Now).Holds;
            var parts = RuleParts.Split(expression, RuleSamples.Markers, 20);
            return Holds(expression) == (Holds(parts.TicketPart) && Holds(parts.FixedAge) && parts.MarkerClauses.All(Holds));
        }));

    private static Arbitrary<string> Mutated() =>
        (from text in RuleSamples.Expression.Select(RuleText.Print)
         from at in Gen.Choose(0, text.Length)
         from cut in Gen.Choose(0, 4)
         from word in Gen.Elements(Words)
         select text.Remove(at, Math.Min(cut, text.Length - at)).Insert(at, word)).ToArbitrary();

    private static bool IsReadOrRefused(string text, RuleNames names)
    {
        var parse = RuleText.Parse(text, names);
        return parse.Expression is null != parse.Unreadable is null && parse.Unreadable?.Message.Length != 0;
    }

    private static void Check(int runs, Property property) =>
        FsCheck.Check.One(Config.QuickThrowOnFailure.WithMaxTest(runs), property);
}
