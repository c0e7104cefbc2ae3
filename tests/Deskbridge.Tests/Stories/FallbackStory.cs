using System.Text.Json.Nodes;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Tests.Intake;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>Mail and callouts of Autotask, and how they grow into the two-way connection (T12 to T15 of the requirements).</summary>
public sealed class FallbackStory
{
    /// <summary>Matches no ticket: what pages comes by mail or callout.</summary>
    private static readonly JsonObject Nothing = new() { ["queryFilter"] = """{"op":"eq","field":"title","value":"nothing of this name"}""" };

    [Fact]
    public async Task Callout_OfTheWorkflowRule_PagesAtOnce_AndTheConnectionTakesTheAlertOver()
    {
        await using var world = await AutotaskWorld.StartAsync((JsonObject)Nothing.DeepClone());
        using var box = await BoxAsync(world);
        await world.World.ControlAsync(HttpMethod.Post, "autotask/records/ExtensionCallouts", new { name = "Deskbridge", url = new Uri(world.World.Hub.Address, "/intake/callout").ToString(), method = "POST", format = "XML", username = "deskbridge", password = box.Secret, isActive = true, onCreate = true });

        var ticket = await world.PostTicketAsync("Backup failed on SRV-FS01");

        await EventuallyAsync("Dana's phone rings", async () => (await world.World.PagesAsync()).Count > 0);
        await EventuallyAsync("the connection takes the alert over", async () => await HasAlertAsync(world, ticket));
        var alert = await world.AlertAsync(ticket);
        await EventuallyAsync("it has the ticket's title", async () => (await world.AlertAsync(ticket)).Title == "Backup failed on SRV-FS01");
        Value(await world.World.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.World.Dana, default));
        await EventuallyAsync("the ticket is in progress", async () => await world.StatusAsync(ticket) == "In Progress");
        await world.SetStatusAsync(ticket, "Complete");
        await world.World.PollAsync();
        await EventuallyAsync("the ticket closes the alert", async () => (await world.AlertAsync(ticket)).Status == AlertStatus.Closed);

        Assert.Single(await box.AlertsAsync());
        Assert.Equal(1, (await box.DetailAsync(alert.Id)).Deliveries.Max(page => page.Episode));
    }

    [Fact]
    public async Task Mail_WhoseAlertSomebodyAcknowledged_IsWrittenToTheTicketOnceItIsSeen()
    {
        await using var world = await AutotaskWorld.StartAsync((JsonObject)Nothing.DeepClone());
        using var box = await BoxAsync(world);
        await PauseAsync(world, paused: true);
        var ticket = await world.PostTicketAsync("Tunnel to the branch is down");
        await box.SendAsync(Mail("1", await NumberAsync(world, ticket)));
        var sent = Assert.Single(await box.AlertsAsync());
        Value(await world.World.Get<AcknowledgeAlert>().RunAsync(sent.Id, world.World.Dana, default));
        Value(await world.World.Get<AddAlertNote>().RunAsync(sent.Id, world.World.Dana, "I am on it.", null, default));

        await PauseAsync(world, paused: false);
        await world.World.PollAsync();

        await EventuallyAsync("the ticket has the alert", () => HasAlertAsync(world, ticket));
        await EventuallyAsync("the ticket is in progress", async () => await world.StatusAsync(ticket) == "In Progress");
        await EventuallyAsync("the comment became a note", async () => (await world.NotesAsync(ticket)).Count(note => note!["description"]!.ToString().Contains("I am on it.")) == 1);
        Assert.Equal(sent.Id, Assert.Single(await box.AlertsAsync()).Id);
        Assert.Contains((await box.DetailAsync(sent.Id)).Timeline, line => line.Kind == "adopted");
    }

    [Fact]
    public async Task MailAndConnection_AtTheSameTime_EndWithOneAlertAndOneEpisode()
    {
        await using var world = await AutotaskWorld.StartAsync(new JsonObject { ["queryFilter"] = """{"op":"eq","field":"status","value":"New"}""" });
        using var box = await BoxAsync(world);

        for (var round = 0; round < 4; round++)
        {
            var ticket = await world.PostTicketAsync($"Server {round} is down");
            var number = await NumberAsync(world, ticket);
            await Task.WhenAll(world.World.PollAsync(), box.SendAsync(Mail($"{round}", number)), box.CallAsync($"id={ticket}&number={number}", "application/x-www-form-urlencoded"));
            await EventuallyAsync("the ticket has an alert", () => HasAlertAsync(world, ticket));
            var alerts = (await box.AlertsAsync()).FindAll(alert => alert.TicketNumber == number);
            Assert.Equal((await world.AlertAsync(ticket)).Id, Assert.Single(alerts).Id);
            Assert.Equal(1, alerts[0].Episode);
        }
    }

    [Fact]
    public async Task CalloutOfTheHubsOwnClose_RaisesNothingAgain()
    {
        await using var world = await AutotaskWorld.StartAsync(new JsonObject { ["queryFilter"] = """{"op":"eq","field":"status","value":"New"}""" });
        using var box = await BoxAsync(world);
        await world.World.ControlAsync(HttpMethod.Post, "autotask/records/ExtensionCallouts", new { name = "Every edit", url = new Uri(world.World.Hub.Address, $"/intake/{box.Secret}/callout").ToString(), method = "POST", format = "Name Value Pair", isActive = true, onCreate = true, onEdit = true });
        var ticket = await world.PostTicketAsync("Disk is full");
        await world.World.PollAsync();
        await EventuallyAsync("the ticket has the alert", () => HasAlertAsync(world, ticket));

        Value(await world.World.Get<CloseAlert>().RunAsync((await world.AlertAsync(ticket)).Id, world.World.Dana, default));
        await EventuallyAsync("the ticket is complete", async () => await world.StatusAsync(ticket) == "Complete");
        await EventuallyAsync("its callout was left to the connection", () => box.ReadAsync(db => db.ConnectionEvents.AnyAsync(entry => entry.Kind == "received" && entry.Message.Contains("keeps both in step"))));

        Assert.Equal(AlertStatus.Closed, Assert.Single(await box.AlertsAsync()).Status);
    }

    private static string Mail(string id, string number) => $"From: Ann <ann@msp.test>\nMessage-ID: <{id}@autotask.net>\nSubject: Ticket {number} was forwarded to you\n\nPlease look.";

    private static async Task<TeamBox> BoxAsync(AutotaskWorld world) =>
        await TeamBox.OfAsync(world.World.Hub.Services, world.World.Hub.Address, (await world.World.Get<HubStore>().ReadAsync(db => db.Teams.SingleAsync(), default)).Id, world.World.Dana);

    private static async Task<string> NumberAsync(AutotaskWorld world, int ticket) => (await world.TicketAsync(ticket))["ticketNumber"]!.ToString();

    private static async Task PauseAsync(AutotaskWorld world, bool paused)
    {
        var set = world.World.Get<SetConnectionState>();
        Assert.Null(paused ? await set.PauseAsync(world.World.ConnectionId, world.World.Dana, default) : await set.ResumeAsync(world.World.ConnectionId, world.World.Dana, default));
    }

    private static Task<bool> HasAlertAsync(AutotaskWorld world, int ticket)
    {
        var id = ticket.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return world.World.Get<HubStore>().ReadAsync(db => db.Alerts.AnyAsync(alert => db.Links.Any(link => link.Id == alert.LinkId && link.RemoteId == id)), default);
    }
}
