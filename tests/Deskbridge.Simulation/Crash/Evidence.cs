using System.Globalization;
using System.Text.Json.Nodes;
using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Simulation.Crash;

/// <summary>One line of the sandbox's log: a record as a commit left it.</summary>
internal sealed record Commit(long Seq, string Table, int Id, string Action, string By, IReadOnlyList<string> Changed, JsonObject? Record, string Line)
{
    public const string Hub = "deskbridge";

    public bool IsHub => By == Hub;

    public bool Changes(string member) => Changed.Contains(member);

    public static Commit Read(JsonNode line) => new(
        (long)line["seq"]!, (string)line["table"]!, (int)line["id"]!, (string)line["action"]!, (string)line["by"]!,
        [.. line["changed"]!.AsArray().Select(name => (string)name!)], line["record"] as JsonObject, line.ToJsonString());
}

/// <summary>Everything that the checks look at: the sandbox's log, what arrived at the phone, and the hub's database.</summary>
internal sealed class Evidence
{
    private readonly Dictionary<string, string> _captions;
    private readonly Dictionary<string, string> _statuses;
    private ILookup<string?, Commit>? _byTicket;
    private ILookup<string, Link>? _links;
    private ILookup<Guid?, Alert>? _alerts;
    private ILookup<string, Effect>? _effects;
    private ILookup<Guid, AlertEvent>? _lines;
    private ILookup<Guid, Page>? _pages;
    private ILookup<Guid, Guid>? _arrived;
    private ILookup<Guid, PageAttempt>? _attempts;

    private Evidence(JsonNode setup)
    {
        _captions = setup["customFields"]!.AsArray().ToDictionary(f => f!["id"]!.ToString(), f => Named(f!));
        _statuses = setup["statuses"]!.AsArray().ToDictionary(s => s!["id"]!.ToString(), s => Named(s!));
    }

    /// <summary>Several hubs worked on the database.</summary>
    public required bool Several { get; init; }

    public required IReadOnlyList<Commit> Commits { get; init; }

    public required IReadOnlyList<Guid> Rings { get; init; }

    public required IReadOnlyList<Link> Links { get; init; }

    public required IReadOnlyList<Alert> Alerts { get; init; }

    public required IReadOnlyList<AlertEvent> Lines { get; init; }

    public required IReadOnlyList<AlertNote> Notes { get; init; }

    public required IReadOnlyList<Effect> Effects { get; init; }

    public required IReadOnlyList<Page> Pages { get; init; }

    public required IReadOnlyList<PageAttempt> Attempts { get; init; }

    public static async Task<Evidence> ReadAsync(CrashWorld world)
    {
        await using var db = world.OpenDb();
        return new Evidence(await world.Technician.SetupAsync())
        {
            Several = world.Places.Count > 1,
            Commits = [.. (await world.Technician.LogAsync("commit")).Select(Commit.Read)],
            Rings = [.. await world.NtfyDeliveriesAsync(), .. world.Phone.Rings.Select(ring => ring.DeliveryId)],
            Links = await db.Links.ToListAsync(),
            Alerts = await db.Alerts.ToListAsync(),
            Lines = await db.AlertEvents.OrderBy(e => e.Order).ToListAsync(),
            Notes = await db.AlertNotes.ToListAsync(),
            Effects = await db.Effects.OrderBy(e => e.Seq).ToListAsync(),
            Pages = await db.Pages.ToListAsync(),
            Attempts = await db.PageAttempts.ToListAsync(),
        };
    }

    /// <summary>Commits of one ticket, its notes and its schedule entries.</summary>
    public IEnumerable<Commit> About(int ticket) => (_byTicket ??= Commits.ToLookup(c => c.Table switch
    {
        "tickets" => Text(c.Id),
        "notes" => c.Record?["ticketId"]?.ToString(),
        "documents" => c.Record?["_recordId"]?.ToString(),
        "scheduleEntries" => c.Record?["objectId"]?.ToString(),
        _ => null,
    }))[Text(ticket)];

    /// <summary>The hub's side of one ticket.</summary>
    public IEnumerable<Link> LinksOf(int ticket) => (_links ??= Links.ToLookup(l => l.RemoteId))[Text(ticket)];

    /// <inheritdoc cref="LinksOf"/>
    public IEnumerable<Alert> AlertsOf(Link link) => (_alerts ??= Alerts.ToLookup(a => a.LinkId))[link.Id];

    /// <inheritdoc cref="LinksOf"/>
    public IEnumerable<Effect> EffectsOf(int ticket) => (_effects ??= Effects.ToLookup(e => e.RemoteId))[Text(ticket)];

    /// <inheritdoc cref="LinksOf"/>
    public IEnumerable<AlertEvent> LinesOf(Alert alert) => (_lines ??= Lines.ToLookup(l => l.AlertId))[alert.Id];

    /// <inheritdoc cref="LinksOf"/>
    public IEnumerable<Page> PagesOf(Alert alert) => (_pages ??= Pages.ToLookup(p => p.AlertId))[alert.Id];

    /// <summary>How often a page arrived.</summary>
    public int Arrived(Page page) => (_arrived ??= Rings.ToLookup(id => id))[page.Id].Count();

    /// <summary>
    /// Attempts of a page whose outcome was in doubt when the next began: a kill left it so, or, among several hubs, one was held up past its
    /// claim and wrote the answer down late.
    /// </summary>
    public int Doubts(Page page) => (_attempts ??= Attempts.ToLookup(a => a.PageId))[page.Id]
        .Count(a => a.Outcome == "unknown" || (Several && a.Number < page.Attempts && a.Outcome == "accepted"));

    /// <summary>The value of one of our neutral fields in a ticket's record.</summary>
    public string? Field(JsonObject record, string field) => field switch
    {
        TicketFields.Status => record["status"]?["id"]?.ToString(),
        TicketFields.Owner => record["owner"]?["id"]?.ToString(),
        TicketFields.MarkerRetrieved => Custom(record, "Signl4Retrieved_c"),
        TicketFields.MarkerStatus => Custom(record, "Signl4Status_c"),
        TicketFields.MarkerUser => Custom(record, "Signl4User_c"),
        _ => record[field]?["id"]?.ToString() ?? record[field]?.ToString(),
    };

    public string StatusName(JsonObject record) => _statuses.GetValueOrDefault(Field(record, TicketFields.Status) ?? "", "none");

    /// <summary>The log of one ticket and the hub's side of it, for a failed check.</summary>
    public string Tell(int ticket)
    {
        var alerts = LinksOf(ticket).SelectMany(AlertsOf).ToList();
        return $"""
                log of the sandbox:
            {Joined(About(ticket).Select(Shorten))}
                effects:
            {Joined(EffectsOf(ticket).Select(e => $"{e.Seq} {e.Kind} {e.State} sent {e.SentAt:HH:mm:ss.fff} settled {e.SettledAt:HH:mm:ss.fff} {e.IdemKey} {e.Payload} {e.Error}"))}
                timeline:
            {Joined(alerts.SelectMany(LinesOf).OrderBy(l => l.Order).Select(l => $"{l.Order} {l.At:HH:mm:ss.fff} {l.Kind}: {l.Message} {l.Why}"))}
            """;
    }

    public static string Text(int ticket) => ticket.ToString(CultureInfo.InvariantCulture);

    private static string Named(JsonNode item) => (string?)item["caption"] ?? (string?)item["name"] ?? "";

    private string? Custom(JsonObject record, string caption) =>
        (record["customFields"] as JsonArray ?? []).FirstOrDefault(f => _captions.GetValueOrDefault(f!["id"]!.ToString()) == caption)?["value"]?.ToString() is { Length: > 0 } value ? value : null;

    private string Shorten(Commit commit) => commit is { Table: "tickets", Record: { } record }
        ? $"{commit.Seq} {commit.By} {commit.Action} [{string.Join(", ", commit.Changed)}] status \"{StatusName(record)}\" owner {Field(record, TicketFields.Owner)} marker \"{Field(record, TicketFields.MarkerStatus)}\" user {Field(record, TicketFields.MarkerUser)} {record["_info"]?["lastUpdated"]}"
        : commit.Line;

    private static string Joined(IEnumerable<string> lines) => string.Join('\n', lines.Select(line => "      " + line));
}
