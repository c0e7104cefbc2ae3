using System.Text.Json;
using Deskbridge.Core.Alerting;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting;

public sealed class PageSenderTests
{
    [Fact]
    public async Task Alert_Raised_PagesThePersonOnDutyAtOnce()
    {
        await using var world = await PagerWorld.StartAsync();
        var alert = await world.RaiseAsync("Disk full on SQL01");

        await world.SendAsync();

        var arrival = Assert.Single(world.Sink.Arrivals);
        using var body = JsonDocument.Parse(arrival.Body);
        var page = Assert.Single(await world.PagesAsync(alert), p => p.Repeat == 1);
        Assert.Equal("Disk full on SQL01", body.RootElement.GetProperty("title").GetString());
        Assert.Equal($"https://hub.example.test/alerts/{alert.Id}?d={page.Id}", body.RootElement.GetProperty("click").GetString());
        Assert.Equal(PageState.Accepted, page.State);
        Assert.Equal("abc123", page.ProviderId);
        Assert.Equal(["paged", "delivered"], await world.TimelineAsync(alert));
    }

    [Fact]
    public async Task Alert_Acknowledged_PagesNoMore()
    {
        await using var world = await PagerWorld.StartAsync();
        var alert = await world.RaiseAsync();
        await world.SendAsync();

        var result = await world.Test.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Mia, default);
        await world.PassAsync(TimeSpan.FromMinutes(11), TimeSpan.FromMinutes(1));

        Assert.True(result.Value.Changed);
        Assert.Single(world.Sink.Arrivals);
        Assert.Equal(PageState.Superseded, (await world.PagesAsync(alert)).Last().State);
    }
}
