using System.Diagnostics;
using System.Globalization;
using Deskbridge.Core.Common;

namespace Deskbridge;

/// <summary>
/// For the kill tests: <c>DESKBRIDGE_FAILPOINT=name[:hit]</c> makes this process end itself as <c>kill -9</c> does, at that pass of a named
/// place: nothing is flushed, no <c>finally</c> runs, nobody is told. Without the variable nothing ever happens.
/// </summary>
internal static class CrashAt
{
    public const string Variable = "DESKBRIDGE_FAILPOINT";

    /// <summary>The failpoints of this process.</summary>
    /// <exception cref="StartRefusedException">The variable names no such place.</exception>
    public static Failpoints FromEnvironment() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } wanted ? Parse(wanted) : Failpoints.None;

    private static Failpoints Parse(string wanted)
    {
        var parts = wanted.Split(':');
        var hit = 1;
        if (!Failpoints.Names.Concat(Failpoints.OfCommands).Contains(parts[0], StringComparer.Ordinal) || parts.Length > 2
            || (parts.Length == 2 && (!int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out hit) || hit < 1)))
        {
            throw new StartRefusedException(
                $"{Variable} is '{wanted}'. It takes name[:hit], the hit from 1, and ends the hub there; the names are {string.Join(", ", Failpoints.Names)}. Remove the variable for normal use.");
        }

        var passes = 0;
        return new Failpoints(name =>
        {
            if (name == parts[0] && Interlocked.Increment(ref passes) == hit) Die(wanted);
        });
    }

    /// <summary>Process.Kill sends SIGKILL; the thread waits so that not one more instruction of the hub runs before it arrives.</summary>
    private static void Die(string wanted)
    {
        Console.Error.WriteLine($"Failpoint {wanted} reached: this process kills itself.");
        using var self = Process.GetCurrentProcess();
        self.Kill();
        using var never = new ManualResetEvent(initialState: false);
        never.WaitOne();
    }
}
