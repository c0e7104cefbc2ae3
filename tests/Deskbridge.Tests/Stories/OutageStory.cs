using Deskbridge.Core.Alerting;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

public sealed class OutageStory
{
    [Fact]
    public async Task Remote_ThatWasAway_GetsWhatWasDoneMeanwhile_Once()
    {
        await using var world = await StartAsync();
        var ticket = await world.PostTicketAsync("Before the outage");
        await EventuallyAsync("it pages and is marked", async () => await world.FieldAsync(ticket, "Signl4Retrieved_c") == "true");
        var alert = await world.AlertAsync(ticket);

        await world.EndSandboxAsync();
        Value(await world.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Dana, default));
        Value(await world.Get<AddAlertNote>().RunAsync(alert.Id, world.Dana, "Written while ConnectWise was away.", null, default));
        await world.PollAsync();
        await world.StartSandboxAsync();
        var late = await world.PostTicketAsync("After the outage");

        await EventuallyAsync("the ticket is assigned", async () => (await world.TicketAsync(ticket))["status"]!["name"]!.ToString() == "Assigned (responded)");
        await EventuallyAsync("the note is there once", async () => (await world.NotesAsync(ticket)).Count(n => n!["text"]!.ToString().Contains("was away")) == 1);
        await EventuallyAsync("the new ticket pages", async () => (await world.PagesAsync()).Any(p => p["title"]!.ToString().Contains("After the outage")));
        Assert.Equal(AlertStatus.Open, (await world.AlertAsync(late)).Status);
    }
}
