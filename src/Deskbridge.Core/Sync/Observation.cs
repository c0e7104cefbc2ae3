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

    /// <summary>Read because it was woken: when that was is kept even if it found nothing new, since callbacks go by it (<see cref="CallbackIntake.Spacing"/>).</summary>
    public bool IsWoken { get; init; }
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
    public static readonly TimeSpan SecondIsOver = TimeSpan.FromSeconds(5);

    /// <summary>Applies the rows of one answer.</summary>
    public async Task<IReadOnlyList<(Observation Row, ObservationOutcome Outcome)>> ApplyAsync(
        HubDb db, Guid connectionId, IReadOnlyList<Observation> rows, CancellationToken cancel)
    {
        var ids = rows.Select(row => row.Ticket.Id).ToList();
        var known = await Of(db, connectionId, ids)
            .LeftJoin(
                db.Links, m => new { m.ConnectionId, m.Type, m.RemoteId }, l => new { l.ConnectionId, l.Type, l.RemoteId },
                (m, l) => new Known(m.RemoteId, m.Hash, m.RemoteUpdatedAt, m.ReadAt, m.AbsentCount > 0 || m.MissingSince != null, m.TombstonedAt != null, (long?)l!.WriteMark ?? 0))
            .ToDictionaryAsync(m => m.Id, cancel);

        var outcomes = new List<(Observation Row, ObservationOutcome Outcome)>(rows.Count);
        var changed = new List<string>();
        foreach (var row in rows)
        {
            var mirror = known.GetValueOrDefault(row.Ticket.Id);
            var outcome = Judge(row, mirror);
            outcomes.Add((row, outcome));
            if (mirror is not null && (outcome == ObservationOutcome.Applied || (outcome == ObservationOutcome.Unchanged && (row.IsWoken || IsSureNow(row, mirror))))) changed.Add(row.Ticket.Id);
            if (outcome == ObservationOutcome.Applied) known[row.Ticket.Id] = new Known(row.Ticket.Id, HashOf(row.Ticket.Body), row.Ticket.UpdatedAt, row.ReadAt, Missing: false, Gone: false, mirror?.WriteMark ?? 0);
        }

        var mirrors = changed.Count == 0 ? [] : await Of(db, connectionId, changed).ToDictionaryAsync(m => m.RemoteId, cancel);
        foreach (var (row, outcome) in outcomes)
        {
            var mirror = mirrors.GetValueOrDefault(row.Ticket.Id);
            if (outcome == ObservationOutcome.Applied) mirrors[row.Ticket.Id] = Store(db, connectionId, row, mirror);
            else if (outcome == ObservationOutcome.Unchanged && mirror is not null && row.ReadAt > mirror.ReadAt) mirror.ReadAt = row.ReadAt;
        }

        return outcomes;
    }

    /// <summary>Hash of a record's text.</summary>
    public static string HashOf(string body) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));

    private static IQueryable<Mirror> Of(HubDb db, Guid connectionId, List<string> ids) =>
        db.Mirrors.Where(m => m.ConnectionId == connectionId && m.Type == RecordTypes.Ticket && ids.Contains(m.RemoteId));

    private ObservationOutcome Judge(Observation row, Known? mirror)
    {
        if (mirror is null) return ObservationOutcome.Applied;
        if (!safeties.StaleReads.MayApply(row, mirror.UpdatedAt, mirror.WriteMark)) return ObservationOutcome.Stale;
        if (mirror.Missing) return ObservationOutcome.Applied;
        if (row.IsPolled && mirror.UpdatedAt == row.Ticket.UpdatedAt && SurelyShown(row, mirror) && !mirror.Gone) return ObservationOutcome.Unchanged;
        return mirror.Hash == HashOf(row.Ticket.Body) && !mirror.Gone ? ObservationOutcome.Unchanged : ObservationOutcome.Applied;
    }

    /// <summary>The row can be skipped by its time alone.</summary>
    private static bool SurelyShown(Observation row, Known mirror) => mirror.ReadAt >= row.Ticket.UpdatedAt + SecondIsOver;

    /// <summary>From this read on the row can be skipped by its time alone: worth a write. Reads before that compare its text, which costs less than writing that it was read.</summary>
    private static bool IsSureNow(Observation row, Known mirror) => !SurelyShown(row, mirror) && row.ReadAt >= row.Ticket.UpdatedAt + SecondIsOver;

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

    /// <summary>What judging needs of a mirror, and the mark of its link (0 without one); its body is not read for that.</summary>
    private sealed record Known(string Id, string Hash, DateTimeOffset UpdatedAt, DateTimeOffset ReadAt, bool Missing, bool Gone, long WriteMark);
}
