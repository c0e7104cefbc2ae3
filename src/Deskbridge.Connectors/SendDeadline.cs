namespace Deskbridge.Connectors;

/// <summary>
/// The instant up to which the current flow of control may send a write. A claim on a write ends at a set time, and another hub then finds out
/// what became of it; a hub that was held up (a frozen machine, a long pause) must not send after that.
/// </summary>
public static class SendDeadline
{
    private static readonly AsyncLocal<DateTimeOffset?> Ambient = new();

    /// <summary>The deadline in force; null for none.</summary>
    public static DateTimeOffset? Current => Ambient.Value;

    /// <summary>Sets it for the calls that follow in this flow of control.</summary>
    /// <param name="until">The last instant, on the hub's clock.</param>
    public static void Set(DateTimeOffset? until) => Ambient.Value = until;
}
