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

    /// <summary>The table that a reference points to.</summary>
    public string? Target { get; init; }

    /// <summary>The tables that a reference may point to: a ticket may be one of the service desk or of a project.</summary>
    public IReadOnlyList<string> Targets { get; init; } = [];

    /// <summary>What the reference shows beside the id, where that differs from <see cref="Resource.Shown"/>.</summary>
    public string? Shown { get; init; }

    public IReadOnlyList<string> Choices { get; init; } = [];
}
