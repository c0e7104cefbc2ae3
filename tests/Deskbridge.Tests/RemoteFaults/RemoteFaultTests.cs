using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Tests.RemoteFaults;

/// <summary>Each kind of fault of a remote system: what people see of it, and that nothing is lost or doubled in the end. Real HTTP and real time, so each lane is a class of its own and they run side by side.</summary>
public sealed class RemoteFaultTests
{
    private static readonly string[] Head = ["fault", "while", "seen", "what happens next"];

    [Fact]
    public void Faults_AreAtLeastTwentyKinds() => Assert.InRange(FaultMatrix.All.Select(fault => fault.Fault).Distinct().Count(), 20, int.MaxValue);

    [Fact]
    public void Reliability_ShowsEveryFault()
    {
        var rows = FaultMatrix.All.Select(fault => (string[])[fault.Fault, WordsOf(fault.Work), string.Join("; ", fault.Signs), fault.Next]);

        var problem = GeneratedSection.Problem("docs/reliability.md", "faults", GeneratedSection.Table(Head, rows), typeof(RemoteFaultTests));

        Assert.True(problem is null, problem);
    }

    /// <summary>The whole course of one fault.</summary>
    internal static async Task RunAsync(IReadOnlyList<RemoteFault> faults, string name)
    {
        var fault = faults.Single(fault => fault.Fault == name);
        await using var world = await FaultWorld.StartAsync();
        await world.PrepareAsync(fault.Work);
        await fault.Strike(world);
        await world.DoAsync(fault.Work);
        foreach (var sign in fault.Signs) await world.SeeAsync(sign);
        await world.HealAsync();
        await world.EndsWellAsync(fault);
    }

    private static string WordsOf(Work work) => work switch
    {
        Work.NewTicket => "a ticket comes",
        Work.Acknowledge => "an alert is acknowledged",
        _ => "a note is added",
    };
}

public sealed class ReadingFaultTests
{
    public static TheoryData<string> Faults { get; } = [.. FaultMatrix.Reading.Select(fault => fault.Fault)];

    [Theory]
    [MemberData(nameof(Faults))]
    public Task Reading_Fails_IsSeenAndLosesNothing(string fault) => RemoteFaultTests.RunAsync(FaultMatrix.Reading, fault);
}

public sealed class CallbackFaultTests
{
    public static TheoryData<string> Faults { get; } = [.. FaultMatrix.Callbacks.Select(fault => fault.Fault)];

    [Theory]
    [MemberData(nameof(Faults))]
    public Task Callbacks_Fail_IsSeenAndLosesNothing(string fault) => RemoteFaultTests.RunAsync(FaultMatrix.Callbacks, fault);
}

public sealed class WritingFaultTests
{
    public static TheoryData<string> Faults { get; } = [.. FaultMatrix.Writing.Select(fault => fault.Fault)];

    [Theory]
    [MemberData(nameof(Faults))]
    public Task Writing_Fails_IsSeenAndLosesNothing(string fault) => RemoteFaultTests.RunAsync(FaultMatrix.Writing, fault);
}

public sealed class ChildFaultTests
{
    public static TheoryData<string> Faults { get; } = [.. FaultMatrix.Children.Select(fault => fault.Fault)];

    [Theory]
    [MemberData(nameof(Faults))]
    public Task NotesAndPages_Fail_IsSeenAndLosesNothing(string fault) => RemoteFaultTests.RunAsync(FaultMatrix.Children, fault);
}
