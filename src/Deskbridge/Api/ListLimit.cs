using Deskbridge.Core.Common;

namespace Deskbridge.Api;

/// <summary>How lists are cut into parts.</summary>
internal static class ListLimit
{
    public const int Default = 50;
    public const int Most = 200;

    /// <summary>Null when the limit is left away or within bounds.</summary>
    /// <param name="limit">As sent.</param>
    /// <param name="usual">How many items come when it is left away.</param>
    public static LimitOutOfRange? Check(int? limit, int usual = Default) => limit is null or (>= 1 and <= Most) ? null : new LimitOutOfRange(limit.Value, usual);
}

internal sealed record LimitOutOfRange(int Limit, int Usual)
    : InvalidFailure("limit", $"limit is {Limit}; it goes from 1 to {ListLimit.Most}. Leave it away for {Usual}.");

internal sealed record UnknownCursor()
    : InvalidFailure("cursor", "This cursor is none of this list, or what it stood for is gone. Pass 'next' of the part before as it came, or leave cursor away to begin anew.");
