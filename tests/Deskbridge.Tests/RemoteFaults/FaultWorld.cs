using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Deskbridge.Access;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Deskbridge.Testing;
using Deskbridge.Tests.Stories;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.RemoteFaults;

/// <summary>A hub with short intervals on a sandbox that misbehaves, and a program that reads what people see.</summary>
internal sealed class FaultWorld : IAsyncDisposable
{
    private const string Note = "Restarted the transport service.";
    private readonly Visitor _program;
    private int _round;
    private DateTimeOffset _since;

    private FaultWorld(StoryTechnician technician, Visitor program) => (Technician, _program) = (technician, program);

    /// <summary>The technician of the system that misbehaves.</summary>
    public StoryTechnician Technician { get; }

    public StoryWorld Story => Technician.World;

    public int Ticket { get; private set; }

    private string Title => $"Mail server down at Harborview, case {_round:000}";

    public static async Task<FaultWorld> StartAsync(Vendor vendor)
    {
        var technician = await StoryTechnician.StartAsync(vendor, options => options with
        {
            Configuration = new Dictionary<string, string?> { ["Connections:PollInterval"] = "00:00:01", ["Connections:ListsKeptFor"] = "00:00:01", ["Connections:CallsPerMinute"] = "100000" },
        });
        var story = technician.World;
        var program = new Visitor(story.Hub.Address, "10.0.0.1");
        program.UseToken((await story.Get<ApiTokens>().CreateAsync(story.Dana.Id, "test", TokenScope.All, null, default)).Token);
        return new FaultWorld(technician, program);
    }

    /// <summary>Lets the calls of one kind go wrong: so many of them, or until everything is well again.</summary>
    public Task StrikeAsync(string kind, (string Method, string Path) calls, int? count = null, int? retryAfter = null, int? milliseconds = null)
    {
        var fault = new JsonObject { ["kind"] = kind, ["method"] = calls.Method, ["path"] = calls.Path };
        if (count is { } times) fault["count"] = times;
        if (retryAfter is { } seconds) fault["retryAfter"] = seconds;
        if (milliseconds is { } slow) fault["milliseconds"] = slow;
        return FaultAsync(fault);
    }

    /// <summary>Orders a fault of the PSA.</summary>
    public Task FaultAsync(object fault) => SendAsync(HttpMethod.Post, new Uri(Story.Sandbox.HttpUrl, "_control/faults"), fault);

    /// <summary>Orders a fault of the server that carries pages.</summary>
    public Task CarrierFaultAsync(object fault) => SendAsync(HttpMethod.Post, new Uri(Story.Sandbox.NtfyUrl, "_control/faults"), fault);

    public Task SwitchAsync(object switches) => SendAsync(HttpMethod.Put, new Uri(Story.Sandbox.HttpUrl, "_control/switches"), switches);

    /// <summary>As Autotask does after too many deliveries that nobody took.</summary>
    public async Task SwitchWebhookOffAsync()
    {
        var webhook = (await Story.ControlAsync(HttpMethod.Get, "autotask/records/TicketWebhooks")).AsArray().Single()!["id"];
        await ControlAsync(HttpMethod.Patch, $"autotask/records/TicketWebhooks/{webhook}", new { isActive = false });
    }

    public Task AutotaskSwitchAsync(object switches) => ControlAsync(HttpMethod.Put, "autotask/switches", switches);

    public Task ControlAsync(HttpMethod method, string path, object? body = null) => SendAsync(method, new Uri(Story.Sandbox.HttpUrl, "_control/" + path), body);

    /// <summary>What is there before the fault: nothing, or a ticket with its alert, marked.</summary>
    public async Task PrepareAsync(Work work)
    {
        _round++;
        _since = TimeProvider.System.GetUtcNow();
        await Technician.PrepareAsync(); // the fault may strike this list, too
        if (work == Work.NewTicket) return;
        Ticket = await Technician.PostTicketAsync(Title);
        await EventuallyAsync("the ticket is marked", () => Technician.IsMarkedAsync(Ticket));
        await EventuallyAsync("the phone rings", async () => await PagesAsync() == 1);
    }

    public async Task DoAsync(Work work)
    {
        if (work == Work.NewTicket) Ticket = await Technician.PostTicketAsync(Title);
        else if (work == Work.Acknowledge) Value(await Story.Get<AcknowledgeAlert>().RunAsync((await Story.AlertAsync(Ticket)).Id, Story.Dana, default));
        else Value(await Story.Get<AddAlertNote>().RunAsync((await Story.AlertAsync(Ticket)).Id, Story.Dana, Note, null, default));
    }

    /// <summary>Waits until the words stand where they should.</summary>
    public async Task SeeAsync(Sign sign)
    {
        var seen = "";
        try
        {
            await EventuallyAsync(sign.ToString(), async () => (seen = await ShownAsync(sign.Place)).Contains(sign.In(Technician), StringComparison.OrdinalIgnoreCase));
        }
        catch (Xunit.Sdk.FailException failure)
        {
            Assert.Fail($"{failure.Message}\nshown was: {seen}");
        }
    }

    /// <summary>The remote is well again.</summary>
    public async Task HealAsync()
    {
        await SendAsync(HttpMethod.Delete, new Uri(Story.Sandbox.HttpUrl, "_control/faults"), null);
        await SendAsync(HttpMethod.Delete, new Uri(Story.Sandbox.NtfyUrl, "_control/faults"), null);
        if (Technician is AutotaskTechnician) await AutotaskSwitchAsync(new { threshold = 10_000, retryAfterSeconds = 0, locked = false, zone = "" });
    }

    /// <summary>Nothing is lost and nothing doubled: the work arrived, once, on both sides.</summary>
    public async Task EndsWellAsync(RemoteFault fault)
    {
        await EventuallyAsync("the ticket pages", async () => await PagesAsync() >= 1);
        await EventuallyAsync("the ticket is marked", async () => Technician is AutotaskTechnician || await Story.FieldAsync(Ticket, "Signl4Retrieved_c") is "true" or null);
        if (fault.Work == Work.Acknowledge) await EventuallyAsync("the status is there", async () => await Technician.StatusAsync(Ticket) == fault.EndsAs(Technician));
        if (fault.Work == Work.Note && fault.Arrives) await EventuallyAsync("the note is there", async () => await NotesAsync() == 1);
        await EventuallyAsync("nothing is under way", NothingIsUnderWayAsync);

        Assert.Equal(fault.Work == Work.Acknowledge ? AlertStatus.Acknowledged : AlertStatus.Open, (await Story.AlertAsync(Ticket)).Status);
        Assert.InRange(await PagesAsync(), 1, fault.MostPages);
        Assert.True(await NotesAsync() <= 1);
        Assert.True(await Technician.StatusChangesAsync(Ticket) <= 1);
    }

    public async ValueTask DisposeAsync()
    {
        _program.Dispose();
        await Technician.DisposeAsync();
    }

    private Task<bool> NothingIsUnderWayAsync() =>
        Story.Get<HubStore>().ReadAsync(db => db.Effects.AllAsync(effect => !EffectStates.Unsettled.Contains(effect.State)), default);

    private async Task<int> PagesAsync() => (await Story.PagesAsync()).Count(page => page["title"]!.ToString().Contains(Title, StringComparison.Ordinal));

    private async Task<int> NotesAsync() => (await Technician.NotesAsync(Ticket)).Count(note => note.Text.Contains(Note, StringComparison.Ordinal));

    private async Task<string> ShownAsync(Place place) => place switch
    {
        Place.Phone => await PagesAsync() > 0 ? "the page" : "",
        Place.Alert => await FindAlertAsync() is { } alert ? await ReadAsync($"/api/v1/alerts/{alert}") : "",
        Place.Events => await ReadEventsAsync(),
        Place.Connection => await ReadAsync($"/api/v1/connections/{Story.ConnectionId}"),
        _ => Regex.Unescape((await Technician.TicketAsync(Ticket)).ToJsonString()),
    };

    private async Task<Guid?> FindAlertAsync()
    {
        var id = Ticket.ToString(CultureInfo.InvariantCulture);
        return await Story.Get<HubStore>().ReadAsync(
            db => (from alert in db.Alerts
                   join link in db.Links on alert.LinkId equals link.Id
                   where link.RemoteId == id && link.ConnectionId == Story.ConnectionId
                   select (Guid?)alert.Id).SingleOrDefaultAsync(),
            default);
    }

    /// <summary>What was written down since this case began.</summary>
    private async Task<string> ReadEventsAsync()
    {
        var all = (await _program.Http.GetFromJsonAsync<JsonNode>($"/api/v1/connections/{Story.ConnectionId}/events"))!["items"]!.AsArray();
        return Regex.Unescape(string.Join('\n', all.Where(entry => entry!["at"]!.GetValue<DateTimeOffset>() >= _since).Select(entry => entry!.ToJsonString())));
    }

    private async Task<string> ReadAsync(string path) => Regex.Unescape((await _program.Http.GetFromJsonAsync<JsonNode>(path))!.ToJsonString());

    private async Task SendAsync(HttpMethod method, Uri address, object? body)
    {
        using var message = new HttpRequestMessage(method, address);
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Story.Sandbox.ControlToken);
        if (body is not null) message.Content = JsonContent.Create(body);
        using var answer = await Story.Psa.SendAsync(message);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
