using Deskbridge.Core.Data;

namespace Deskbridge.Core.Sync;

/// <summary>Notes that a record needs a look. Part of the caller's transaction.</summary>
internal static class WakeQueue
{
    extension(HubDb db)
    {
        /// <summary>Upserts the wake of one record: coalesces with one that is there, and raises its version so that a worker at work looks again. The earlier due instant wins; with <c>needsRead</c> the mirror does not suffice.</summary>
        public async Task WakeAsync(
            Guid connectionId,
            string type,
            string remoteId,
            DateTimeOffset dueAt,
            string reason,
            bool needsRead = false,
            DateTimeOffset? wantedUpdatedAt = null,
            CancellationToken cancel = default)
        {
            db.Hints.Add(WorkHint.Wakes);
            var wake = await db.Wakes.FindAsync([connectionId, type, remoteId], cancel);
            if (wake is null)
            {
                db.Wakes.Add(new Wake
                {
                    ConnectionId = connectionId,
                    Type = type,
                    RemoteId = remoteId,
                    Version = 1,
                    DueAt = dueAt,
                    Reasons = reason,
                    NeedsRead = needsRead,
                    WantedUpdatedAt = wantedUpdatedAt,
                });
                return;
            }

            wake.Version++;
            if (dueAt < wake.DueAt) wake.DueAt = dueAt;
            wake.NeedsRead |= needsRead;
            if (wantedUpdatedAt > (wake.WantedUpdatedAt ?? DateTimeOffset.MinValue)) wake.WantedUpdatedAt = wantedUpdatedAt;
            if (!wake.Reasons.Split(", ").Contains(reason)) wake.Reasons += ", " + reason;
        }
    }
}
