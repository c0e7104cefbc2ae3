using System.Runtime.CompilerServices;
using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Doctor;

/// <summary>The Test of every connection that is in use, and what their answers say about this machine's clock.</summary>
internal static class ConnectionChecks
{
    private const int CallsPerMinute = 300;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static async IAsyncEnumerable<Finding> RunAsync(IServiceProvider services, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (rows, installed) = await services.GetRequiredService<HubStore>().ReadAsync(
            async db => (
                await db.Connections.Where(c => c.State != ConnectionState.Removed).OrderBy(c => c.Name).ToListAsync(cancel),
                (await db.InstalledObjects.Where(o => o.RemoteId != "").ToListAsync(cancel)).ToLookup(o => o.ConnectionId)),
            cancel);
        if (rows.Count == 0) yield return Finding.Warning("Connections", "Any", "There is no connection: nothing can page anybody.", "Add one on the page Connections.");
        foreach (var row in rows)
        {
            var roles = installed[row.Id].ToDictionary(o => o.Role, o => o.RemoteId, StringComparer.Ordinal);
            foreach (var finding in await TestAsync(services, row, roles, clock, cancel)) yield return finding;
        }
    }

    private static async Task<IReadOnlyList<Finding>> TestAsync(
        IServiceProvider services, Connection row, Dictionary<string, string> installed, TimeProvider clock, CancellationToken cancel)
    {
        var area = $"Connection {row.Name}";
        if (row.State == ConnectionState.Disabled) return [Finding.Well(area, "State", "Switched off, so not tested.")];
        if (services.GetRequiredService<ConnectorCatalog>().Find(row.Kind) is not { } type)
            return [Finding.Failed(area, "Connector", $"This version of Deskbridge has no connector '{row.Kind}'.", "Run a version that has it, or remove the connection.")];
        try
        {
            var options = services.GetRequiredService<StoredSettings>().Read(row, type);
            using var budget = new CallBudget(CallsPerMinute, clock);
            using var connector = type.Create(new ConnectorContext(row.Id, options, installed, clock, budget));
            using var time = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            time.CancelAfter(Patience);
            var report = await connector.TestAsync(time.Token);
            return [.. report.Checks.Concat(connector.ClockOffset is { } ahead ? [ClockDifference.Check(ahead)] : []).Select(check => Of(area, row, check))];
        }
        catch (InvalidOperationException lost)
        {
            return [Finding.Failed(area, "Test", $"Not tested: {lost.Message}", "See Encryption keys above.")];
        }
        catch (ConnectorException failure)
        {
            return [Finding.Failed(area, "Test", failure.Message, "Mend what the message names, then press Test on the connection's page.")];
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return [Finding.Failed(area, "Test", $"The checks did not end within {Patience.TotalSeconds:0} seconds.", "See whether the remote system is slow or a firewall swallows the calls.")];
        }
    }

    /// <summary>A draft works for nobody yet, so what it lacks is no failure of the hub.</summary>
    private static Finding Of(string area, Connection row, ProbeCheck check) => new(
        area,
        check.Name,
        check.Outcome switch
        {
            ProbeOutcome.Passed => Outcome.Well,
            ProbeOutcome.Failed when row.State != ConnectionState.Draft => Outcome.Failed,
            _ => Outcome.Warning,
        },
        check.Message,
        check.Fix);
}
