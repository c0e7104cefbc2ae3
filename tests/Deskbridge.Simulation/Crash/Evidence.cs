using System.Globalization;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Simulation.Crash;

/// <summary>Everything that the checks look at: the sandbox's log, what arrived at the phone, and the hub's database.</summary>
internal sealed class Evidence
{
    private ILookup<string?, Commit>? _byTicket;
    private ILookup<string, Link>? _links;
    private ILookup<Guid?, Alert>? _alerts;
    private ILookup<string, Effect>? _effects;
    private ILookup<Guid, AlertEvent>? _lines;
    private ILookup<Guid, Page>? _pages;
    private ILookup<Guid, Guid>? _arrived;
    private ILookup<Guid, PageAttempt>? _attempts;

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
        return new Evidence
        {
            Several = world.Places.Count > 1,
            Commits = await world.Technician.CommitsAsync(),
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

    /// <summary>Commits of one ticket and of what hangs on it.</summary>
    public IEnumerable<Commit> About(int ticket) => (_byTicket ??= Commits.ToLookup(c => c.Ticket))[Text(ticket)];

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

    /// <summary>The log of one ticket and the hub's side of it, for a failed check.</summary>
    public string Tell(int ticket)
    {
        var alerts = LinksOf(ticket).SelectMany(AlertsOf).ToList();
        return $"""
                log of the sandbox:
            {Joined(About(ticket).Select(c => c.Shown))}
                effects:
            {Joined(EffectsOf(ticket).Select(e => $"{e.Seq} {e.Kind} {e.State} sent {e.SentAt:HH:mm:ss.fff} settled {e.SettledAt:HH:mm:ss.fff} {e.IdemKey} {e.Payload} {e.Error}"))}
                timeline:
            {Joined(alerts.SelectMany(LinesOf).OrderBy(l => l.Order).Select(l => $"{l.Order} {l.At:HH:mm:ss.fff} {l.Kind}: {l.Message} {l.Why}"))}
            """;
    }

    public static string Text(int ticket) => ticket.ToString(CultureInfo.InvariantCulture);

    private static string Joined(IEnumerable<string> lines) => string.Join('\n', lines.Select(line => "      " + line));
}
