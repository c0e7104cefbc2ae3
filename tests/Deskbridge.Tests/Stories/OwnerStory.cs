using System.Text.Json.Nodes;
using Deskbridge.Core.Alerting;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>When the acting person becomes the ticket's owner: never, on acknowledge, on close, on both (S36).</summary>
public sealed class OwnerStory
{
    [Theory]
    [InlineData("Never", false, false)]
    [InlineData("OnAcknowledge", true, true)]
    [InlineData("OnClose", false, true)]
    [InlineData("Both", true, true)]
    public async Task ActingPerson_BecomesOwner_WhenTheSettingsSaySo(string when, bool afterAcknowledge, bool afterClose)
    {
        await using var world = await StartAsync(settings: new JsonObject { ["ownerAssignment"] = when });
        var ticket = await world.PostTicketAsync("Mail server down at Harborview");
        await world.PollAsync();
        await EventuallyAsync("the ticket has its alert", async () => await world.FieldAsync(ticket, "Signl4Retrieved_c") == "true");
        var alert = await world.AlertAsync(ticket);

        Value(await world.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Dana, default));
        await EventuallyAsync("the user marker, written with the owner, is there", async () => await world.FieldAsync(ticket, "Signl4User_c") == world.Dana.Email);
        await EventuallyAsync("the owner after the acknowledge", async () => await OwnerAsync(world, ticket) == (afterAcknowledge ? world.Dana.Name : null));
        Value(await world.Get<CloseAlert>().RunAsync(alert.Id, world.Dana, default));
        await EventuallyAsync("the close is on the ticket", async () => await world.FieldAsync(ticket, "Signl4Status_c") == "Resolved");
        await EventuallyAsync("the owner after the close", async () => await OwnerAsync(world, ticket) == (afterClose ? world.Dana.Name : null));
    }

    private static async Task<string?> OwnerAsync(StoryWorld world, int ticket) => (await world.TicketAsync(ticket))["owner"]?["name"]?.ToString();
}
