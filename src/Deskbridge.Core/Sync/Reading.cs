using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Sync;

/// <summary>A read that is about to begin: whatever it answers is the state of this instant or a later one, and of no fewer writes than were counted by now.</summary>
/// <param name="At">The instant, on the remote's clock.</param>
/// <param name="WriteCounter">The connection's write counter.</param>
internal sealed record Reading(DateTimeOffset At, long WriteCounter)
{
    /// <summary>Begins one: the request leaves after this.</summary>
    public static async Task<Reading> BeginAsync(HubStore store, LiveConnection live, CancellationToken cancel)
    {
        var counter = await store.ReadAsync(db => db.Connections.Where(c => c.Id == live.Id).Select(c => c.WriteCounter).SingleAsync(cancel), cancel);
        return new Reading(live.RemoteNow, counter);
    }

    /// <summary>A ticket that it answered.</summary>
    public Observation Of(RemoteTicket ticket) => new(ticket, At, WriteCounter);
}
