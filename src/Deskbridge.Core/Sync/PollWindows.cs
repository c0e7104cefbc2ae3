using System.Collections.Concurrent;

namespace Deskbridge.Core.Sync;

/// <summary>
/// How far back each poll reads. Rows that became visible late are what a poll must look back for, and looking back costs a page for every 500
/// tickets that changed meanwhile. So the whole learned overlap is read once a minute, the last seconds every ten, and in between only what
/// is newer than the newest row seen. What is remembered here is no more than that: a process that knows nothing reads the whole overlap.
/// </summary>
internal sealed class PollWindows
{
    private static readonly TimeSpan WholeEvery = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan RecentEvery = TimeSpan.FromSeconds(10);

    /// <summary>Before the mark, which itself stays behind the query.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Guid, Seen> _seen = new();

    /// <summary>Where the next poll begins.</summary>
    /// <param name="connectionId">The connection.</param>
    /// <param name="mark">Everything before it was read.</param>
    /// <param name="overlap">How late rows may become visible, as learned.</param>
    /// <param name="now">The present instant.</param>
    public PollWindow Next(Guid connectionId, DateTimeOffset mark, TimeSpan overlap, DateTimeOffset now)
    {
        // A mark that somebody set back is read from at once.
        if (!_seen.TryGetValue(connectionId, out var seen) || mark < seen.Mark || now >= seen.WholeAt + WholeEvery || now < seen.WholeAt)
            return new PollWindow(mark - overlap, Whole: true, MovesMark: true);
        return now >= seen.RecentAt + RecentEvery
            ? new PollWindow(mark - (overlap > Usual ? overlap : Recent), Whole: overlap > Usual, MovesMark: true)
            : new PollWindow(seen.Newest > mark ? seen.Newest : mark, Whole: false, MovesMark: false);
    }

    /// <summary>A poll read to its end.</summary>
    /// <param name="connectionId">The connection.</param>
    /// <param name="window">What it read.</param>
    /// <param name="mark">The mark after it.</param>
    /// <param name="newest">The newest row it saw; the least instant for none.</param>
    /// <param name="now">When it began.</param>
    public void Read(Guid connectionId, PollWindow window, DateTimeOffset mark, DateTimeOffset newest, DateTimeOffset now)
    {
        var before = _seen.GetValueOrDefault(connectionId);
        _seen[connectionId] = new Seen(
            mark,
            newest > (before?.Newest ?? mark) ? newest : before?.Newest ?? mark,
            window.Whole ? now : before!.WholeAt,
            window.MovesMark ? now : before!.RecentAt);
    }

    /// <summary>The overlap of a remote whose rows never came remarkably late.</summary>
    internal static TimeSpan Usual { get; } = TimeSpan.FromMinutes(5);

    private sealed record Seen(DateTimeOffset Mark, DateTimeOffset Newest, DateTimeOffset WholeAt, DateTimeOffset RecentAt);
}

/// <summary>What one poll reads.</summary>
/// <param name="Since">Rows updated at this instant or later, on the remote's clock.</param>
/// <param name="Whole">The whole overlap.</param>
/// <param name="MovesMark">It looks back far enough for the mark to move after it.</param>
internal sealed record PollWindow(DateTimeOffset Since, bool Whole, bool MovesMark);
