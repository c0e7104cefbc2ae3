using Deskbridge.Access;
using Deskbridge.Core.Audit;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Features.Audit;

[Authorize(Policy = Policies.Admin)]
internal sealed class IndexModel(AuditLog log, HubStore store) : PageModel
{
    private const int PerPage = 50;
    private static readonly Dictionary<string, AuditChange> Nothing = [];

    [BindProperty(SupportsGet = true)]
    public string? Q { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Kind { get; set; }

    [BindProperty(SupportsGet = true)]
    public DateOnly? From { get; set; }

    /// <summary>Inclusive, as people mean it.</summary>
    [BindProperty(SupportsGet = true)]
    public DateOnly? To { get; set; }

    [BindProperty(SupportsGet = true)]
    public long? Before { get; set; }

    public IReadOnlyList<AuditRow> Rows { get; private set; } = [];

    /// <summary>Number from which the next page goes on; null on the last.</summary>
    public long? Next { get; private set; }

    public AuditVerdict? Verdict { get; private set; }

    private Dictionary<string, string> Names { get; set; } = [];

    public static IReadOnlyList<(string Value, string Name)> Kinds { get; } =
    [
        ("", "Everything"), ("sign-in", "Sign-ins"), ("person", "People"), ("password", "Passwords"), ("second-factor", "Second factors"), ("link", "Invitations and links"),
        ("token", "API tokens"), ("team", "Teams"), ("duty", "Duty"), ("channel", "Channels"), ("connection", "Connections"), ("alert", "Alerts"), ("setting", "Settings"), ("audit", "The audit itself"),
    ];

    public async Task OnGetAsync(CancellationToken cancel)
    {
        var rows = await log.ReadAsync(Filter() with { Before = Before }, PerPage + 1, cancel);
        Rows = [.. rows.Take(PerPage)];
        Next = rows.Count > PerPage ? rows[PerPage - 1].Number : null;
        Names = await store.ReadAsync(
            async db =>
            {
                var names = await db.People.ToDictionaryAsync(p => p.Id.ToString(), p => p.Name, StringComparer.Ordinal, cancel);
                foreach (var team in await db.Teams.ToListAsync(cancel)) names[team.Id.ToString()] = team.Name;
                foreach (var connection in await db.Connections.Select(c => new { c.Id, c.Name }).ToListAsync(cancel)) names[connection.Id.ToString()] = connection.Name;
                return names;
            },
            cancel);
    }

    public async Task OnGetVerifyAsync(CancellationToken cancel)
    {
        Verdict = await log.VerifyAsync(cancel);
        await OnGetAsync(cancel);
    }

    public async Task<IActionResult> OnGetCsvAsync(CancellationToken cancel) =>
        File(await AuditEndpoints.FileAsync(log, Filter(), cancel), AuditCsv.ContentType, AuditCsv.Name);

    /// <summary>A name for an id that has one today.</summary>
    public string Told(string text) => Names.GetValueOrDefault(text, text);

    public static IReadOnlyDictionary<string, AuditChange> Changes(AuditRow row) =>
        row.Detail.Length == 0 ? Nothing : Json.Read<Dictionary<string, AuditChange>>(row.Detail);

    public Dictionary<string, string?> Query(long? before = null) => new(StringComparer.Ordinal)
    {
        ["q"] = Q,
        ["kind"] = Kind,
        ["from"] = From?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        ["to"] = To?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
        ["before"] = before?.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private AuditFilter Filter() => new() { Text = Q, Action = Kind, From = Day(From), To = Day(To?.AddDays(1)) };

    private static DateTimeOffset? Day(DateOnly? day) => day is { } date ? new DateTimeOffset(date.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero) : null;
}
