using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Deskbridge.Sandbox.Autotask.Records;
using Deskbridge.Sandbox.Autotask.Schema;

namespace Deskbridge.Sandbox.Autotask.Webhooks;

/// <summary>Extension callouts (Tickets), fired by workflow rules (reference 6): they say that a ticket changed, and little more. One attempt, unsigned.</summary>
internal sealed class CalloutSender(Store store, Outbox outbox, Journal journal, SandboxClock clock)
{
    public const string Xml = "XML";

    private static readonly TimeSpan ServerZone = TimeSpan.FromHours(-5);

    /// <summary>Starts what a commit causes. Called inside the commit, so it only prepares.</summary>
    public void Committed(IReadOnlyList<Write> writes)
    {
        foreach (var (ticket, trigger) in writes.Select(Trigger).OfType<(long, string)>().Distinct())
        {
            if (store.Find("Tickets", ticket) is not { } record) continue;
            foreach (var callout in store.Rows(Entities.Callouts).Where(c => c.Flag("isActive") && c.Flag(trigger))) Start(callout, record);
        }
    }

    // A note or time entry touches its ticket too; that alone is no edit.
    private static (long Ticket, string Trigger)? Trigger(Write write) => (write.Entity.Name, write.Action) switch
    {
        ("Tickets", "Create") => (write.Id, "onCreate"),
        ("Tickets", "Update") when write.Changed.Any(n => !n.StartsWith("lastActivity", StringComparison.Ordinal)) => (write.Id, "onEdit"),
        ("TicketNotes", "Create") => (write.After!.Long("ticketID")!.Value, "onNote"),
        ("TimeEntries", "Create") when write.After!.Long("ticketID") is { } ticket => (ticket, "onTime"),
        _ => null,
    };

    private void Start(Record callout, Record ticket)
    {
        if (Pairs(callout, ticket) is not { } pairs) return;
        outbox.Put(string.Create(CultureInfo.InvariantCulture, $"callout/{callout.Id}"), async cancel =>
        {
            using var message = Message(callout, pairs);
            var status = await outbox.SendAsync(message, cancel);
            journal.Append(clock.Now, [("callout", new JsonObject { ["callout"] = callout.Id, ["url"] = callout.Text("url"), ["ticket"] = ticket.Id, ["status"] = status })]);
        });
    }

    private List<(string Name, string Value)>? Pairs(Record callout, Record ticket)
    {
        List<(string, string)> pairs =
        [
            ("id", Values.Text(ticket.Id)),
            ("number", ticket.Text("ticketNumber")!),
            ("status", Label(ticket)),
            ("created_datetime", Local(ticket.Time("createDate"))),
            ("last_activity_datetime", Local(ticket.Time("lastActivityDate"))),
        ];
        if (callout.Text("udf") is not { Length: > 0 } name) return pairs;
        var definition = Rules.Udfs.Find(store.Rows(Entities.Of("UserDefinedFieldDefinitions")), Entities.Of("Tickets"), name);
        if (definition is null || ticket.Text(Record.Udf(definition.Id)) is not { Length: > 0 } value) return null;
        pairs.Add((name, value));
        return pairs;
    }

    private static HttpRequestMessage Message(Record callout, List<(string Name, string Value)> pairs)
    {
        // Colons, dots and signs go as they are, which a strict reader of forms has to bear.
        var form = string.Join('&', pairs.Select(p => $"{p.Name.Replace(' ', '+')}={Uri.EscapeDataString(p.Value).Replace("%3A", ":", StringComparison.Ordinal)}"));
        var url = callout.Text("url")!;
        var isGet = string.Equals(callout.Text("method"), "GET", StringComparison.OrdinalIgnoreCase);
        var message = isGet
            ? new HttpRequestMessage(HttpMethod.Get, url + (url.Contains('?', StringComparison.Ordinal) ? '&' : '?') + form)
            : new HttpRequestMessage(HttpMethod.Post, url)
            {
                Content = string.Equals(callout.Text("format"), Xml, StringComparison.OrdinalIgnoreCase)
                    ? new StringContent(new XElement("ticket", pairs.Select(p => new XElement(p.Name.Replace(' ', '_'), p.Value))).ToString(SaveOptions.DisableFormatting), Encoding.UTF8, "text/xml")
                    : new StringContent(form, new MediaTypeHeaderValue("application/x-www-form-urlencoded")),
            };
        if (callout.Text("username") is { Length: > 0 } user)
            message.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{callout.Text("password")}")));
        return message;
    }

    private string Label(Record ticket) => store.Rows(Entities.Picklists)
        .FirstOrDefault(p => p.Text("entity") == "Tickets" && p.Text("field") == "status" && p.Text("value") == Values.Text(ticket["status"]))?.Text("label") ?? "";

    // Local time of the server with eight digits and an offset that has seconds: no parser takes it as it is.
    private static string Local(DateTimeOffset? instant) =>
        instant is { } at ? at.ToOffset(ServerZone).ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'0-05:00:00'", CultureInfo.InvariantCulture) : "";
}
