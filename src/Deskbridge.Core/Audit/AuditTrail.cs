using System.Text;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Deskbridge.Core.Audit;

/// <summary>
/// Puts what a transaction changes into the chain, inside that transaction. Runs with every save of <see cref="HubDb"/>: no action can
/// forget it.
/// </summary>
internal static class AuditTrail
{
    private const int LongestName = 200;

    /// <summary>Adds a line for each note and each watched change that is about to be saved.</summary>
    public static async Task AppendAsync(HubDb db, CancellationToken cancel)
    {
        List<AuditNote> notes = [.. db.Notes, .. WatchedChanges.Of(db.ChangeTracker)];
        if (notes.Count == 0) return;
        db.Notes.Clear();

        // Lines that this transaction wrote before are tracked and not yet visible to other connections, but a query of ours sees them.
        var last = await db.Audit.AsNoTracking().OrderByDescending(row => row.Number).Select(row => new { row.Number, row.Hash }).FirstOrDefaultAsync(cancel);
        var (number, previous) = (last?.Number ?? 0, last?.Hash ?? AuditRow.Beginning);
        var (now, actor) = (db.GetService<TimeProvider>().GetUtcNow(), Actor.Current);
        foreach (var note in notes)
        {
            var row = new AuditRow
            {
                Number = ++number,
                At = DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds()),
                ActorKind = actor.Kind,
                PersonId = actor.PersonId,
                Actor = Clean(actor.Name),
                Via = Clean(actor.Via),
                Address = Clean(actor.Address),
                Action = note.Action,
                SubjectId = Clean(note.SubjectId),
                Subject = Clean(note.Subject),
                Detail = note.Changes is { Count: > 0 } changes ? Storable(Json.Write(changes)) : "",
                Previous = previous,
                SearchKey = Storable($"{actor.Name}\n{actor.Via}\n{actor.Address}\n{note.SubjectId}\n{note.Subject}".ToLowerInvariant()),
            };
            previous = row.Hash = row.ComputeHash();
            db.Audit.Add(row);
        }
    }

    private static string Clean(string text) => Storable(text.Length > LongestName ? text[..LongestName] + "…" : text);

    /// <summary>What both databases give back as it was, for the hash is over the text: no U+0000 and no half of a surrogate pair.</summary>
    private static string Storable(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text.Replace('\0', '\ufffd')));
}
