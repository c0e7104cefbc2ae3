using Deskbridge.Simulation.Checks;
using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Simulation.Scenarios;

/// <summary>Each rule of the engine, taken out, makes a named checker fail; with it the same story breaks nothing.</summary>
public sealed class SafetyTests
{
    private static readonly string[] Head = ["design", "rule", "without it the hub", "story", "checker that fails"];

    public static TheoryData<string, Vendor> Rules { get; } = [.. Safeties.All.SelectMany(safety => safety.Vendors.Select(vendor => (safety.Rule, vendor)))];

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Story_WithEveryRule_BreaksNothing(string rule, Vendor vendor)
    {
        var safety = Safeties.All.Single(safety => safety.Rule == rule);
        await using var scenario = await safety.Story(new(vendor));

        Assert.Empty(await scenario.EndAsync(safety.Polls));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Story_WithoutTheRule_MakesItsCheckerFail(string rule, Vendor vendor)
    {
        var safety = Safeties.All.Single(safety => safety.Rule == rule);
        await using var scenario = await safety.Story(new(vendor, safety.Without));

        await scenario.EndAsync(safety.Polls).BreaksAsync(safety.Checker);
    }

    [Fact]
    public void Safeties_NameRealCheckers() => Assert.Empty(Safeties.All.Select(safety => safety.Checker).Except(Invariants.Names));

    [Fact]
    public void Reliability_ShowsEverySafety()
    {
        var problem = GeneratedSection.Problem(
            "docs/reliability.md", "safeties",
            GeneratedSection.Table(Head, Safeties.All.Select(safety => (string[])[safety.Section, safety.Rule, safety.NoOp, safety.Scenario, safety.Checker])),
            typeof(SafetyTests));

        Assert.True(problem is null, problem);
    }
}
