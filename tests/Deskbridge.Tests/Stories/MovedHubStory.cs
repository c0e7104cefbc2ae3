using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Features.Settings;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

public sealed class MovedHubStory
{
    [Fact]
    public async Task Hub_AtANewAddress_IsCalledThereAndNoLongerAtTheOldOne()
    {
        await using var world = await StartAsync();
        var before = Assert.Single(await SubscribedAsync(world));

        await world.RestartHubAsync();
        Assert.Null(await world.Get<SettingsStore>().ChangeAsync(new(world.Hub.Address.ToString(), null, null, null, null), default));

        var after = Assert.Single(await SubscribedAsync(world));
        Assert.StartsWith(world.Hub.Address.ToString(), after, StringComparison.Ordinal);
        Assert.NotEqual(before, after);
        var ticket = await world.PostTicketAsync("Seen by callback at the new address");
        await EventuallyAsync("the callback arrives", () => world.Get<HubStore>().ReadAsync(
            db => db.ConnectionEvents.AnyAsync(e => e.Kind == "callback" && e.RemoteId == ticket.ToString(System.Globalization.CultureInfo.InvariantCulture)), default));
    }

    [Fact]
    public async Task Connection_RemovedWhileTheAddressIsUnset_LeavesNoSubscription()
    {
        await using var world = await StartAsync();
        Assert.Null(await world.Get<SettingsStore>().ChangeAsync(new(null, null, null, null, null), default));

        await world.RunAsync(ConnectionRunKind.Remove);

        Assert.Empty(await SubscribedAsync(world));
    }

    private static async Task<List<string>> SubscribedAsync(StoryWorld world) =>
        [.. (await world.Psa.GetFromJsonAsync<JsonArray>("system/callbacks", TestContext.Current.CancellationToken))!.Select(entry => entry!["url"]!.GetValue<string>())];
}
