using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Deskbridge.Connectors;

/// <summary>
/// What a ticket does that comes back by one event of the trigger rule (S56): each raising event is a rule of its own. As text:
/// <c>41 | NewAlertLater | 8</c>; the hours count for that policy alone.
/// </summary>
/// <param name="EventId">Remote id of the event.</param>
/// <param name="Policy">What it does with its alert.</param>
/// <param name="Hours">How many hours the alert must have been closed for a new one, at least 1.</param>
public sealed record EventReturn(string EventId, ReturnPolicy Policy, int Hours)
{
    /// <summary>The most hours that can be asked for: ten years.</summary>
    public const int MostHours = 87_600;

    /// <summary>It is the choice for one event, and not that of the connection.</summary>
    public bool IsOwn => EventId.Length > 0;

    private const string Between = " | ";

    /// <summary>Reads the text form.</summary>
    /// <param name="text">What <see cref="ToString"/> wrote, or somebody typed.</param>
    /// <param name="read">What it says.</param>
    /// <returns>False when it is not of that form.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out EventReturn? read)
    {
        read = null;
        if (text.Split('|', StringSplitOptions.TrimEntries) is not [{ Length: > 0 } id, var policy, var hours]) return false;
        if (!Enum.TryParse<ReturnPolicy>(policy, ignoreCase: true, out var what) || !Enum.IsDefined(what)) return false;
        if (!int.TryParse(hours, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > MostHours) return false;
        read = new EventReturn(id, what, number);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Join(Between, EventId, Policy, Hours.ToString(CultureInfo.InvariantCulture));
}
