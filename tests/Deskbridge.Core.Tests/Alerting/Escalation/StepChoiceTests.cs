using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting.Escalation;

public sealed class StepChoiceTests
{
    [Theory]
    [InlineData("SSS", 1, 2, false, "Run 1.2 passed ")]
    [InlineData("SNS", 1, 2, true, "Run 1.3 passed 1.2")]
    [InlineData("SNN", 1, 2, true, "Rest 2.1 passed 1.2 1.3")]
    [InlineData("SNN", 1, 2, false, "Run 2.1 passed 1.2 1.3")]
    [InlineData("NNN", 1, 1, false, "Nobody 1.1 passed 1.1 1.2 1.3")]
    [InlineData("NPN", 2, 1, false, "Spent 2.1 passed 2.1 2.3")]
    [InlineData("PSP", 2, 1, false, "Run 2.2 passed ")]
    public async Task Step_WithoutAnybody_IsPassedOver(string reach, int round, int step, bool begun, string expected)
    {
        var choice = await StepChoice.FindAsync(Chain(reach.Length), new ChainPosition(round, step), begun, number => Task.FromResult(Read(reach[number - 1])));

        Assert.Equal(expected, $"{choice.Outcome} {choice.At.Round}.{choice.At.Step} passed {string.Join(' ', choice.Passed.Select(at => $"{at.Round}.{at.Step}"))}");
    }

    /// <summary>However people come and go: in a round each step runs at most once and in its order, and a round in which nobody can be paged is never taken for one that paged.</summary>
    [Fact]
    public async Task Steps_OfAnyChain_RunAtMostOnceInARound_AndInTheirOrder() => await Fuzz.RunAsync(random =>
    {
        var chain = Chain(random.Next(1, 11));
        var ran = new List<ChainPosition>();
        var at = new ChainPosition(1, random.Next(1, chain.Steps.Count + 1));
        for (var due = 0; due < 60; due++)
        {
            var reach = chain.Steps.Select(_ => (StepReach)random.Next(3)).ToList();
            var choice = StepChoice.FindAsync(chain, at, ran.Exists(one => one.Round == at.Round), number => Task.FromResult(reach[number - 1])).GetAwaiter().GetResult();
            Assert.Equal(choice.Passed.Distinct(), choice.Passed);
            Assert.DoesNotContain(choice.Passed, one => reach[one.Step - 1] != StepReach.Nobody);
            if (choice.Outcome == StepOutcome.Run)
            {
                Assert.Equal(StepReach.Somebody, reach[choice.At.Step - 1]);
                Assert.True(ran.Count == 0 || Order(choice.At) > Order(ran[^1]), $"{choice.At} after {ran.LastOrDefault()}");
                ran.Add(choice.At);
                at = chain.After(choice.At);
            }
            else if (choice.Outcome == StepOutcome.Rest) at = choice.At;
            else
            {
                Assert.DoesNotContain(StepReach.Somebody, reach);
                at = new ChainPosition(at.Round, 1);
            }
        }

        Assert.Equal(ran.Distinct(), ran);
    });

    private static int Order(ChainPosition at) => (at.Round * 100) + at.Step;

    private static EscalationChain Chain(int steps) => new([.. Enumerable.Range(0, steps).Select(index => ChainStep.Of(StepAudience.Duty, index))]);

    private static StepReach Read(char c) => c switch { 'S' => StepReach.Somebody, 'P' => StepReach.Spent, _ => StepReach.Nobody };
}
