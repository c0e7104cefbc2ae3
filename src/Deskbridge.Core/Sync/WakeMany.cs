using Deskbridge.Connectors;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Sync;

/// <summary>Wakes of many tickets at once.</summary>
internal static class WakeMany
{
    extension(HubDb db)
    {
        /// <summary>Wakes many tickets in the caller's transaction; the present wakes are loaded once instead of one by one. With <paramref name="wanted"/> a read older than that is not new enough for a ticket.</summary>
        public async Task WakeManyAsync(Guid connectionId, IReadOnlyCollection<string> remoteIds, DateTimeOffset dueAt, string reason, bool needsRead, CancellationToken cancel, Func<string, DateTimeOffset?>? wanted = null)
        {
            if (remoteIds.Count == 0) return;
            await db.Wakes.Where(wake => wake.ConnectionId == connectionId && wake.Type == RecordTypes.Ticket && remoteIds.Contains(wake.RemoteId)).LoadAsync(cancel);
            var present = db.Wakes.Local.Where(wake => wake.ConnectionId == connectionId).Select(wake => wake.RemoteId).ToHashSet(StringComparer.Ordinal);
            foreach (var id in remoteIds)
            {
                if (present.Contains(id))
                {
                    await db.WakeAsync(connectionId, RecordTypes.Ticket, id, dueAt, reason, needsRead, wanted?.Invoke(id), cancel);
                    continue;
                }

                db.Wakes.Add(new Wake { ConnectionId = connectionId, Type = RecordTypes.Ticket, RemoteId = id, Version = 1, DueAt = dueAt, Reasons = reason, NeedsRead = needsRead, WantedUpdatedAt = wanted?.Invoke(id) });
            }

            db.Hints.Add(WorkHint.Wakes);
        }
    }
}
