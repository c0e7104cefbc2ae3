using System.Globalization;
using Deskbridge.Core.Alerting.Paging;

namespace Deskbridge.Core.Alerting.Twilio;

/// <summary>Puts a page into a short text: two or three segments, whatever the title is.</summary>
internal static class SmsText
{
    /// <summary>With other letters than GSM-7 knows a segment holds 67 characters, with those 153.</summary>
    private const int Longest = 300;
    private const int LongestCustomer = 60;

    /// <summary>The text.</summary>
    public static string Of(PageMessage page)
    {
        if (page.IsTest) return $"Deskbridge: test message for {page.Person.Name}. Nothing is wrong; pages will come from this number.";
        var about = page.Ticket is { } ticket ? string.Concat(Part(Cut(ticket.Customer ?? "", LongestCustomer)), Part("#" + ticket.Number)) : "";
        var round = page.Repeat > 1 ? string.Create(CultureInfo.InvariantCulture, $" Page {page.Repeat}.") : "";
        var replies = page.ReplyCode is { } code
            ? string.Create(CultureInfo.InvariantCulture, $" Reply A{code} acknowledge, E{code} escalate, C{code} close.")
            : "";
        var rest = $"{about}.{round}{replies}";
        return Cut(page.Title, Longest - rest.Length) + rest;
    }

    /// <summary>Cut to a length, between characters.</summary>
    public static string Cut(string text, int most)
    {
        var line = text.ReplaceLineEndings(" ").Trim();
        if (line.Length <= most) return line;
        var end = most - 1;
        if (char.IsHighSurrogate(line[end - 1])) end--;
        return line[..end].TrimEnd() + "…";
    }

    private static string Part(string text) => text.Length > 0 ? " · " + text : "";
}
