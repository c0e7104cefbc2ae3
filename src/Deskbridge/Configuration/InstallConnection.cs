using Deskbridge.Core.Common;
using Deskbridge.Core.Connections.Runs;
using Deskbridge.Core.Connections;

namespace Deskbridge.Configuration;

/// <summary>Runs Test and then Install of a connection to their ends, as a person would by two buttons.</summary>
internal sealed class InstallConnection(ConnectionRuns runs)
{
    /// <summary>Answers the steps that failed, each with its fix.</summary>
    public async Task<Failure?> RunAsync(Guid connectionId, CancellationToken cancel) =>
        await RunAsync(connectionId, ConnectionRunKind.Test, cancel) ?? await RunAsync(connectionId, ConnectionRunKind.Install, cancel);

    private async Task<Failure?> RunAsync(Guid connectionId, ConnectionRunKind kind, CancellationToken cancel)
    {
        var started = await runs.StartAsync(connectionId, kind, ImportActor.Person, new RunRequest(), cancel);
        if (started.Failure is { } refused) return refused;
        await runs.WaitAsync(started.RunId!.Value, cancel);
        var view = (await runs.FindAsync(started.RunId.Value, cancel))!;
        if (view.Run.State == RunState.Succeeded) return null;
        var failed = view.Items.Where(item => item.Outcome == "failed").Select(item => $"{Environment.NewLine}      {item.Name}: {item.Message} {item.Fix}".TrimEnd());
        return new InstallFailed($"{kind} failed: {view.Run.Summary}{string.Concat(failed)}");
    }
}

internal sealed record InstallFailed(string What) : ConflictFailure($"{What}{Environment.NewLine}      Mend this and import the file again, or press Install on the connection's page.");
