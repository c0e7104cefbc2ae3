using Deskbridge.Connectors;
using Deskbridge.Core.Connections.Rights;

namespace Deskbridge.Core.Connections.Runs;

/// <summary>Every check of the Test button.</summary>
internal sealed class RunTest(ConnectorPool pool, RightsBook rights) : IRun
{
    public ConnectionRunKind Kind => ConnectionRunKind.Test;

    public async Task<RunResult> RunAsync(RunScope run, CancellationToken cancel)
    {
        var live = await pool.FindInAnyStateAsync(run.ConnectionId, cancel) ?? throw new ConnectorNotFoundException("The connection was removed.");
        var report = await live.Connector.TestAsync(cancel);
        if (report.Rights is { } found) await rights.KeepAsync(run.ConnectionId, found, goOn: true, cancel);
        if (live.Connector.ClockOffset is { } ahead) report = report with { Checks = [.. report.Checks, ClockDifference.Check(ahead)] };
        await run.SetTotalAsync(report.Checks.Count, cancel);
        foreach (var check in report.Checks)
        {
            await run.AddAsync(check.Name, check.Outcome.ToString().ToLowerInvariant(), check.Message, check.Fix, cancel);
        }

        var failed = report.Checks.Count(check => check.Outcome == ProbeOutcome.Failed);
        var warnings = report.Checks.Count(check => check.Outcome == ProbeOutcome.Warning);
        return new RunResult(report.Passed, (failed, warnings) switch
        {
            (0, 0) => $"All {report.Checks.Count} checks passed.",
            (0, _) => $"{report.Checks.Count - warnings} checks passed, {warnings} with a warning.",
            _ => $"{failed} of {report.Checks.Count} checks failed.",
        });
    }
}
