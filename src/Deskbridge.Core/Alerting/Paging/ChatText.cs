using System.Text;

namespace Deskbridge.Core.Alerting.Paging;

/// <summary>What a page says in a chat, before either system's own form. Texts of tickets are other people's words: no control characters.</summary>
internal static class ChatText
{
    /// <summary>The title, never empty.</summary>
    public static string Title(PageMessage message) => Clean(message.Title) is { Length: > 0 } title ? title : "Alert";

    /// <summary>All in one line, for the notice that a phone shows.</summary>
    public static string Banner(PageMessage message)
    {
        var ticket = message.Ticket;
        var about = string.Join(", ", new[] { Clean(ticket?.Customer), ticket is null ? "" : $"ticket {Clean(ticket.Number)}" }.Where(part => part.Length > 0));
        return $"{(Clean(ticket?.Priority) is { Length: > 0 } priority ? priority + ": " : "")}{Title(message)}{(about.Length > 0 ? $" ({about})" : "")}";
    }

    /// <summary>Priority, customer, ticket and since when; what is not known is left out.</summary>
    public static IReadOnlyList<(string Name, string Value)> Facts(PageMessage message) =>
        [.. new (string Name, string Value)[]
        {
            ("Priority", Clean(message.Ticket?.Priority)), ("Customer", Clean(message.Ticket?.Customer)), ("Ticket", Clean(message.Ticket?.Number)), ("Since", Clean(message.Since)),
        }.Where(fact => fact.Value.Length > 0)];

    /// <summary>The text under the title, without the lines that <see cref="Facts"/> says already.</summary>
    public static string Body(PageMessage message)
    {
        string[] said = message.Ticket is { } ticket ? [$"Company: {ticket.Customer}", $"Priority: {ticket.Priority}"] : [];
        return string.Join('\n', message.Text.ReplaceLineEndings("\n").Split('\n').Where(line => !said.Contains(line, StringComparer.Ordinal)).Select(Clean)).Trim('\n');
    }

    /// <summary>Where to go on. Each opens a page and does nothing else, for chat programs look at links by themselves.</summary>
    public static IReadOnlyList<(string Label, Uri Url)> Links(PageMessage message)
    {
        var links = new List<(string, Uri)>();
        if (message.Url is { } url) links.Add((message.IsTest ? "Open Deskbridge" : "Open the alert", new Uri($"{url}?d={message.DeliveryId}")));
        if (message.Ticket?.WebLink is { } ticket) links.Add(("Open the ticket", ticket));
        return links;
    }

    /// <summary>Cut between characters so that its written form has at most so many UTF-16 units.</summary>
    /// <param name="text">The text.</param>
    /// <param name="most">At most.</param>
    /// <param name="write">How a character is written; as it is by default.</param>
    public static string Fit(string text, int most, Func<string, string>? write = null)
    {
        write ??= character => character;
        if (write(text) is { } whole && whole.Length <= most) return whole;
        var fit = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            var written = write(rune.ToString());
            if (fit.Length + written.Length >= most) break;
            fit.Append(written);
        }

        return fit.Append('…').ToString();
    }

    private static string Clean(string? text) => text is null ? "" : string.Concat(text.EnumerateRunes().Where(rune => !Rune.IsControl(rune) || rune.Value == '\t').Select(rune => rune.ToString())).Trim();
}
