using Deskbridge.Core.Alerting;
using Deskbridge.Testing;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

public sealed class OutageStory
{
    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task Remote_ThatWasAway_GetsWhatWasDoneMeanwhile_Once(Vendor vendor)
    {
        await using var technician = await StoryTechnician.StartAsync(vendor);
        var world = technician.World;
        var ticket = await technician.PostTicketAsync("Before the outage");
        await world.PollAsync();
        await EventuallyAsync("it pages", async () => (await world.PagesAsync()).Count > 0);
        await EventuallyAsync("it is marked", () => technician.IsMarkedAsync(ticket));
        var alert = await world.AlertAsync(ticket);

        await world.EndSandboxAsync();
        Value(await world.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Dana, default));
        Value(await world.Get<AddAlertNote>().RunAsync(alert.Id, world.Dana, "Written while the remote was away.", null, default));
        await world.PollAsync();
        await world.StartSandboxAsync();
        var late = await technician.PostTicketAsync("After the outage");

        await EventuallyAsync("the ticket is assigned", async () => await technician.StatusAsync(ticket) == technician.Taken);
        await EventuallyAsync("the note is there once", async () => (await technician.NotesAsync(ticket)).Count(note => note.Text.Contains("was away", StringComparison.Ordinal)) == 1);
        await EventuallyAsync("the new ticket pages", async () => (await world.PagesAsync()).Any(p => p["title"]!.ToString().Contains("After the outage")));
        Assert.Equal(AlertStatus.Open, (await world.AlertAsync(late)).Status);
    }
}
