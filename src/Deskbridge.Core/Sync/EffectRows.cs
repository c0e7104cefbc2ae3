using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Sync;

/// <summary>The rows that a state change of an effect touches. Part of the caller's transaction.</summary>
internal static class EffectRows
{
    extension(HubDb db)
    {
        /// <summary>Tracks what the changes of many effects touch, so that each finds it without asking.</summary>
        public async Task TrackEffectsAsync(IReadOnlyList<Effect> effects, CancellationToken cancel)
        {
            var ids = effects.Select(e => e.Id).ToList();
            var linkIds = effects.Select(e => e.LinkId).Distinct().ToList();
            var connectionIds = effects.Select(e => e.ConnectionId).Distinct().ToList();
            await db.Effects.Where(e => ids.Contains(e.Id)).LoadAsync(cancel);
            await db.Links.Where(l => linkIds.Contains(l.Id)).LoadAsync(cancel);
            await db.Connections.Where(c => connectionIds.Contains(c.Id)).LoadAsync(cancel);
        }

        /// <summary>The effect's row while the claim holds; null when another sender has it or it is settled.</summary>
        public async Task<Effect?> HeldAsync(Effect claimed, CancellationToken cancel) =>
            await db.Effects.FindAsync([claimed.Id], cancel) is { State: EffectState.Claimed or EffectState.Sent } row && row.Epoch == claimed.Epoch ? row : null;

        /// <summary>The effect's link.</summary>
        public async Task<Link> LinkOfAsync(Effect row, CancellationToken cancel) =>
            await db.Links.FindAsync([row.LinkId], cancel) ?? throw new InvalidOperationException($"Effect {row.Id} has no link.");

        /// <summary>The effect's connection.</summary>
        public async Task<Connection> ConnectionOfAsync(Effect row, CancellationToken cancel) =>
            await db.Connections.FindAsync([row.ConnectionId], cancel) ?? throw new InvalidOperationException($"Effect {row.Id} has no connection.");

        /// <summary>Raises the connection's write counter and stamps the link with it (engine.md §8).</summary>
        public async Task<Connection> RaiseWriteMarkAsync(Effect row, CancellationToken cancel)
        {
            var connection = await db.ConnectionOfAsync(row, cancel);
            (await db.LinkOfAsync(row, cancel)).WriteMark = ++connection.WriteCounter;
            return connection;
        }

        /// <summary>The details of its ticket are read anew: a document may be added without its ticket being changed.</summary>
        public async Task WantDetailsAsync(Effect row, CancellationToken cancel)
        {
            var link = await db.LinkOfAsync(row, cancel);
            if (await db.Tickets.FindAsync([link.TicketId], cancel) is not { } ticket) return;
            ticket.DetailsWanted = true;
            db.Hints.Add(WorkHint.Details);
        }

        /// <summary>Edits of notes on its link that are not settled, this one among them, in order.</summary>
        public Task<List<Effect>> UnsettledEditsAsync(Effect row, CancellationToken cancel) =>
            db.Effects.Where(e => e.LinkId == row.LinkId && e.Kind == EffectKind.NoteEdit && EffectStates.Unsettled.Contains(e.State)).OrderBy(e => e.Seq).ToListAsync(cancel);

        /// <summary>Brings an effect into its last state.</summary>
        public void Settle(Effect row, EffectState state, string? why, DateTimeOffset now)
        {
            row.State = state;
            row.Error = why;
            row.LeaseUntil = null;
            row.SettledAt = now;
            db.CountEffect(row);
        }

        /// <summary>Counts the state that an effect has just reached.</summary>
        public void CountEffect(Effect row)
        {
            var (connection, kind, state) = (row.ConnectionId, row.Kind.ToString().ToLowerInvariant(), row.State.ToString().ToLowerInvariant());
            db.Counts.Add(metrics => metrics.Effect(connection, kind, state));
        }
    }
}
