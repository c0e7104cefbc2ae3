using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections.Rights;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>Somebody shrinks the API member's role while tickets are worked on, and gives the right back later.</summary>
public sealed class RightsStory
{
    [Fact]
    public async Task RightLostInMidFlight_PageGoesOutTheCellIsNamedAndTheWorkGoesOnWhenItReturns()
    {
        await using var world = await StartAsync();
        var ticket = await world.PostTicketAsync("Domain controller restarts");
        await world.PollAsync();
        await EventuallyAsync("the ticket is marked as retrieved", async () => await world.FieldAsync(ticket, "Signl4Retrieved_c") == "true");
        await world.ControlAsync(HttpMethod.Put, "rights", new { cells = new Dictionary<string, string>(StringComparer.Ordinal) { ["Close Service Tickets"] = "None/None/None/All" } });
        var second = await world.PostTicketAsync("Second one, after the role changed");
        await world.PollAsync();
        await EventuallyAsync("the phone rings all the same", async () => (await world.PagesAsync()).Any(page => page["title"]!.ToString().Contains("Second one")));

        Value(await world.Get<CloseAlert>().RunAsync((await world.AlertAsync(ticket)).Id, world.Dana, default));
        await EventuallyAsync("the close is refused", async () => await RefusedAsync(world, ticket));
        await world.Get<RightsWatch>().LookAsync(world.ConnectionId, default);

        var rights = (await world.Get<RightsBook>().ReadAsync(world.ConnectionId, default))!;
        Assert.Equal("Service Desk > Close Service Tickets > Edit", RightsBook.Lacks(rights.Found!));
        Assert.NotEqual("Closed (resolved)", (await world.TicketAsync(ticket))["status"]!["name"]!.ToString());

        await world.ControlAsync(HttpMethod.Put, "rights", new { others = "All/All/All/All" });
        Assert.Null(await world.Get<RightsBook>().CheckAsync(world.ConnectionId, goOn: false, default));

        await EventuallyAsync("the ticket is closed", async () => (await world.TicketAsync(ticket))["status"]!["name"]!.ToString() == "Closed (resolved)");
        await EventuallyAsync("the marker follows", async () => await world.FieldAsync(ticket, "Signl4Status_c") == "Resolved");
        Assert.NotEqual("Closed (resolved)", (await world.TicketAsync(second))["status"]!["name"]!.ToString());
    }

    private static Task<bool> RefusedAsync(StoryWorld world, int ticket)
    {
        var id = ticket.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return world.Get<HubStore>().ReadAsync(db => db.Effects.AnyAsync(effect => effect.RemoteId == id && effect.State == EffectState.Rejected && effect.ForRight), default);
    }
}
