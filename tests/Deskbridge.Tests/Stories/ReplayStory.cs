using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>A dispatcher has the ticket of an event looked at again.</summary>
public sealed class ReplayStory
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Event_Replayed_LooksAtItsTicketNow_AndTheLogSaysWhatCameOfIt()
    {
        await using var world = await SilentAsync();
        using var dana = await world.ProgramAsync();
        var ticket = await world.PostTicketAsync("Backup failed");
        var callback = await CallbackAsync(world, dana, ticket);
        await EventuallyAsync("it is marked, and the hub knows", async () => await world.Get<HubStore>().ReadAsync(db => db.Effects.AnyAsync(effect => effect.State == EffectState.Confirmed), default));

        await ReplayAsync(dana, world, callback);

        var nothing = await OutcomeAsync(world, dana, ticket, 1);
        Assert.Equal("Looked at again: nothing is to be done; its alert stays open.", nothing["message"]!.ToString());
        Assert.Contains("Ticket is in", nothing["trace"]!.ToString(), StringComparison.Ordinal);

        // What no callback told of, and no poll found yet.
        await world.ControlAsync(HttpMethod.Post, "faults", new { kind = "callback-lost" });
        await world.SetStatusAsync(ticket, "In Progress (plan of action)");
        Assert.Equal(AlertStatus.Open, (await world.AlertAsync(ticket)).Status);
        using var browser = await world.SignedInAsync();
        using var shown = await browser.PostFormAsync($"/events/{callback}", [], $"/events/{callback}?handler=Replay");
        Assert.Equal(HttpStatusCode.Redirect, shown.StatusCode);
        Assert.Contains($"ticket={ticket}", shown.Headers.Location!.ToString(), StringComparison.Ordinal);

        Assert.Equal("Looked at again: its alert was acknowledged.", (await OutcomeAsync(world, dana, ticket, 2))["message"]!.ToString());
        Assert.Equal(AlertStatus.Acknowledged, (await world.AlertAsync(ticket)).Status);
        Assert.Single(await world.PagesAsync());
    }

    [Fact]
    public async Task Replay_IsRefusedInWords_AndRunsOnceForAKey()
    {
        await using var world = await SilentAsync();
        using var dana = await world.ProgramAsync();
        var ticket = await world.PostTicketAsync("Backup failed");
        var callback = await CallbackAsync(world, dana, ticket);
        var installed = (await EventsAsync(world, dana, "kind=install"))[0]!["id"]!.ToString();

        var none = await dana.PostJsonAsync(Path(world, installed), new { });
        var unknown = await dana.PostJsonAsync(Path(world, Guid.CreateVersion7().ToString()), new { });
        Assert.Equal(HttpStatusCode.Conflict, none.StatusCode);
        Assert.Contains("about no ticket", (await Visitor.JsonAsync(none))["detail"]!.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);

        var maja = Value(await world.Get<CreatePerson>().RunAsync(new PersonDraft("Maja Lind", "maja.lind@northbridge-msp.test"), world.Dana, default));
        Assert.IsType<OnlyDispatchersReplay>((await world.Get<ReplayEvent>().RunAsync(world.ConnectionId, Guid.Parse(callback), maja, Cancel)).Failure); // the page is open to readers

        for (var i = 0; i < 3; i++) Assert.Equal(HttpStatusCode.Accepted, (await dana.PostJsonAsync(Path(world, callback), new { }, "once")).StatusCode);
        await OutcomeAsync(world, dana, ticket, 1);
        Assert.Single(await EventsAsync(world, dana, $"kind=replay&ticket={ticket}"), entry => entry!["message"]!.ToString().StartsWith("Dana Reyes replays the event of", StringComparison.Ordinal));

        await world.Psa.DeleteAsync($"service/tickets/{ticket}", Cancel);
        var gone = await dana.PostJsonAsync(Path(world, callback), new { });
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    /// <summary>A hub that polls once an hour.</summary>
    private static Task<StoryWorld> SilentAsync() => StartAsync(pages: true, with: options => options with { Configuration = new Dictionary<string, string?> { ["Connections:PollInterval"] = "01:00:00" } });

    private static async Task<string> CallbackAsync(StoryWorld world, Visitor program, int ticket)
    {
        await EventuallyAsync("its callback is logged", async () => (await EventsAsync(world, program, $"kind=callback&ticket={ticket}")).Count > 0);
        return (await EventsAsync(world, program, $"kind=callback&ticket={ticket}"))[^1]!["id"]!.ToString();
    }

    private static async Task ReplayAsync(Visitor program, StoryWorld world, string entry)
    {
        var answer = await program.PostJsonAsync(Path(world, entry), new { });
        Assert.True(answer.StatusCode == HttpStatusCode.Accepted, await answer.Content.ReadAsStringAsync(Cancel));
    }

    private static async Task<JsonNode> OutcomeAsync(StoryWorld world, Visitor program, int ticket, int number)
    {
        JsonNode? found = null;
        await EventuallyAsync(string.Create(CultureInfo.InvariantCulture, $"outcome {number} is logged"), async () =>
            (found = (await EventsAsync(world, program, $"kind=replay&ticket={ticket}")).Where(entry => entry!["message"]!.ToString().StartsWith("Looked at again", StringComparison.Ordinal)).Reverse().ElementAtOrDefault(number - 1)) is not null);
        return found!;
    }

    private static async Task<JsonArray> EventsAsync(StoryWorld world, Visitor program, string filter) =>
        (await Visitor.JsonAsync(await program.GetAsync($"/api/v1/connections/{world.ConnectionId}/events?{filter}")))["items"]!.AsArray();

    private static string Path(StoryWorld world, string entry) => $"/api/v1/connections/{world.ConnectionId}/events/{entry}/replay";
}
