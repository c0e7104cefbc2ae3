namespace Deskbridge.Sandbox.ConnectWisePsa.Schema;

internal enum MemberKind
{
    Text,
    Integer,
    Number,
    Flag,
    Instant,
    Choice,
    Reference,
    Custom,
    Any,
}

/// <summary>One member of a model: what it holds and what a write may do with it.</summary>
internal sealed record Member
{
    public required string Name { get; init; }

    public required MemberKind Kind { get; init; }

    /// <summary>Longest text in characters, or null for no limit.</summary>
    public int? Limit { get; init; }

    public bool Required { get; init; }

    public bool ReadOnly { get; init; }

    /// <summary>Taken on a write, never returned (for example initialDescription).</summary>
    public bool WriteOnly { get; init; }

    public bool Many { get; init; }

    /// <summary>The table that a reference points to; null when the sandbox keeps no such table and takes what it gets.</summary>
    public string? Target { get; init; }

    /// <summary>What the reference shows beside the id, where that differs from <see cref="Resource.Shown"/>.</summary>
    public string? Shown { get; init; }

    public IReadOnlyList<string> Choices { get; init; } = [];
}
