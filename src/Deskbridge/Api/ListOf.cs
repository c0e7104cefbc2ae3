using Microsoft.AspNetCore.Http.HttpResults;

namespace Deskbridge.Api;

/// <summary>The shape of every list.</summary>
/// <param name="Items">This part's items.</param>
/// <param name="Next">Pass as <c>cursor</c> to get the next part; null on the last one.</param>
internal sealed record ListOf<T>(IReadOnlyList<T> Items, string? Next = null);

/// <summary>Lists that are short enough to be read whole, and are answered in parts all the same, as every list is.</summary>
internal static class ShortLists
{
    extension<T>(IEnumerable<T> items)
    {
        /// <summary>The part behind a cursor, which is the key of the last item of the part before.</summary>
        /// <param name="limit">1 to 200; null for 200.</param>
        /// <param name="cursor">Null or empty for the first part.</param>
        /// <param name="key">Tells items apart.</param>
        public Results<Ok<ListOf<T>>, ProblemHttpResult> InParts(int? limit, string? cursor, Func<T, string> key)
        {
            if (ListLimit.Check(limit, ListLimit.Most) is { } refused) return refused.ToProblem();
            var all = items.ToList();
            var begin = string.IsNullOrEmpty(cursor) ? 0 : all.FindLastIndex(item => key(item) == cursor) + 1; // the last: should two share a key, the walk still ends
            if (begin == 0 && !string.IsNullOrEmpty(cursor)) return new UnknownCursor().ToProblem();
            var part = all.GetRange(begin, Math.Min(limit ?? ListLimit.Most, all.Count - begin));
            return TypedResults.Ok(new ListOf<T>(part, begin + part.Count < all.Count ? key(part[^1]) : null));
        }
    }
}
