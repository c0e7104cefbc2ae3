using System.Net;
using Deskbridge.Access;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Tests.Stories;

/// <summary>The database server goes away and comes back.</summary>
public sealed class PostgresGoneStory
{
    [Fact]
    public async Task PostgresGoneForAWhile_NothingIsLostOrDoubled_AndTheHubGoesOnByItself()
    {
        await using var database = await TestDatabase.PostgresAsync();
        await using var way = new CutOff(database.Address!);
        await using var world = await StoryWorld.StartAsync(options => options with { Database = way.Address });
        var before = await world.PostTicketAsync("Before it went");
        await world.PollAsync();
        await StoryWorld.EventuallyAsync("the first page", async () => (await world.PagesAsync()).Count == 1);
        await StoryWorld.EventuallyAsync("the ticket is marked", async () => await world.FieldAsync(before, "Signl4Retrieved_c") == "true");
        await StoryWorld.EventuallyAsync(
            "nothing is under way", async () => !await world.Get<HubStore>().ReadAsync(db => db.Effects.AnyAsync(effect => EffectStates.Unsettled.Contains(effect.State)), default));
        var alert = await world.AlertAsync(before);
        using var program = new Visitor(world.Hub.Address, "10.0.0.1");
        program.UseToken((await world.Get<ApiTokens>().CreateAsync(world.Dana.Id, "test", TokenScope.All, null, default)).Token);

        way.Cut();
        await world.PostTicketAsync("While it was gone");
        await StoryWorld.EventuallyAsync("it is not ready", async () => (await program.GetAsync("/health/ready")).StatusCode == HttpStatusCode.ServiceUnavailable);
        using (var refused = await program.PostJsonAsync($"/api/v1/alerts/{alert.Id}/acknowledge", new { }))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Contains("database server does not answer", (await Visitor.JsonAsync(refused))["detail"]!.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal("live", await program.ReadAsync("/health/live"));
        Assert.Single(await world.PagesAsync());

        way.Mend();
        await StoryWorld.EventuallyAsync("it is ready again", async () => (await program.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK);
        await world.PollAsync();
        await StoryWorld.EventuallyAsync("the ticket of the bad time pages", async () => (await world.PagesAsync()).Count == 2);
        Assert.Equal(1, (await world.PagesAsync()).Count(page => page["title"]!.ToString().Contains("While it was gone")));
        using var acknowledged = await program.PostJsonAsync($"/api/v1/alerts/{alert.Id}/acknowledge", new { });
        Assert.Equal(HttpStatusCode.OK, acknowledged.StatusCode);
        await StoryWorld.EventuallyAsync("its ticket shows that", async () => await world.FieldAsync(before, "Signl4Status_c") == "Acknowledged"); // a look at the ticket that was cut off holds its claim for a minute
    }
}
