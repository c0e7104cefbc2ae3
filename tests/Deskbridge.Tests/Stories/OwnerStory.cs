using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>When the acting person becomes the ticket's owner: never, on acknowledge, on close, on both (S36).</summary>
public sealed class OwnerStory
{
    [Theory]
    [InlineData(Vendor.ConnectWise, "Never", false, false)]
    [InlineData(Vendor.ConnectWise, "OnAcknowledge", true, true)]
    [InlineData(Vendor.ConnectWise, "OnClose", false, true)]
    [InlineData(Vendor.ConnectWise, "Both", true, true)]
    [InlineData(Vendor.Autotask, "Never", false, false)]
    [InlineData(Vendor.Autotask, "OnClose", false, true)]
    public async Task ActingPerson_BecomesOwner_WhenTheSettingsSaySo(Vendor vendor, string when, bool afterAcknowledge, bool afterClose)
    {
        await using var technician = await StoryTechnician.StartAsync(vendor, settings: new JsonObject { ["ownerAssignment"] = when });
        var world = technician.World;
        var ticket = await technician.PostTicketAsync("Mail server down at Harborview");
        await world.PollAsync();
        await EventuallyAsync("Dana's phone rings", async () => (await world.PagesAsync()).Count == 1);
        await EventuallyAsync("the ticket is marked", () => technician.IsMarkedAsync(ticket));
        var alert = await world.AlertAsync(ticket);

        Value(await world.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Dana, default));
        await EventuallyAsync("the acknowledge is on the ticket", async () => await technician.StatusAsync(ticket) == technician.Taken);
        if (vendor == Vendor.ConnectWise) await EventuallyAsync("the user marker, written with the owner, is there", async () => await world.FieldAsync(ticket, "Signl4User_c") == world.Dana.Email);
        await EventuallyAsync("the owner after the acknowledge", async () => await technician.OwnerAsync(ticket) == (afterAcknowledge ? world.Dana.Email : null));
        Value(await world.Get<CloseAlert>().RunAsync(alert.Id, world.Dana, default));
        await EventuallyAsync("the close is on the ticket", async () => await technician.StatusAsync(ticket) == technician.Closed);
        await EventuallyAsync("the marker says so too", () => technician.MarkerSaysAsync(ticket, "Resolved"));
        await EventuallyAsync("the owner after the close", async () => await technician.OwnerAsync(ticket) == (afterClose ? world.Dana.Email : null));
    }

    /// <summary>S5 on escalation: the owner is who has the alert. Escalated while somebody has it, the ticket gets its former owner back until another one acknowledges; escalated while it is open, nothing changes.</summary>
    [Fact]
    public async Task Escalated_TheOwnerFollowsWhoeverHasTheAlert()
    {
        await using var world = await StartAsync(settings: new JsonObject { ["ownerAssignment"] = "OnAcknowledge" });
        var maja = Value(await world.Get<CreatePerson>().RunAsync(new PersonDraft("Maja Lind", "maja.lind@northbridge-msp.test"), world.Dana, default));
        var ticket = await world.PostTicketAsync("Mail server down at Harborview");
        await world.PollAsync();
        await EventuallyAsync("the ticket has its alert", async () => await world.FieldAsync(ticket, "Signl4Retrieved_c") == "true");
        var alert = await world.AlertAsync(ticket);
        Value(await world.Get<EscalateAlert>().RunAsync(alert.Id, null, world.Dana, default));
        Assert.Null(await OwnerAsync(world, ticket));

        Value(await world.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Dana, default));
        await EventuallyAsync("Dana owns it", async () => await OwnerAsync(world, ticket) == "Dana Reyes");
        Value(await world.Get<EscalateAlert>().RunAsync(alert.Id, null, world.Dana, default));
        await EventuallyAsync("nobody owns it, as before", async () => await OwnerAsync(world, ticket) is null);
        Value(await world.Get<AcknowledgeAlert>().RunAsync(alert.Id, maja, default));
        await EventuallyAsync("Maja owns it", async () => await OwnerAsync(world, ticket) == "Maja Lind");
        Value(await world.Get<UnacknowledgeAlert>().RunAsync(alert.Id, maja, default));

        await EventuallyAsync("nobody owns it, as at first", async () => await OwnerAsync(world, ticket) is null);
    }

    /// <summary>What the hub added for the owner ends with the ownership (decision 0044); what somebody planned since stays, and so does a dispatcher's own entry.</summary>
    [Theory]
    [InlineData("untouched", true)]
    [InlineData("time planned", false)]
    [InlineData("dispatcher's", false)]
    public async Task TicketGivenBack_EndsTheScheduleEntryOfTheHubOnly(string entry, bool ends)
    {
        await using var world = await StartAsync(settings: new JsonObject { ["ownerAssignment"] = "OnAcknowledge" });
        var ticket = await world.PostTicketAsync("Mail server down at Harborview");
        await world.PollAsync();
        await EventuallyAsync("the ticket has its alert", async () => await world.FieldAsync(ticket, "Signl4Retrieved_c") == "true");
        var alert = await world.AlertAsync(ticket);
        var dana = (await world.Psa.GetFromJsonAsync<JsonArray>($"system/members?conditions=officeEmail=\"{world.Dana.Email}\"", TestContext.Current.CancellationToken))![0]!["id"]!.GetValue<int>();
        if (entry == "dispatcher's") Assert.True((await world.Psa.PostAsJsonAsync("schedule/entries", new { objectId = ticket, type = new { identifier = "S" }, member = new { id = dana } }, TestContext.Current.CancellationToken)).IsSuccessStatusCode);

        Value(await world.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Dana, default));
        await EventuallyAsync("Dana owns it", async () => await OwnerAsync(world, ticket) == world.Dana.Name);
        await EventuallyAsync("Dana is scheduled, and told so", async () => (await TimelineAsync(world, alert)).Contains("Member scheduled on the ticket."));
        var added = Assert.Single(await EntriesAsync(world, ticket))!["id"]!.GetValue<int>();
        if (entry == "time planned") await world.PatchAsync($"schedule/entries/{added}", "hours", 2);
        Value(await world.Get<UnacknowledgeAlert>().RunAsync(alert.Id, world.Dana, default));

        await EventuallyAsync("nobody owns it", async () => await OwnerAsync(world, ticket) is null);
        if (entry != "dispatcher's") await EventuallyAsync("it is told", async () => (await TimelineAsync(world, alert)).Contains(ends ? "Schedule entry ended." : "The schedule entry stays: somebody worked on it since the hub added it."));
        Assert.Equal(ends, Assert.Single(await EntriesAsync(world, ticket))!["doneFlag"]!.GetValue<bool>());

        Value(await world.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Dana, default));
        await EventuallyAsync("Dana owns it again", async () => await OwnerAsync(world, ticket) == world.Dana.Name);
        await EventuallyAsync("taken again, there is one open entry", async () => (await EntriesAsync(world, ticket)).Count(one => !one!["doneFlag"]!.GetValue<bool>()) == 1);
        Assert.Equal(ends ? 2 : 1, (await EntriesAsync(world, ticket)).Count);
    }

    private static async Task<JsonArray> EntriesAsync(StoryWorld world, int ticket) =>
        (await world.Psa.GetFromJsonAsync<JsonArray>($"schedule/entries?conditions=objectId={ticket}", TestContext.Current.CancellationToken))!;

    private static Task<List<string>> TimelineAsync(StoryWorld world, Alert alert) =>
        world.Get<HubStore>().ReadAsync(db => db.AlertEvents.Where(line => line.AlertId == alert.Id).Select(line => line.Message).ToListAsync(), default);

    private static async Task<string?> OwnerAsync(StoryWorld world, int ticket) => (await world.TicketAsync(ticket))["owner"]?["name"]?.ToString();
}
