using Deskbridge.Connectors;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Connections.Runs;

/// <summary>Reads everything inside the age window again, and every linked ticket, with its details where somebody works on it.</summary>
internal sealed class RunSync(ConnectorPool pool, TicketPoller poller, ITicketAttachment attachment, HubStore store, TimeProvider clock) : IRun
{
    public ConnectionRunKind Kind => ConnectionRunKind.Sync;

    public async Task<RunResult> RunAsync(RunScope run, CancellationToken cancel)
    {
        var live = await pool.FindAsync(run.ConnectionId, cancel) ?? throw new ConnectorConflictException("The connection is not active any more. Resume or install it, then synchronise.");
        var since = live.RemoteNow - (live.Rules?.AgeWindow ?? RuleBook.UsualAgeWindow);
        var linked = await store.WriteAsync(
            async db =>
            {
                if (await db.Cursors.FindAsync([live.Id, TicketPoller.Stream], cancel) is { } cursor && cursor.MarkTime > since) cursor.MarkTime = since;
                var ids = await db.Links
                    .Where(link => link.ConnectionId == live.Id && link.Type == RecordTypes.Ticket && link.State != LinkState.Tombstoned)
                    .Select(link => link.RemoteId)
                    .ToListAsync(cancel);
                await db.WakeManyAsync(live.Id, ids, clock.GetUtcNow(), "sync now", needsRead: true, cancel);
                if (live.ReadsDetails) await attachment.WantDetailsAsync(db, live.Id, cancel);
                return ids.Count;
            },
            cancel);
        await run.AddAsync("Linked tickets", "passed", $"{linked} linked tickets are read again.", null, cancel);
        var changed = await poller.PollAsync(live.Id, cancel);
        if (changed is null) return new RunResult(false, "The changed tickets could not be read now; the health page says why. They are read at the next poll.");
        await run.AddAsync("Changed tickets", "passed", $"Read since {since:yyyy-MM-dd HH:mm} UTC by the remote's clock; {changed} differed from what was known.", null, cancel);
        return new RunResult(true, $"{linked} linked tickets are read again; {changed} tickets differed from what was known.");
    }
}
