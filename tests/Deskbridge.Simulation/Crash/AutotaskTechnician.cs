using System.Globalization;
using System.Text.Json.Nodes;
using Deskbridge.Connectors;
using Deskbridge.Sandbox;

namespace Deskbridge.Simulation.Crash;

/// <summary>The technician of an Autotask.</summary>
internal sealed class AutotaskTechnician(SandboxServer sandbox) : Technician(sandbox)
{
    private const int Enough = 100_000;

    private static readonly Dictionary<string, string> Statuses = new(StringComparer.Ordinal) { ["1"] = "New", ["5"] = "Complete", ["7"] = "Waiting Customer", ["8"] = "In Progress" };

    private readonly string _user = sandbox.Autotask.UserName;
    private int _company;

    public override string Kind => "autotask";

    public override JsonObject Settings { get; } = new()
    {
        ["userName"] = sandbox.Autotask.UserName,
        ["secret"] = sandbox.Autotask.Secret,
        ["integrationCode"] = sandbox.Autotask.IntegrationCode,
        ["address"] = sandbox.HttpUrl.ToString(),
        ["acknowledgingStatuses"] = Statuses["7"],
        ["hourlyCalls"] = Enough,
    };

    public override string New => "New";

    public override string Working => "Waiting Customer";

    public override string Taken => "In Progress";

    public override string Closed => "Complete";

    public override bool TellsStates => true;

    protected override string Root => "autotask/";

    /// <summary>An hour's calls are made in minutes here, and all of them count.</summary>
    public override async Task PrepareAsync()
    {
        await SendAsync(HttpMethod.Put, "autotask/switches", new JsonObject { ["threshold"] = Enough });
        _company = (int)(await SendAsync(HttpMethod.Get, "autotask/records/Companies", null)).AsArray().First(company => (int)company!["id"]! > 0)!["id"]!;
    }

    public override async Task<int> OpenAsync(string title) => (int)(await SendAsync(
        HttpMethod.Post,
        "autotask/records/Tickets",
        new JsonObject { ["title"] = title, ["companyID"] = _company, ["status"] = 1, ["priority"] = 1, ["queueID"] = 29_682_833, ["dueDateTime"] = "2030-01-01T00:00:00Z" }))["id"]!;

    public override Task SetStatusAsync(int ticket, string status) => ChangeAsync(ticket, "status", int.Parse(Statuses.Single(known => known.Value == status).Key, CultureInfo.InvariantCulture));

    public override Task RetitleAsync(int ticket, string title) => ChangeAsync(ticket, "title", JsonValue.Create(title));

    public override Task NoteAsync(int ticket, string text) => SendAsync(
        HttpMethod.Post, "autotask/records/TicketNotes", new JsonObject { ["ticketID"] = ticket, ["title"] = "Note", ["description"] = text, ["noteType"] = 3, ["publish"] = 2 });

    public override async Task<string?> StatusAsync(int ticket) => NameOf((await SendAsync(HttpMethod.Get, $"autotask/records/Tickets/{ticket}", null))["status"]?.ToString());

    public override async Task<IReadOnlyList<string>> NotesAsync(int ticket)
    {
        var newest = await SendAsync(HttpMethod.Get, "autotask/records/TicketNotes", null);
        return [.. newest.AsArray().Where(note => (int)note!["ticketID"]! == ticket).Select(note => (string)note!["description"]!)];
    }

    public override async Task<IReadOnlyList<Commit>> CommitsAsync()
    {
        var hub = (await SendAsync(HttpMethod.Get, $"autotask/records/Resources?q={Uri.EscapeDataString(_user)}", null)).AsArray().Single()!["id"]!.ToString();
        return [.. (await LogAsync("commit")).Select(line => Read(line, hub))];
    }

    /// <summary>A webhook is made with its fields one by one: one that a kill cut off is taken away and made anew.</summary>
    public override IEnumerable<string> Provisioned(IReadOnlyList<Commit> commits)
    {
        var standing = commits.Where(c => c.Table == "TicketWebhooks").GroupBy(c => c.Id).Count(webhook => !webhook.Last().Gone);
        if (standing != 1) yield return $"There are {standing} webhooks of tickets instead of 1.";
    }

    private static Commit Read(JsonNode line, string hub)
    {
        var table = (string)line["table"]!;
        var record = line["record"] as JsonObject;
        var changed = line["changed"]!.AsArray().Select(name => (string)name!).ToHashSet(StringComparer.Ordinal);
        var thing = table switch { "Tickets" => Thing.Ticket, "TicketNotes" => Thing.Note, "TicketAttachments" => Thing.File, _ => Thing.Other };
        var id = line["id"]!.ToString();
        return new Commit((long)line["seq"]!, thing, table, id, (string?)line["action"] == "Create", line["by"]!.ToString() == hub, line.ToJsonString())
        {
            Gone = record is null,
            Ticket = thing switch { Thing.Ticket => id, Thing.Note or Thing.File => record?["ticketID"]?.ToString(), _ => null },
            ChangesStatus = changed.Contains("status"),
            ChangesFields = changed.Overlaps(["status", "assignedResourceID"]),
            Fields = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                [TicketFields.Status] = record?["status"]?.ToString(),
                [TicketFields.Owner] = record?["assignedResourceID"]?.ToString(),
                [TicketFields.Closed] = record?["status"]?.ToString() == "5" ? "true" : "false",
            },
            StatusName = NameOf(record?["status"]?.ToString()) ?? "none",
            Text = thing == Thing.Other ? "" : record?[thing == Thing.Note ? "description" : "title"]?.ToString() ?? "",
        };
    }

    private Task<JsonNode> ChangeAsync(int ticket, string field, JsonNode value) => SendAsync(HttpMethod.Patch, $"autotask/records/Tickets/{ticket}", new JsonObject { [field] = value });

    private static string? NameOf(string? value) => value is null ? null : Statuses.GetValueOrDefault(value, value);
}
