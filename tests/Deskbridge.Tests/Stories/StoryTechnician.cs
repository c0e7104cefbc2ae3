using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Tests.Stories;

/// <summary>The technician of whichever system a story is connected to: what holds for any system is told in these words.</summary>
internal abstract class StoryTechnician(StoryWorld world) : IAsyncDisposable
{
    public StoryWorld World => world;

    /// <summary>What messages call the system.</summary>
    public abstract string System { get; }

    /// <summary>The status of a new ticket.</summary>
    public abstract string New { get; }

    /// <summary>The status that an acknowledge sets.</summary>
    public abstract string Taken { get; }

    /// <summary>The status that a close sets.</summary>
    public abstract string Closed { get; }

    /// <summary>The calls that matter to tickets, for faults to strike.</summary>
    public abstract SystemCalls Calls { get; }

    /// <summary>Where its log, its switches and its records are controlled.</summary>
    public abstract string Control { get; }

    /// <summary>Starts a hub that is connected to a system of the vendor.</summary>
    public static async Task<StoryTechnician> StartAsync(Vendor vendor, Func<HubOptions, HubOptions>? with = null, JsonObject? settings = null, bool pages = false) => vendor == Vendor.Autotask
        ? new AutotaskTechnician(await StoryWorld.StartAsync(with, settings: settings, pages: pages, remote: AutotaskWorld.Remote))
        : new ConnectWiseTechnician(await StoryWorld.StartAsync(with, settings: settings, pages: pages));

    /// <summary>What has to be known to post tickets, while lists can still be read.</summary>
    public virtual Task PrepareAsync() => Task.CompletedTask;

    public abstract Task<int> PostTicketAsync(string title);

    public abstract Task SetStatusAsync(int ticket, string status);

    /// <summary>An administrator gives a status another name.</summary>
    public abstract Task RenameStatusAsync(string from, string to);

    /// <summary>The name of the ticket's status.</summary>
    public abstract Task<string> StatusAsync(int ticket);

    /// <summary>The email of the ticket's owner; null for nobody.</summary>
    public abstract Task<string?> OwnerAsync(int ticket);

    public abstract Task<JsonNode> TicketAsync(int ticket);

    /// <summary>Ids and texts of the ticket's notes.</summary>
    public abstract Task<IReadOnlyList<(int Id, string Text)>> NotesAsync(int ticket);

    public abstract Task ChangeNoteAsync(int ticket, int note, string text);

    public abstract Task DeleteAsync(int ticket);

    /// <summary>The hub's marker is on the ticket, where tickets carry one.</summary>
    public virtual Task<bool> IsMarkedAsync(int ticket) => Task.FromResult(true);

    /// <summary>The marker has this word for the state of the alert, where tickets carry one.</summary>
    public virtual Task<bool> MarkerSaysAsync(int ticket, string word) => Task.FromResult(true);

    /// <summary>The marker has this person's email, where tickets carry one.</summary>
    public virtual Task<bool> MarkerNamesAsync(int ticket, string email) => Task.FromResult(true);

    /// <summary>How often a ticket's status was changed, by the sandbox's own log.</summary>
    public async Task<int> StatusChangesAsync(int ticket)
    {
        var commits = (await World.ControlAsync(HttpMethod.Get, $"{Control}log?kind=commit&limit=10000"))["items"]!.AsArray();
        return commits.Count(line => line!["table"]!.ToString().Equals("tickets", StringComparison.OrdinalIgnoreCase) && line["id"]!.GetValue<int>() == ticket && line["action"]!.ToString().StartsWith("update", StringComparison.OrdinalIgnoreCase)
            && line["changed"]!.AsArray().Any(member => member!.ToString() == "status"));
    }

    public ValueTask DisposeAsync() => World.DisposeAsync();
}

/// <summary>Which requests of the hub do what; method and path as the sandbox's faults know them.</summary>
/// <param name="List">Reads the changed tickets.</param>
/// <param name="Write">Changes a ticket.</param>
/// <param name="Note">Adds a note.</param>
internal sealed record SystemCalls((string Method, string Path) List, (string Method, string Path) Write, (string Method, string Path) Note);

/// <summary>The technician of ConnectWise.</summary>
internal sealed class ConnectWiseTechnician(StoryWorld world) : StoryTechnician(world)
{
    public override string System => "ConnectWise";

    public override string New => "New (not responded)";

    public override string Taken => "Assigned (responded)";

    public override string Closed => "Closed (resolved)";

    public override SystemCalls Calls { get; } = new(("GET", @"^/service/tickets(\?|$)"), ("PATCH", @"^/service/tickets/\d+$"), ("POST", @"^/service/tickets/\d+/notes"));

    public override string Control => "";

    public override Task PrepareAsync() => World.PlaceAsync();

    public override Task<int> PostTicketAsync(string title) => World.PostTicketAsync(title);

    public override Task SetStatusAsync(int ticket, string status) => World.SetStatusAsync(ticket, status);

    public override async Task RenameStatusAsync(string from, string to)
    {
        var status = (await World.ControlAsync(HttpMethod.Get, "setup"))["statuses"]!.AsArray().First(one => one!["name"]!.ToString() == from)!["id"];
        await World.ControlAsync(HttpMethod.Put, $"statuses/{status}", new { name = to });
    }

    public override async Task<string> StatusAsync(int ticket) => (await TicketAsync(ticket))["status"]!["name"]!.ToString();

    public override async Task<string?> OwnerAsync(int ticket) => (await TicketAsync(ticket))["owner"]?["id"] is { } id
        ? (await World.Psa.GetFromJsonAsync<JsonNode>($"system/members/{id}", TestContext.Current.CancellationToken))!["officeEmail"]!.ToString()
        : null;

    public override Task<JsonNode> TicketAsync(int ticket) => World.TicketAsync(ticket);

    public override async Task<IReadOnlyList<(int Id, string Text)>> NotesAsync(int ticket) => [.. (await World.NotesAsync(ticket)).Select(note => (note!["id"]!.GetValue<int>(), note["text"]!.ToString()))];

    public override Task ChangeNoteAsync(int ticket, int note, string text) => World.PatchAsync($"service/tickets/{ticket}/notes/{note}", "text", text);

    public override Task DeleteAsync(int ticket) => World.ControlAsync(HttpMethod.Delete, $"tickets/{ticket}?member=sburke");

    public override async Task<bool> MarkerSaysAsync(int ticket, string word) => (await World.FieldAsync(ticket, "Signl4Status_c") ?? "") == word;

    public override async Task<bool> MarkerNamesAsync(int ticket, string email) => await World.FieldAsync(ticket, "Signl4User_c") == email;

    public override async Task<bool> IsMarkedAsync(int ticket) => await World.FieldAsync(ticket, "Signl4Retrieved_c") == "true";
}

/// <summary>The technician of Autotask.</summary>
internal sealed class AutotaskTechnician(StoryWorld world) : StoryTechnician(world)
{
    public override string System => "Autotask";

    public override string New => "New";

    public override string Taken => "In Progress";

    public override string Closed => "Complete";

    public override SystemCalls Calls { get; } = new(("POST", "^/Tickets/query$"), ("PATCH", "^/Tickets$"), ("POST", @"^/Tickets/\d+/Notes$"));

    public override string Control => "autotask/";

    public override async Task<int> PostTicketAsync(string title)
    {
        var company = await ControlAsync(HttpMethod.Get, "records/Companies");
        var ticket = await ControlAsync(HttpMethod.Post, "records/Tickets", new { title, companyID = company.AsArray().First(one => one!["id"]!.GetValue<int>() > 0)!["id"]!.GetValue<int>(), status = 1, priority = 1, queueID = 29_682_833, dueDateTime = "2030-01-01T00:00:00Z" });
        return ticket["id"]!.GetValue<int>();
    }

    public override async Task SetStatusAsync(int ticket, string status) =>
        await ControlAsync(HttpMethod.Patch, $"records/Tickets/{ticket}", new { status = int.Parse((await StatusValueAsync(one => one["label"]!.ToString() == status))["value"]!.ToString(), CultureInfo.InvariantCulture) });

    public override async Task RenameStatusAsync(string from, string to) =>
        await ControlAsync(HttpMethod.Patch, $"records/Picklists/{(await StatusValueAsync(one => one["label"]!.ToString() == from))["id"]}", new { label = to });

    /// <summary>An administrator takes a status out of use.</summary>
    public async Task RetireStatusAsync(string status) =>
        await ControlAsync(HttpMethod.Patch, $"records/Picklists/{(await StatusValueAsync(one => one["label"]!.ToString() == status))["id"]}", new { isActive = false });

    public override async Task<string> StatusAsync(int ticket)
    {
        var value = (await TicketAsync(ticket))["status"]!.ToString();
        return (await StatusValueAsync(one => one["value"]!.ToString() == value))["label"]!.ToString();
    }

    public override async Task<string?> OwnerAsync(int ticket) => (await TicketAsync(ticket))["assignedResourceID"] is { } id ? (await ControlAsync(HttpMethod.Get, $"records/Resources/{id}"))["email"]!.ToString() : null;

    public override Task<JsonNode> TicketAsync(int ticket) => ControlAsync(HttpMethod.Get, $"records/Tickets/{ticket}");

    public override async Task<IReadOnlyList<(int Id, string Text)>> NotesAsync(int ticket) =>
        [.. (await ControlAsync(HttpMethod.Get, "records/TicketNotes")).AsArray().Where(note => note!["ticketID"]!.GetValue<int>() == ticket).Select(note => (note!["id"]!.GetValue<int>(), note["description"]!.ToString()))];

    public override Task ChangeNoteAsync(int ticket, int note, string text) => ControlAsync(HttpMethod.Patch, $"records/TicketNotes/{note}", new { description = text });

    public override Task DeleteAsync(int ticket) => ControlAsync(HttpMethod.Delete, $"records/Tickets/{ticket}");

    /// <summary>Asks the hand that plays Autotask.</summary>
    public Task<JsonNode> ControlAsync(HttpMethod method, string path, object? body = null) => World.ControlAsync(method, Control + path, body);

    private async Task<JsonNode> StatusValueAsync(Func<JsonNode, bool> which) =>
        (await ControlAsync(HttpMethod.Get, "records/Picklists")).AsArray().First(one => one!["entity"]!.ToString() == "Tickets" && one["field"]!.ToString() == "status" && which(one))!;
}
