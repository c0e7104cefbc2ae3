using Deskbridge.Connectors;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Sync;

/// <summary>Lets writes go on that were refused or given up. Part of the caller's transaction.</summary>
internal static class RefusedWrites
{
    extension(HubDb db)
    {
        /// <summary>Those that were refused for want of a right which is there now. Answers how many.</summary>
        public async Task<int> GoOnForRightAsync(Guid connectionId, DateTimeOffset now, CancellationToken cancel)
        {
            var refused = await db.Effects.Where(row => row.ConnectionId == connectionId && row.State == EffectState.Rejected && row.ForRight).OrderBy(row => row.Seq).ToListAsync(cancel);
            foreach (var row in refused) await db.GoOnAsync(row, "right returned", now, cancel);
            return refused.Count;
        }

        /// <summary>
        /// Notes, schedule entries and a status that a person chose are sent as they are, for a refusal had no effect; one that was given up while in doubt is looked for
        /// first. Other fields are planned anew, and the refused write is over: what somebody changed meanwhile, and what the alert became, counts.
        /// </summary>
        public async Task GoOnAsync(Effect row, string reason, DateTimeOffset now, CancellationToken cancel)
        {
            row.ForRight = false;
            if (row.Kind is EffectKind.Transition or EffectKind.Field && !row.IsChoice)
            {
                if (await db.Links.FindAsync([row.LinkId], cancel) is { } link) (link.PlanAgain, link.Supersedes) = (true, 0);
                db.Settle(row, EffectState.Superseded, $"Planned anew: {reason}. It had been refused: {row.Error}", now);
                await db.WakeAsync(row.ConnectionId, RecordTypes.Ticket, row.RemoteId, now, reason, needsRead: true, cancel: cancel);
                return;
            }

            if (row.State == EffectState.Dead && row.SentAt is not null) row.PutInDoubt(now);
            else (row.State, row.NotBefore, row.LeaseUntil) = (EffectState.Pending, now, null);
            row.SettledAt = null;
            db.Hints.Add(WorkHint.Effects);
        }
    }
}
