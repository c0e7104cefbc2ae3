using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Paging;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting;

public sealed class PageTextTests
{
    [Fact]
    public async Task Page_TellsTimesInTheZoneOfWhoIsPaged()
    {
        await using var world = await PagerWorld.StartAsync();
        var alert = await world.RaiseAsync();
        alert.Text = "Entered: 2026-11-14T12:48:21Z";
        var page = new Page
        {
            Id = Guid.Empty,
            AlertId = alert.Id,
            Episode = 1,
            Repeat = 1,
            Step = 1,
            PersonId = world.Mia.Id,
            ChannelId = Guid.Empty,
            DueAt = world.Test.Time.GetUtcNow(),
            RoundAt = world.Test.Time.GetUtcNow(),
            CreatedAt = world.Test.Time.GetUtcNow(),
        };
        world.Mia.TimeZone = "America/New_York";

        var message = PageText.Of(alert, page, world.Mia, "https://hub.example.test", world.Test.Time.GetUtcNow());

        Assert.Equal("Entered: 14 Nov 07:48 (America/New_York)", message.Text);
    }
}
