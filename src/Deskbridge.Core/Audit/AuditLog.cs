using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Audit;

/// <summary>Writes notes that belong to no change of the hub's own tables, reads the audit, and checks its chain.</summary>
internal sealed class AuditLog(HubStore store)
{
    private const int CheckedAtOnce = 500;

    /// <summary>Writes one line, durably, before this returns.</summary>
    public Task WriteAsync(AuditNote note, CancellationToken cancel) =>
        store.WriteAsync(
            db =>
            {
                db.Notes.Add(note);
                return Task.CompletedTask;
            },
            cancel);

    /// <summary>Writes one line about a person. Where something is granted, this comes before the grant: a line too many rather than one too few.</summary>
    public Task WriteAsync(string action, Guid personId, IReadOnlyList<(string Name, string? Value)> facts, CancellationToken cancel) =>
        store.WriteAsync(
            async db => db.Notes.Add(AuditNote.Of(action, personId, (await db.People.FindAsync([personId], cancel))?.Name ?? "", facts)), cancel);

    /// <summary>The lines that match, newest first.</summary>
    public Task<List<AuditRow>> ReadAsync(AuditFilter filter, int limit, CancellationToken cancel) =>
        store.ReadAsync(db => filter.Apply(db.Audit).OrderByDescending(row => row.Number).Take(limit).ToListAsync(cancel), cancel);

    /// <summary>Walks the whole chain.</summary>
    public async Task<AuditVerdict> VerifyAsync(CancellationToken cancel)
    {
        var (number, hash, count) = (0L, AuditRow.Beginning, 0L);
        while (true)
        {
            var after = number;
            var rows = await store.ReadAsync(db => db.Audit.Where(row => row.Number > after).OrderBy(row => row.Number).Take(CheckedAtOnce).ToListAsync(cancel), cancel);
            foreach (var row in rows)
            {
                if (row.Number != number + 1) return new AuditVerdict(count, row.Number, $"Line {number + 1} is missing: the next one is {row.Number}.", hash);
                if (row.Previous != hash) return new AuditVerdict(count, row.Number, $"Line {row.Number} does not follow the line before it: one of them was replaced.", hash);
                if (row.Hash != row.ComputeHash()) return new AuditVerdict(count, row.Number, $"Line {row.Number} ({row.Action} at {row.At.UtcDateTime:u}) was changed after it was written.", hash);
                (number, hash) = (row.Number, row.Hash);
                count++;
            }

            if (rows.Count < CheckedAtOnce) return new AuditVerdict(count, null, count == 0 ? "The audit is empty." : $"{count} lines, unbroken up to line {number}.", hash);
        }
    }
}

/// <summary>Which lines are wanted; what is null does not matter.</summary>
internal sealed record AuditFilter
{
    /// <summary>Part of the doer's name, the subject's name or id, or the address, in any letter case.</summary>
    public string? Text { get; init; }

    /// <summary>Beginning of the action, such as <c>connection</c>.</summary>
    public string? Action { get; init; }

    public Guid? PersonId { get; init; }

    public DateTimeOffset? From { get; init; }

    /// <summary>Exclusive.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only lines before this one.</summary>
    public long? Before { get; init; }

    public IQueryable<AuditRow> Apply(IQueryable<AuditRow> rows)
    {
        if (Before is { } before) rows = rows.Where(row => row.Number < before);
        if (PersonId is { } person) rows = rows.Where(row => row.PersonId == person);
        if (From is { } from) rows = rows.Where(row => row.At >= from);
        if (To is { } to) rows = rows.Where(row => row.At < to);
        if (!string.IsNullOrWhiteSpace(Action)) rows = rows.Where(row => row.Action.StartsWith(Action.Trim()));
        if (string.IsNullOrWhiteSpace(Text)) return rows;
        var part = Text.Trim().ToLowerInvariant();
        return rows.Where(row => row.SearchKey.Contains(part));
    }
}

/// <summary>What came of checking the chain.</summary>
/// <param name="Checked">Lines that are as they were written.</param>
/// <param name="Broken">Number of the first line that is not; null when all are.</param>
/// <param name="Message">In a sentence.</param>
/// <param name="Head">Hash of the last good line; noted elsewhere, it also tells when lines were cut off at the end.</param>
internal sealed record AuditVerdict(long Checked, long? Broken, string Message, string Head);
