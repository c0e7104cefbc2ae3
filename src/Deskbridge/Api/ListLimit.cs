using Deskbridge.Core.Common;

namespace Deskbridge.Api;

/// <summary>How lists are cut into parts.</summary>
internal static class ListLimit
{
    public const int Default = 50;
    public const int Most = 200;

    /// <summary>Null when the limit is left away or within bounds.</summary>
    public static LimitOutOfRange? Check(int? limit) => limit is null or (>= 1 and <= Most) ? null : new LimitOutOfRange(limit.Value);
}

internal sealed record LimitOutOfRange(int Limit)
    : InvalidFailure("limit", $"limit is {Limit}; it goes from 1 to {ListLimit.Most}. Leave it away for {ListLimit.Default}.");

internal sealed record UnknownCursor()
    : InvalidFailure("cursor", "This cursor is none of this list. Pass 'next' of the part before as it came, or leave cursor away to begin anew.");
