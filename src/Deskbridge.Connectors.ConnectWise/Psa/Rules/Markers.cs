namespace Deskbridge.Connectors.ConnectWise.Psa.Rules;

/// <summary>The captions of the three marker fields; the vendor's defaults unless configured otherwise.</summary>
internal sealed record MarkerNames(string Retrieved = "Signl4Retrieved_c", string Status = "Signl4Status_c", string User = "Signl4User_c")
{
    /// <summary>Whether a caption is one of the three, in any letter case.</summary>
    public bool Contains(string caption) => Is(Retrieved, caption) || Is(Status, caption) || Is(User, caption);

    internal static bool Is(string marker, string caption) => string.Equals(marker, caption, StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// What the hub's own link says about a ticket: it answers every clause about a marker field, whatever the remote text is.
/// <paramref name="Status"/> is empty, <c>Acknowledged</c> or <c>Resolved</c>; <paramref name="User"/> an email or empty.
/// </summary>
internal sealed record MarkerFacts(MarkerNames Names, bool Retrieved, string Status, string User)
{
    /// <summary>The answer for a caption, as text; null when the caption is no marker.</summary>
    public string? For(string caption) =>
        MarkerNames.Is(Names.Retrieved, caption) ? (Retrieved ? "true" : "false")
        : MarkerNames.Is(Names.Status, caption) ? Status
        : MarkerNames.Is(Names.User, caption) ? User
        : null;
}
