using System.Text.RegularExpressions;

namespace Deskbridge.Core.Alerting.Intake;

/// <summary>The ticket that a mail or a callout is about, as its sender names it.</summary>
/// <param name="Number">Its number for people; null when none is named.</param>
/// <param name="RemoteId">Its id in the remote system; null when none is named.</param>
internal sealed partial record NamedTicket(string? Number, string? RemoteId = null)
{
    /// <summary>Nothing is named.</summary>
    public static readonly NamedTicket None = new(null, null);

    /// <summary>The number that a mail names: one of Autotask's form in subject or text, else one that the subject calls a ticket's.</summary>
    public static NamedTicket In(string subject, string text) =>
        (AutotaskNumber(subject) ?? AutotaskNumber(text)) is { } number ? new(number)
        : Called().Match(subject) is { Success: true } called ? new(called.Groups["number"].Value)
        : None;

    /// <summary>The first number of Autotask's form, such as T20261120.0009; null for none.</summary>
    public static string? AutotaskNumber(string text) => Autotask().Match(text) is { Success: true } found ? found.Value.ToUpperInvariant() : null;

    /// <summary>Whether a text is such a number and nothing else.</summary>
    public static bool IsAutotaskNumber(string text) => text.Trim() is var trimmed && Autotask().Match(trimmed) is { Success: true } found && found.Length == trimmed.Length;

    [GeneratedRegex(@"(?<![\p{L}\p{N}])T\d{8}\.\d{4,9}(\.\d{1,6})?(?![\p{L}\p{N}])", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Autotask();

    [GeneratedRegex(@"\b(ticket|case|incident|request)\s?#\s?(?<number>\d{3,12})\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Called();
}
