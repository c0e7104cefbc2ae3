using Deskbridge.Core.Alerting;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting;

public sealed class AlertQueriesTests
{
    [Fact]
    public async Task List_Paged_YieldsEachAlertOnceNewestFirst()
    {
        await using var world = await PagerWorld.StartAsync();
        var connection = world.Connection;
        var alerts = Enumerable.Range(0, 45).Select(i => new Alert
        {
            Id = Guid.CreateVersion7(),
            ConnectionId = connection.Id,
            TeamId = world.Team.Id,
            Title = $"Alert {i}",
            RaisedAt = world.Test.Time.GetUtcNow().AddSeconds(i / 10),
            ChangedAt = world.Test.Time.GetUtcNow(),
        }).ToList();
        await world.Test.AddAsync([.. alerts]);

        var seen = new List<AlertRow>();
        string? after = null;
        do
        {
            var part = await world.Test.Get<AlertQueries>().ListAsync(new AlertFilter { Limit = 7, After = after }, default);
            Assert.InRange(part.Items.Count, 1, 7);
            seen.AddRange(part.Items);
            after = part.Next;
        }
        while (after is not null);

        Assert.Equal(alerts.Select(a => a.Id).Order(), seen.Select(r => r.Id).Order());
        Assert.Equal(seen.Select(r => r.RaisedAt).OrderDescending(), seen.Select(r => r.RaisedAt));
        Assert.All(seen, row => Assert.Equal((connection.Name, world.Team.Name, "open"), (row.Connection, row.Team, row.Status)));
    }

    [Theory]
    [InlineData("KÜHLUNG", 1)]
    [InlineData("serverraum", 1)]
    [InlineData("100%", 1)]
    [InlineData("_", 0)]
    [InlineData("nothing like it", 0)]
    public async Task List_Searched_IgnoresCaseInAnyScript(string search, int found)
    {
        await using var world = await PagerWorld.StartAsync();
        await world.RaiseAsync("Kühlung im Serverraum bei 100%");

        Assert.Equal(found, (await world.Test.Get<AlertQueries>().ListAsync(new AlertFilter { Search = search }, default)).Items.Count);
    }

    [Fact]
    public async Task List_ByStatus_ShowsOnlyThose()
    {
        await using var world = await PagerWorld.StartAsync();
        var alert = await world.RaiseAsync();
        await world.Test.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Mia, default);
        var queries = world.Test.Get<AlertQueries>();

        var row = Assert.Single((await queries.ListAsync(new AlertFilter { Status = AlertStatus.Acknowledged }, default)).Items);
        Assert.Equal(("acknowledged", world.Mia.Name, "1001"), (row.Status, row.Actor, row.TicketNumber));
        Assert.Empty((await queries.ListAsync(new AlertFilter { Status = AlertStatus.Open }, default)).Items);
        Assert.Equal(new AlertCounts(0, 1, 0), await queries.CountAsync(default));
    }

    [Theory]
    [InlineData("rubbish")]
    [InlineData("99999999999999999_00000000000000000000000000000000")]
    public async Task List_WithACursorThatIsNone_BeginsAtTheStart(string cursor)
    {
        await using var world = await PagerWorld.StartAsync();
        await world.RaiseAsync();

        Assert.Single((await world.Test.Get<AlertQueries>().ListAsync(new AlertFilter { After = cursor }, default)).Items);
    }

    [Fact]
    public async Task Detail_ShowsTimelineDeliveriesNotesAndTicket()
    {
        await using var world = await PagerWorld.StartAsync();
        var alert = await world.RaiseAsync();
        await world.SendAsync();
        await world.Test.Get<AddAlertNote>().RunAsync(alert.Id, world.Mia, "On my way", null, default);

        var detail = await world.Test.Get<AlertQueries>().GetAsync(alert.Id, default);

        Assert.NotNull(detail);
        Assert.Equal(["paged", "delivered", "note"], detail.Timeline.Select(l => l.Kind));
        Assert.Equal(world.Mia.Name, detail.Timeline[2].Person);
        var delivery = detail.Deliveries[0];
        Assert.Equal(("Mia Chen", "ntfy", "accepted", false), (delivery.Person, delivery.Kind, delivery.State, delivery.Warning));
        Assert.Equal("accepted", Assert.Single(delivery.Attempts).Outcome);
        Assert.Equal("On my way", Assert.Single(detail.Notes).Text);
        Assert.Equal("1001", detail.Ticket?.RemoteId);
        Assert.Equal(alert.Id, detail.CurrentId);
        Assert.Null(await world.Test.Get<AlertQueries>().GetAsync(Guid.Empty, default));
    }
}
