using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>The ticket system takes parts of the custom fields for months, and one day wipes what a part leaves out.</summary>
public sealed class CustomFieldStory
{
    [Fact]
    public async Task PartialArrays_ThatTurnToWiping_AreNoticed_PutBack_AndShown()
    {
        await using var world = await StartAsync();
        var ticket = await world.PostTicketAsync("Backup failed at Harborview");
        await world.SetFieldAsync(ticket, "Change Window", "Sundays 02:00");
        await world.PollAsync();
        await EventuallyAsync("the ticket is marked as retrieved", async () => await world.FieldAsync(ticket, "Signl4Retrieved_c") == "true");
        var alert = await world.AlertAsync(ticket);
        Value(await world.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Dana, default));
        await EventuallyAsync("Dana's address is on the ticket", async () => await world.FieldAsync(ticket, "Signl4User_c") is { Length: > 0 });
        await EventuallyAsync("parts are known to be harmless", async () => await ModeAsync(world) == CustomFieldMode.Partial);

        await world.SwitchAsync("partialCustomFieldsWipe", true);
        Value(await world.Get<CloseAlert>().RunAsync(alert.Id, world.Dana, default));
        await EventuallyAsync("the close is on the ticket", async () => await world.FieldAsync(ticket, "Signl4Status_c") == "Resolved");
        await EventuallyAsync("whole arrays from now on", async () => await ModeAsync(world) == CustomFieldMode.Whole);
        await EventuallyAsync("the window is back", async () => await world.FieldAsync(ticket, "Change Window") == "Sundays 02:00");

        Assert.Equal("true", await world.FieldAsync(ticket, "Signl4Retrieved_c"));
        var told = await world.Get<HubStore>().ReadAsync(db => db.AlertEvents.Where(line => line.AlertId == alert.Id && line.Kind == "conflict").ToListAsync(), default);
        Assert.Contains("Change Window", Assert.Single(told).Message, StringComparison.Ordinal);
    }

    private static Task<CustomFieldMode> ModeAsync(StoryWorld world) =>
        world.Get<HubStore>().ReadAsync(db => db.Connections.Where(row => row.Id == world.ConnectionId).Select(row => row.CustomFields).SingleAsync(), default);
}
