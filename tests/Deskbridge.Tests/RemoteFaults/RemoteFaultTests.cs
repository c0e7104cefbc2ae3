using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Tests.RemoteFaults;

/// <summary>Each kind of fault of a remote system: what people see of it, and that nothing is lost or doubled in the end. Real HTTP and real time, so each lane is a class of its own and they run side by side.</summary>
public sealed class RemoteFaultTests
{
    private static readonly string[] Head = ["fault", "with", "while", "seen", "what happens next"];

    [Fact]
    public void Faults_AreAtLeastTwentyKinds() => Assert.InRange(FaultMatrix.All.Select(fault => fault.Fault).Distinct().Count(), 20, int.MaxValue);

    [Fact]
    public void Reliability_ShowsEveryFault()
    {
        var rows = FaultMatrix.All.Select(fault => (string[])[fault.Fault, fault.Vendors.Count == 2 ? "both" : $"{fault.Vendors[0]}", WordsOf(fault.Work), string.Join("; ", fault.Signs), fault.Next]);

        var problem = GeneratedSection.Problem("docs/reliability.md", "faults", GeneratedSection.Table(Head, rows), typeof(RemoteFaultTests));

        Assert.True(problem is null, problem);
    }

    /// <summary>The faults of a lane, each with each system that it is tried with.</summary>
    internal static TheoryData<string, Vendor> Cases(IReadOnlyList<RemoteFault> faults) => [.. faults.SelectMany(fault => fault.Vendors.Select(vendor => (fault.Fault, vendor)))];

    private static string WordsOf(Work work) => work switch
    {
        Work.NewTicket => "a ticket comes",
        Work.Acknowledge => "an alert is acknowledged",
        _ => "a note is added",
    };
}

public sealed class ReadingFaultTests(FaultWorlds worlds) : IClassFixture<FaultWorlds>
{
    public static TheoryData<string, Vendor> Faults { get; } = RemoteFaultTests.Cases(FaultMatrix.Reading);

    [Theory]
    [MemberData(nameof(Faults))]
    public Task Reading_Fails_IsSeenAndLosesNothing(string fault, Vendor vendor) => worlds.RunAsync(FaultMatrix.Reading, fault, vendor);
}

public sealed class CallbackFaultTests(FaultWorlds worlds) : IClassFixture<FaultWorlds>
{
    public static TheoryData<string, Vendor> Faults { get; } = RemoteFaultTests.Cases(FaultMatrix.Callbacks);

    [Theory]
    [MemberData(nameof(Faults))]
    public Task Callbacks_Fail_IsSeenAndLosesNothing(string fault, Vendor vendor) => worlds.RunAsync(FaultMatrix.Callbacks, fault, vendor);
}

public sealed class WritingFaultTests(FaultWorlds worlds) : IClassFixture<FaultWorlds>
{
    public static TheoryData<string, Vendor> Faults { get; } = RemoteFaultTests.Cases(FaultMatrix.Writing);

    [Theory]
    [MemberData(nameof(Faults))]
    public Task Writing_Fails_IsSeenAndLosesNothing(string fault, Vendor vendor) => worlds.RunAsync(FaultMatrix.Writing, fault, vendor);
}

public sealed class ChildFaultTests(FaultWorlds worlds) : IClassFixture<FaultWorlds>
{
    public static TheoryData<string, Vendor> Faults { get; } = RemoteFaultTests.Cases(FaultMatrix.Children);

    [Theory]
    [MemberData(nameof(Faults))]
    public Task NotesAndPages_Fail_IsSeenAndLosesNothing(string fault, Vendor vendor) => worlds.RunAsync(FaultMatrix.Children, fault, vendor);
}
