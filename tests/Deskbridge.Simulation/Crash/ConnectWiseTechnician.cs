using System.Text.Json.Nodes;
using Deskbridge.Connectors;
using Deskbridge.Sandbox;

namespace Deskbridge.Simulation.Crash;

/// <summary>The technician of a ConnectWise PSA.</summary>
internal sealed class ConnectWiseTechnician(SandboxServer sandbox) : Technician(sandbox)
{
    private const string Name = "sburke";

    public override string Kind => "connectwise-psa";

    public override JsonObject Settings { get; } = new()
    {
        ["instanceUri"] = sandbox.HttpUrl.ToString(),
        ["companyId"] = sandbox.ConnectWise.CompanyId,
        ["memberId"] = sandbox.ConnectWise.MemberId,
        ["publicKey"] = sandbox.ConnectWise.PublicKey,
        ["privateKey"] = sandbox.ConnectWise.PrivateKey,
        ["clientId"] = sandbox.ConnectWise.ClientId,
    };

    public override string New => "New (not responded)";

    public override string Working => "In Progress (plan of action)";

    public override string Taken => "Assigned (responded)";

    public override string Closed => "Closed (resolved)";

    public override bool HasMarkers => true;

    public override bool TakesFiles => true;

    public override async Task<int> OpenAsync(string title) =>
        (int)(await SendAsync(HttpMethod.Post, "tickets", new JsonObject { ["by"] = Name, ["summary"] = title, ["board"] = Id(1), ["company"] = Id(250) }))["id"]!;

    public override Task SetStatusAsync(int ticket, string status) => ChangeAsync(ticket, "status", new JsonObject { ["name"] = status });

    public override Task RetitleAsync(int ticket, string title) => ChangeAsync(ticket, "summary", JsonValue.Create(title));

    public override Task NoteAsync(int ticket, string text) =>
        SendAsync(HttpMethod.Post, $"tickets/{ticket}/notes", new JsonObject { ["by"] = Name, ["text"] = text, ["internalAnalysisFlag"] = true });

    public override async Task<string?> StatusAsync(int ticket) => (string?)(await TicketAsync(ticket))["status"]!["name"];

    public override async Task<string?> MarkerAsync(int ticket) =>
        (await TicketAsync(ticket))["customFields"]!.AsArray().Single(field => (string?)field!["caption"] == "Signl4Status_c")!["value"]?.ToString();

    public override async Task<IReadOnlyList<string>> NotesAsync(int ticket) => [.. (await TicketAsync(ticket))["notes"]!.AsArray().Select(note => (string)note!["text"]!)];

    public override async Task<IReadOnlyList<Commit>> CommitsAsync()
    {
        var setup = await SendAsync(HttpMethod.Get, "setup", null);
        var captions = setup["customFields"]!.AsArray().ToDictionary(field => field!["id"]!.ToString(), field => Named(field!));
        var statuses = setup["statuses"]!.AsArray().ToDictionary(status => status!["id"]!.ToString(), status => Named(status!));
        return [.. (await LogAsync("commit")).Select(line => Read(line, captions, statuses))];
    }

    public override IEnumerable<string> Provisioned(IReadOnlyList<Commit> commits)
    {
        foreach (var (table, count) in (IReadOnlyList<(string, int)>)[("userDefinedFields", 3), ("callbacks", 1)])
        {
            var made = commits.Count(c => c.Table == table && c is { Added: true, IsHub: true });
            if (made != count) yield return $"Install made {made} {table} instead of {count}.";
        }
    }

    private static Commit Read(JsonNode line, Dictionary<string, string> captions, Dictionary<string, string> statuses)
    {
        var table = (string)line["table"]!;
        var record = line["record"] as JsonObject;
        var changed = line["changed"]!.AsArray().Select(name => (string)name!).ToHashSet(StringComparer.Ordinal);
        var thing = table switch { "tickets" => Thing.Ticket, "notes" => Thing.Note, "documents" => Thing.File, "scheduleEntries" => Thing.ScheduleEntry, _ => Thing.Other };
        var id = line["id"]!.ToString();
        return new Commit((long)line["seq"]!, thing, table, id, (string?)line["action"] == "added", (string?)line["by"] == "deskbridge", line.ToJsonString())
        {
            Gone = record is null,
            Ticket = thing switch
            {
                Thing.Ticket => id,
                Thing.Note => record?["ticketId"]?.ToString(),
                Thing.File => record?["_recordId"]?.ToString(),
                Thing.ScheduleEntry => record?["objectId"]?.ToString(),
                _ => null,
            },
            ChangesStatus = changed.Contains("status"),
            ChangesFields = changed.Overlaps(["status", "owner", "customFields"]),
            Fields = thing == Thing.Ticket && record is not null ? FieldsOf(record, captions) : new Dictionary<string, string?>(),
            StatusName = thing == Thing.Ticket ? statuses.GetValueOrDefault(record?["status"]?["id"]?.ToString() ?? "", "none") : "none",
            Text = thing == Thing.Other ? "" : record?[thing == Thing.Note ? "text" : thing == Thing.File ? "title" : "summary"]?.ToString() ?? "",
            Done = thing == Thing.ScheduleEntry && (bool?)record?["doneFlag"] == true,
        };
    }

    private static Dictionary<string, string?> FieldsOf(JsonObject record, Dictionary<string, string> captions)
    {
        var custom = (record["customFields"] as JsonArray ?? []).ToDictionary(field => captions.GetValueOrDefault(field!["id"]!.ToString(), ""), field => field!["value"]?.ToString() is { Length: > 0 } value ? value : null);
        return new(StringComparer.Ordinal)
        {
            [TicketFields.Status] = record["status"]?["id"]?.ToString(),
            [TicketFields.Owner] = record["owner"]?["id"]?.ToString(),
            [TicketFields.Closed] = (bool?)record["closedFlag"] == true ? "true" : "false",
            [TicketFields.MarkerRetrieved] = custom.GetValueOrDefault("Signl4Retrieved_c"),
            [TicketFields.MarkerStatus] = custom.GetValueOrDefault("Signl4Status_c"),
            [TicketFields.MarkerUser] = custom.GetValueOrDefault("Signl4User_c"),
        };
    }

    private Task<JsonNode> TicketAsync(int ticket) => SendAsync(HttpMethod.Get, $"tickets/{ticket}", null);

    private Task<JsonNode> ChangeAsync(int ticket, string member, JsonNode value) =>
        SendAsync(HttpMethod.Patch, $"tickets/{ticket}", new JsonObject { ["by"] = Name, [member] = value });

    private static JsonObject Id(int id) => new() { ["id"] = id };

    private static string Named(JsonNode item) => (string?)item["caption"] ?? (string?)item["name"] ?? "";
}
