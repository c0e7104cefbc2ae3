using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Deskbridge.Access;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Deskbridge.Tests.Stories;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.RemoteFaults;

/// <summary>A hub with short intervals on a sandbox that misbehaves, and a program that reads what people see.</summary>
internal sealed class FaultWorld : IAsyncDisposable
{
    private const string Title = "Mail server down at Harborview";
    private const string Note = "Restarted the transport service.";
    private readonly Visitor _program;

    private FaultWorld(StoryWorld story, Visitor program) => (Story, _program) = (story, program);

    public StoryWorld Story { get; }

    public int Ticket { get; private set; }

    public static async Task<FaultWorld> StartAsync()
    {
        var story = await StoryWorld.StartAsync(options => options with
        {
            Configuration = new Dictionary<string, string?> { ["Connections:PollInterval"] = "00:00:01", ["Connections:ListsKeptFor"] = "00:00:01", ["Connections:CallsPerMinute"] = "100000" },
        });
        var program = new Visitor(story.Hub.Address, "10.0.0.1");
        program.UseToken((await story.Get<ApiTokens>().CreateAsync(story.Dana.Id, "test", TokenScope.All, null, default)).Token);
        return new FaultWorld(story, program);
    }

    /// <summary>Orders a fault of the PSA.</summary>
    public Task FaultAsync(object fault) => SendAsync(HttpMethod.Post, new Uri(Story.Sandbox.HttpUrl, "_control/faults"), fault);

    /// <summary>Orders a fault of the server that carries pages.</summary>
    public Task CarrierFaultAsync(object fault) => SendAsync(HttpMethod.Post, new Uri(Story.Sandbox.NtfyUrl, "_control/faults"), fault);

    public Task SwitchAsync(object switches) => SendAsync(HttpMethod.Put, new Uri(Story.Sandbox.HttpUrl, "_control/switches"), switches);

    public Task ControlAsync(HttpMethod method, string path, object? body = null) => SendAsync(method, new Uri(Story.Sandbox.HttpUrl, "_control/" + path), body);

    /// <summary>What is there before the fault: nothing, or a ticket with its alert, marked.</summary>
    public async Task PrepareAsync(Work work)
    {
        await Story.PlaceAsync(); // the fault may strike this list, too
        if (work == Work.NewTicket) return;
        Ticket = await Story.PostTicketAsync(Title);
        await EventuallyAsync("the ticket is marked", async () => await Story.FieldAsync(Ticket, "Signl4Retrieved_c") == "true");
        await EventuallyAsync("the phone rings", async () => await PagesAsync() == 1);
    }

    public async Task DoAsync(Work work)
    {
        if (work == Work.NewTicket) Ticket = await Story.PostTicketAsync(Title);
        else if (work == Work.Acknowledge) Value(await Story.Get<AcknowledgeAlert>().RunAsync((await Story.AlertAsync(Ticket)).Id, Story.Dana, default));
        else Value(await Story.Get<AddAlertNote>().RunAsync((await Story.AlertAsync(Ticket)).Id, Story.Dana, Note, null, default));
    }

    /// <summary>Waits until the words stand where they should.</summary>
    public async Task SeeAsync(Sign sign)
    {
        var seen = "";
        try
        {
            await EventuallyAsync(sign.ToString(), async () => (seen = await ShownAsync(sign.Place)).Contains(sign.Words, StringComparison.OrdinalIgnoreCase));
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
    }

    /// <summary>Nothing is lost and nothing doubled: the work arrived, once, on both sides.</summary>
    public async Task EndsWellAsync(RemoteFault fault)
    {
        await EventuallyAsync("the ticket pages", async () => await PagesAsync() >= 1);
        await EventuallyAsync("the ticket is marked", async () => await Story.FieldAsync(Ticket, "Signl4Retrieved_c") is "true" or null);
        if (fault.Work == Work.Acknowledge) await EventuallyAsync("the status is there", async () => await StatusAsync() == (fault.EndsAs ?? "Assigned (responded)"));
        if (fault.Work == Work.Note && fault.EndsAs is null) await EventuallyAsync("the note is there", async () => await NotesAsync() == 1);
        await EventuallyAsync("nothing is under way", NothingIsUnderWayAsync);

        Assert.Equal(fault.Work == Work.Acknowledge ? AlertStatus.Acknowledged : AlertStatus.Open, (await Story.AlertAsync(Ticket)).Status);
        Assert.InRange(await PagesAsync(), 1, fault.MostPages);
        Assert.True(await NotesAsync() <= 1);
        Assert.True(await StatusWritesAsync() <= 1);
    }

    public async ValueTask DisposeAsync()
    {
        _program.Dispose();
        await Story.DisposeAsync();
    }

    private Task<bool> NothingIsUnderWayAsync() =>
        Story.Get<HubStore>().ReadAsync(db => db.Effects.AllAsync(effect => !EffectStates.Unsettled.Contains(effect.State)), default);

    private async Task<string> StatusAsync() => (await Story.TicketAsync(Ticket))["status"]!["name"]!.ToString();

    private async Task<int> PagesAsync() => (await Story.PagesAsync()).Count(page => page["title"]!.ToString().Contains(Title, StringComparison.Ordinal));

    private async Task<int> NotesAsync() => (await Story.NotesAsync(Ticket)).Count(note => note!["text"]!.ToString().Contains(Note, StringComparison.Ordinal));

    /// <summary>How often the hub changed the ticket's status, by the sandbox's own log.</summary>
    private async Task<int> StatusWritesAsync()
    {
        var commits = (await Story.ControlAsync(HttpMethod.Get, "log?kind=commit&limit=10000"))["items"]!.AsArray();
        return commits.Count(line => line!["type"]?.ToString() == "ticket" && line["id"]?.GetValue<int>() == Ticket && line["action"]?.ToString() == "updated"
            && line["changed"]?.AsArray().Any(member => member!.ToString() == "status") == true);
    }

    private async Task<string> ShownAsync(Place place) => place switch
    {
        Place.Phone => await PagesAsync() > 0 ? "the page" : "",
        Place.Alert => await FindAlertAsync() is { } alert ? await ReadAsync($"/api/v1/alerts/{alert}") : "",
        Place.Events => await ReadAsync($"/api/v1/connections/{Story.ConnectionId}/events"),
        Place.Connection => await ReadAsync($"/api/v1/connections/{Story.ConnectionId}"),
        _ => Regex.Unescape((await Story.TicketAsync(Ticket)).ToJsonString()),
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
