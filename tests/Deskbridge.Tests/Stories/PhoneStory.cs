using System.Net.Http.Json;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>The ticket is worked on from the phone: its status (S4), who has it, notes and both sides in one timeline.</summary>
public sealed class PhoneStory
{
    [Fact]
    public async Task ChosenStatus_ReachesTheTicket_AndItsRuleClosesTheAlert()
    {
        await using var world = await StartAsync(pages: true);
        var (ticket, alert) = await AlertedAsync(world);
        var choices = Value(await world.Get<SetTicketStatus>().ChoicesAsync(alert.Id, default));
        var waiting = choices.Statuses.Single(status => status.Name == "Waiting on client");
        var closed = choices.Statuses.Single(status => status.Name == "Closed (resolved)");

        Assert.True(Value(await world.Get<SetTicketStatus>().RunAsync(alert.Id, waiting.Id, choices.Ticket.Status!.Id, world.Dana, default)).Changed);
        await EventuallyAsync("the ticket waits", async () => (await world.TicketAsync(ticket))["status"]!["name"]!.ToString() == "Waiting on client");
        Assert.Equal(AlertStatus.Open, (await world.AlertAsync(ticket)).Status);
        await EventuallyAsync("the hub knows", async () => Value(await world.Get<SetTicketStatus>().ChoicesAsync(alert.Id, default)).Ticket.Status!.Id == waiting.Id);

        Value(await world.Get<SetTicketStatus>().RunAsync(alert.Id, closed.Id, waiting.Id, world.Dana, default));
        await EventuallyAsync("what the status means happens to the alert", async () => (await world.AlertAsync(ticket)).Status == AlertStatus.Closed);
        await EventuallyAsync("the marker follows", async () => await world.FieldAsync(ticket, "Signl4Status_c") == "Resolved");
    }

    [Fact]
    public async Task Status_ThatMovedSinceItWasSeen_IsNotOverwritten()
    {
        await using var world = await StartAsync(pages: true);
        var (ticket, alert) = await AlertedAsync(world);
        var choices = Value(await world.Get<SetTicketStatus>().ChoicesAsync(alert.Id, default));
        var waiting = choices.Statuses.Single(status => status.Name == "Waiting on client");

        await world.SetStatusAsync(ticket, "Waiting on vendor"); // nobody told the hub yet
        Value(await world.Get<SetTicketStatus>().RunAsync(alert.Id, waiting.Id, choices.Ticket.Status!.Id, world.Dana, default));

        await EventuallyAsync("the timeline says who was first", () => world.Get<HubStore>().ReadAsync(
            db => db.AlertEvents.AnyAsync(line => line.AlertId == alert.Id && line.Kind == "conflict" && line.Message.StartsWith("Not written") && line.Message.Contains("Waiting on client")), default));
        Assert.Equal("Waiting on vendor", (await world.TicketAsync(ticket))["status"]!["name"]!.ToString());
        var late = await world.Get<SetTicketStatus>().RunAsync(alert.Id, waiting.Id, choices.Ticket.Status!.Id, world.Dana, default);
        Assert.Contains("\"Waiting on vendor\" by now", late.Failure?.Message);
    }

    [Fact]
    public async Task TakeOver_ByAnother_ChangesTheOwner_AndGivingBackPutsTheFirstOneBack()
    {
        await using var world = await StartAsync(pages: true);
        var maja = Value(await world.Get<CreatePerson>().RunAsync(new PersonDraft("Maja Lind", "maja.lind@northbridge-msp.test"), world.Dana, default));
        var (ticket, alert) = await AlertedAsync(world);

        Value(await world.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Dana, default));
        await EventuallyAsync("Dana owns it", async () => (await world.TicketAsync(ticket))["owner"]?["name"]?.ToString() == "Dana Reyes");
        Assert.True(Value(await world.Get<TakeOverAlert>().RunAsync(alert.Id, maja, default)).Changed);
        await EventuallyAsync("Maja owns it", async () => (await world.TicketAsync(ticket))["owner"]?["name"]?.ToString() == "Maja Lind");
        Value(await world.Get<UnacknowledgeAlert>().RunAsync(alert.Id, maja, default));

        await EventuallyAsync("nobody owns it, as before", async () => (await world.TicketAsync(ticket))["owner"]?["name"] is null);
        await EventuallyAsync("the first status is back", async () => (await world.TicketAsync(ticket))["status"]!["name"]!.ToString() == "New (not responded)");
    }

    [Fact]
    public async Task TakeOver_AfterAStatusWasChosen_LeavesTheStatusAsItIs()
    {
        await using var world = await StartAsync(pages: true);
        var maja = Value(await world.Get<CreatePerson>().RunAsync(new PersonDraft("Maja Lind", "maja.lind@northbridge-msp.test"), world.Dana, default));
        var (ticket, alert) = await AlertedAsync(world);
        Value(await world.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Dana, default));
        await EventuallyAsync("the rule's status is set", async () => (await world.TicketAsync(ticket))["status"]!["name"]!.ToString() == "Assigned (responded)");
        await EventuallyAsync("that is agreed", async () => await world.FieldAsync(ticket, "Signl4User_c") == world.Dana.Email);
        var waiting = Value(await world.Get<SetTicketStatus>().ChoicesAsync(alert.Id, default)).Statuses.Single(status => status.Name == "Waiting on client");
        Value(await world.Get<SetTicketStatus>().RunAsync(alert.Id, waiting.Id, null, world.Dana, default));
        await EventuallyAsync("the chosen one is", async () => (await world.TicketAsync(ticket))["status"]!["name"]!.ToString() == "Waiting on client");

        Value(await world.Get<TakeOverAlert>().RunAsync(alert.Id, maja, default));

        await EventuallyAsync("Maja has it", async () => await world.FieldAsync(ticket, "Signl4User_c") == maja.Email);
        await EventuallyAsync("and owns it", async () => (await world.TicketAsync(ticket))["owner"]?["name"]?.ToString() == "Maja Lind");
        Assert.Equal("Waiting on client", (await world.TicketAsync(ticket))["status"]!["name"]!.ToString());
        Assert.DoesNotContain(await LinesAsync(world, alert), line => line.Contains("theirs is kept", StringComparison.Ordinal));
    }

    [Fact]
    public async Task MovedTicket_SaysSoInTheTimeline_AndItsAlertGoesOn()
    {
        await using var world = await StartAsync(pages: true);
        var (ticket, alert) = await AlertedAsync(world);

        await world.PatchAsync($"service/tickets/{ticket}", "board", new { id = 2 });
        await world.PollAsync();

        await EventuallyAsync("the timeline names the board", async () => (await LinesAsync(world, alert)).Contains("Ticket moved to board \"Network Operations\"."));
        await world.PatchAsync($"service/tickets/{ticket}", "company", new { id = 251 });
        await world.PatchAsync($"service/tickets/{ticket}", "priority", new { id = 1 });
        await world.PollAsync();
        await EventuallyAsync("the timeline names company and priority", async () => await LinesAsync(world, alert) is var lines
            && lines.Exists(line => line.StartsWith("Ticket moved to company \"", StringComparison.Ordinal)) && lines.Exists(line => line.StartsWith("Ticket has priority \"", StringComparison.Ordinal)));
        Value(await world.Get<CloseAlert>().RunAsync(alert.Id, world.Dana, default));
        await EventuallyAsync("close finds the new board's status", async () => (await world.TicketAsync(ticket))["status"]!["id"]!.GetValue<int>() == 35);
    }

    [Fact]
    public async Task MergedTicket_SaysIntoWhich()
    {
        await using var world = await StartAsync(pages: true);
        var (ticket, alert) = await AlertedAsync(world);
        var parent = await world.PostTicketAsync("The real trouble");

        var merged = await world.Psa.PostAsJsonAsync($"service/tickets/{parent}/merge", new { mergeTicketIds = new[] { ticket }, status = new { id = 24 } });
        Assert.True(merged.IsSuccessStatusCode, await merged.Content.ReadAsStringAsync());
        await world.PollAsync();

        await EventuallyAsync("the timeline names the other ticket", async () => (await LinesAsync(world, alert)).Exists(line => line.StartsWith($"Ticket was merged into ticket {parent}", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Note_WrittenOnThePhone_ShowsWhereItsWriterSays_AndTheTechniciansStandsBesideIt()
    {
        await using var world = await StartAsync(pages: true);
        var (ticket, alert) = await AlertedAsync(world);
        await world.Psa.PostAsJsonAsync($"service/tickets/{ticket}/notes", new { text = "I am on site.", internalAnalysisFlag = true });
        using var visitor = await world.SignedInAsync();

        var answer = await visitor.PostFormAsync($"/alerts/{alert.Id}", [("Note", "We found it."), ("Flags", "None"), ("Flags", "Discussion"), ("ClientKey", "k1")], $"/alerts/{alert.Id}?handler=Note");
        Assert.True((int)answer.StatusCode is 302, await answer.Content.ReadAsStringAsync());

        await EventuallyAsync("the customer sees the note", async () => (await world.NotesAsync(ticket)).Any(note => note!["text"]!.ToString().StartsWith("We found it.", StringComparison.Ordinal)
            && note["detailDescriptionFlag"]!.GetValue<bool>() && !note["internalAnalysisFlag"]!.GetValue<bool>()));
        await world.PatchAsync($"service/tickets/{ticket}", "summary", "Mail server down again");
        await world.PollAsync();
        await EventuallyAsync("the technician's note stands in the timeline", async () =>
            (await visitor.ReadAsync($"/alerts/{alert.Id}")) is var page && page[page.IndexOf("id=\"timeline\"", StringComparison.Ordinal)..].Contains("I am on site.", StringComparison.Ordinal));
    }

    private static Task<List<string>> LinesAsync(StoryWorld world, Alert alert) =>
        world.Get<HubStore>().ReadAsync(db => db.AlertEvents.Where(line => line.AlertId == alert.Id).OrderBy(line => line.Order).Select(line => line.Message).ToListAsync(), default);

    private static async Task<(int Ticket, Alert Alert)> AlertedAsync(StoryWorld world)
    {
        var ticket = await world.PostTicketAsync("Mail server down at Harborview");
        await world.PollAsync();
        await EventuallyAsync("the ticket has its alert", async () => await world.FieldAsync(ticket, "Signl4Retrieved_c") == "true");
        return (ticket, await world.AlertAsync(ticket));
    }
}
