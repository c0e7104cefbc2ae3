using System.Globalization;

namespace Deskbridge.Core.Alerting.Intake;

/// <summary>What a callout says: names and values in their order.</summary>
/// <param name="Values">Every one, with its name as it was sent.</param>
internal sealed record Callout(IReadOnlyList<KeyValuePair<string, string>> Values)
{
    private static readonly string[] Ids = ["id", "ticketid", "autotaskticketid"];
    private static readonly string[] Numbers = ["number", "ticketnumber"];
    private static readonly string[] Titles = ["title", "tickettitle", "summary", "subject"];
    private static readonly string[] Texts = ["description", "ticketdescription", "details"];
    private static readonly string[] Priorities = ["priority", "ticketpriority", "priorityname"];
    private static readonly string[] Customers = ["company", "companyname", "account", "accountname", "customer", "customername", "client", "organization"];
    private static readonly string[] Moments = ["createddatetime", "lastactivitydatetime"];
    private static readonly string[] Credentials = ["password", "secret", "token", "apikey", "authorization"];

    /// <summary>The ticket it is about. A number of Autotask's form counts whatever its name.</summary>
    public NamedTicket Ticket
    {
        get
        {
            var id = First(Ids);
            var number = First(Numbers) ?? Values.Select(value => NamedTicket.IsAutotaskNumber(value.Value) ? value.Value.Trim() : null).FirstOrDefault(found => found is not null);
            if (id is not null && NamedTicket.IsAutotaskNumber(id)) (id, number) = (null, number ?? id); // one sender calls the number the id
            return new(number?.ToUpperInvariant(), id is not null && long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? id : null);
        }
    }

    /// <summary>The alert's title.</summary>
    public string Title(CalloutFields fields)
    {
        var (ticket, title) = (Ticket, Named(fields.Title) ?? First(Titles));
        var name = ticket.Number ?? (ticket.RemoteId is { } id ? $"#{id}" : null);
        if (title is not null) return title;
        return (name is null ? "Callout without a ticket" : $"Ticket {name}") + (First(["status"]) is { } status ? $" ({status})" : "");
    }

    /// <summary>The alert's text: customer and priority first, then what the administrator chose, or all there is.</summary>
    public string Text(CalloutFields fields)
    {
        var lines = new List<string>();
        Add("Company", Named(fields.Customer) ?? First(Customers));
        Add("Priority", Named(fields.Priority) ?? First(Priorities));
        var known = Key(fields.Title) is { Length: > 0 } chosen ? [.. Titles, chosen] : Titles;
        string[] said = [.. Customers, .. Priorities, .. Texts, .. known, .. Ids, .. Numbers, .. Moments, Key(fields.Customer), Key(fields.Priority)];
        foreach (var (name, value) in Values)
        {
            var key = Key(name);
            if (fields.Shown.Count > 0 ? fields.Shown.Any(shown => Key(shown) == key) : !said.Contains(key, StringComparer.Ordinal)) Add(Label(name), Credentials.Contains(key, StringComparer.Ordinal) ? "(hidden)" : value);
        }

        if (First(Texts) is { } text && (fields.Shown.Count == 0 || fields.Shown.Any(shown => Texts.Contains(Key(shown), StringComparer.Ordinal)))) lines.Add("\n" + text);
        return MailReader.Cleaned(string.Join('\n', lines));

        void Add(string name, string? value)
        {
            if (!string.IsNullOrWhiteSpace(value) && !lines.Exists(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))) lines.Add($"{name}: {value.ReplaceLineEndings(" ").Trim()}");
        }
    }

    /// <summary>A field's name without case, blanks and signs, as it is looked for.</summary>
    public static string Key(string? name) => string.Concat((name ?? "").Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>Every value as it came, credentials hidden: for the event log.</summary>
    public override string ToString() => string.Join('\n', Values.Select(value => $"{value.Key} = {(Credentials.Contains(Key(value.Key), StringComparer.Ordinal) ? "(hidden)" : value.Value)}"));

    private string? Named(string? name) => Key(name) is { Length: > 0 } key ? First([key]) : null;

    private string? First(string[] keys) =>
        keys.Select(key => Values.FirstOrDefault(value => Key(value.Key) == key && !string.IsNullOrWhiteSpace(value.Value)).Value?.Trim()).FirstOrDefault(found => found is not null);

    /// <summary>created_datetime becomes "Created datetime".</summary>
    private static string Label(string name)
    {
        var text = name.Replace('_', ' ').Trim();
        return text.Length > 0 ? char.ToUpperInvariant(text[0]) + text[1..] : "Value";
    }
}

/// <summary>Which fields of a callout an administrator wants to see, and which one is what.</summary>
/// <param name="Title">Field that is the title; null for the usual names.</param>
/// <param name="Customer">Field that names the customer; null for the usual names.</param>
/// <param name="Priority">Field that names the priority; null for the usual names.</param>
/// <param name="Shown">Fields shown under the title; empty for all.</param>
internal sealed record CalloutFields(string? Title, string? Customer, string? Priority, IReadOnlyList<string> Shown)
{
    /// <summary>Nothing was chosen.</summary>
    public static readonly CalloutFields Usual = new(null, null, null, []);
}
