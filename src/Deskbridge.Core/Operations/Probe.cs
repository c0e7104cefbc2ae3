namespace Deskbridge.Core.Operations;

/// <summary>The one row that is written to learn whether the database takes writes; it says when the hub was there last.</summary>
public sealed class Probe
{
    /// <summary>Always 1.</summary>
    public required int Id { get; init; }

    /// <summary>When it was written last.</summary>
    public required DateTimeOffset At { get; set; }
}
