using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Planning;

/// <summary>
/// Raises the tickets that matched already when the connection was installed and were passed over (engine.md §6.11). Their
/// base verdict is set to "did not match", so that the next look sees the edge; closed ones still raise nothing.
/// </summary>
internal sealed class RaiseHeldTickets(HubStore store, TimeProvider clock)
{
    /// <summary>How many tickets are held back.</summary>
    public Task<int> CountAsync(Guid connectionId, CancellationToken cancel) =>
        store.ReadAsync(async db => (await HeldAsync(db, connectionId, cancel)).Count, cancel);

    /// <summary>Raises them. Answers how many were woken; running it again does nothing.</summary>
    public async Task<Result<int>> RunAsync(Guid connectionId, Person by, CancellationToken cancel)
    {
        if (by.Role != PersonRole.Admin) return new OnlyAdministrators();
        return await store.WriteAsync<Result<int>>(
            async db =>
            {
                var now = clock.GetUtcNow();
                var held = await HeldAsync(db, connectionId, cancel);
                foreach (var link in held)
                {
                    var known = Json.Read<LinkBase>(link.Base);
                    var verdicts = known.Verdicts.ToDictionary(verdict => verdict.Key, verdict => verdict.Value && !LinkBase.IsOf(InboundEventKind.Raise, verdict.Key));
                    link.Base = Json.Write(known with { Verdicts = verdicts });
                    link.Version++;
                    await db.WakeAsync(connectionId, RecordTypes.Ticket, link.RemoteId, now, "raise asked for", cancel: cancel);
                }

                db.LogConnectionEvent(connectionId, "install", null, $"{by.Name} asked to raise {held.Count} tickets that matched before the install.", null, null, now);
                return held.Count;
            },
            cancel);
    }

    private static async Task<List<Link>> HeldAsync(HubDb db, Guid connectionId, CancellationToken cancel)
    {
        var candidates = await db.Links.Where(l => l.ConnectionId == connectionId && l.State == LinkState.Candidate).ToListAsync(cancel);
        return [.. candidates.Where(l => Json.Read<LinkBase>(l.Base) is var known
            && known.Verdict(InboundEventKind.Raise) == true
            && known.Fields.GetValueOrDefault(TicketFields.Closed) != "true")];
    }
}
