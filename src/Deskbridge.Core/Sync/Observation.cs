using System.Security.Cryptography;
using System.Text;
using Deskbridge.Connectors;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Sync;

/// <summary>A ticket as one request read it.</summary>
/// <param name="Ticket">The ticket.</param>
/// <param name="ReadAt">When the request began, on the remote's clock; the answer may show that instant's state and no later one.</param>
/// <param name="WriteCounter">The connection's write counter before the request began.</param>
internal sealed record Observation(RemoteTicket Ticket, DateTimeOffset ReadAt, long WriteCounter)
{
    /// <summary>A row of the stream, which shows the same tickets again and again: it may be judged by its time alone. Any other read is there to find what that misses.</summary>
    public bool IsPolled { get; init; }
}

/// <summary>What became of an observation.</summary>
internal enum ObservationOutcome
{
    /// <summary>Nothing new.</summary>
    Unchanged,

    /// <summary>The mirror shows it now.</summary>
    Applied,

    /// <summary>It may be older than what we know: not applied, the record must be read.</summary>
    Stale,
}

/// <summary>Brings observations into the mirror (engine.md §8). Part of the caller's transaction; says what is new, wakes nobody.</summary>
internal sealed class ObservationBook(SyncSafeties safeties)
{
    /// <summary>
    /// A row read this much after its last change, by the remote's clock, can hide no second change of the same second: that second, what the
    /// remote's clock may be behind of what is known of it (2 s, see <c>RemoteClockHandler</c>), and as much for a Date written while a request lasted.
    /// </summary>
    private static readonly TimeSpan SecondIsOver = TimeSpan.FromSeconds(5);

    /// <summary>Applies the rows of one answer.</summary>
    public async Task<IReadOnlyList<(Observation Row, ObservationOutcome Outcome)>> ApplyAsync(
        HubDb db, Guid connectionId, IReadOnlyList<Observation> rows, CancellationToken cancel)
    {
        var ids = rows.Select(row => row.Ticket.Id).ToList();
        var mirrors = await db.Mirrors
            .Where(m => m.ConnectionId == connectionId && m.Type == RecordTypes.Ticket && ids.Contains(m.RemoteId))
            .ToDictionaryAsync(m => m.RemoteId, cancel);
        var marks = await db.Links
            .Where(l => l.ConnectionId == connectionId && l.Type == RecordTypes.Ticket && ids.Contains(l.RemoteId))
            .ToDictionaryAsync(l => l.RemoteId, l => l.WriteMark, cancel);

        var outcomes = new List<(Observation, ObservationOutcome)>(rows.Count);
        foreach (var row in rows)
        {
            var mirror = mirrors.GetValueOrDefault(row.Ticket.Id);
            var outcome = Judge(row, mirror, marks.GetValueOrDefault(row.Ticket.Id));
            if (outcome == ObservationOutcome.Applied) mirrors[row.Ticket.Id] = Store(db, connectionId, row, mirror);
            else if (outcome == ObservationOutcome.Unchanged && mirror is not null && row.ReadAt > mirror.ReadAt) mirror.ReadAt = row.ReadAt;
            outcomes.Add((row, outcome));
        }

        return outcomes;
    }

    /// <summary>Hash of a record's text.</summary>
    public static string HashOf(string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));

    private ObservationOutcome Judge(Observation row, Mirror? mirror, long writeMark)
    {
        if (mirror is null) return ObservationOutcome.Applied;
        if (!safeties.StaleReads.MayApply(row, mirror.RemoteUpdatedAt, writeMark)) return ObservationOutcome.Stale;
        if (mirror is { AbsentCount: > 0 } or { MissingSince: not null }) return ObservationOutcome.Applied;
        var sameStamp = row.IsPolled && mirror.RemoteUpdatedAt == row.Ticket.UpdatedAt;
        if (sameStamp && mirror.ReadAt >= row.Ticket.UpdatedAt + SecondIsOver && mirror.TombstonedAt is null) return ObservationOutcome.Unchanged;
        return mirror.Hash == HashOf(row.Ticket.Body) && mirror.TombstonedAt is null ? ObservationOutcome.Unchanged : ObservationOutcome.Applied;
    }

    private static Mirror Store(HubDb db, Guid connectionId, Observation row, Mirror? mirror)
    {
        if (mirror is null)
        {
            mirror = new Mirror
            {
                ConnectionId = connectionId,
                Type = RecordTypes.Ticket,
                RemoteId = row.Ticket.Id,
                Body = row.Ticket.Body,
                Hash = HashOf(row.Ticket.Body),
                RemoteUpdatedAt = row.Ticket.UpdatedAt,
                ReadAt = row.ReadAt,
            };
            db.Mirrors.Add(mirror);
            return mirror;
        }

        mirror.Body = row.Ticket.Body;
        mirror.Hash = HashOf(row.Ticket.Body);
        mirror.RemoteUpdatedAt = row.Ticket.UpdatedAt;
        mirror.ReadAt = row.ReadAt;
        mirror.AbsentCount = 0;
        mirror.MissingSince = null;
        mirror.TombstonedAt = null;
        return mirror;
    }
}
