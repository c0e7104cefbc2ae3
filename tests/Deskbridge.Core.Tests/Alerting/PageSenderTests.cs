using System.Text.Json;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
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
        Assert.Equal((PageState.Accepted, "abc123"), (page.State, page.ProviderId));
        Assert.Equal(["paged", "delivered"], await world.TimelineAsync(alert));
        Assert.Equal("accepted", (await AttemptsAsync(world, page)).Single().Outcome);
    }

    [Fact]
    public async Task Alert_Acknowledged_PagesNoMore()
    {
        await using var world = await PagerWorld.StartAsync();
        var alert = await world.RaiseAsync();
        await world.SendAsync();

        await world.Test.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Mia, default);
        await world.PassAsync(TimeSpan.FromMinutes(11), TimeSpan.FromMinutes(1));

        Assert.Single(world.Sink.Arrivals);
        Assert.Equal(PageState.Superseded, (await world.PagesAsync(alert))[^1].State);
    }

    [Fact]
    public async Task Provider_DownForAMinute_GetsThePageWhenItIsBack()
    {
        await using var world = await PagerWorld.StartAsync();
        var down = true;
        world.Sink.Answer = (_, response) =>
        {
            response.StatusCode = down ? 503 : 200;
            return Task.CompletedTask;
        };
        var alert = await world.RaiseAsync();
        await world.SendAsync();
        await world.PassAsync(TimeSpan.FromMinutes(1));

        down = false;
        await world.PassAsync(TimeSpan.FromMinutes(2));

        var page = (await world.PagesAsync(alert))[0];
        Assert.Equal(PageState.Accepted, page.State);
        var outcomes = (await AttemptsAsync(world, page)).ConvertAll(a => a.Outcome);
        Assert.InRange(outcomes.Count, 4, 5);
        Assert.All(outcomes[..^1], outcome => Assert.Equal("failed", outcome));
        Assert.Equal("accepted", outcomes[^1]);
        Assert.Single(world.Sink.Arrivals.Select(a => a.Headers["x-deskbridge-delivery"]).Distinct());
    }

    [Fact]
    public async Task Provider_DownForGood_FailsVisiblyAndIsTriedAgainAtTheNextRepeat()
    {
        await using var world = await PagerWorld.StartAsync();
        world.Sink.Answer = (_, response) => Status(response, 500);
        var alert = await world.RaiseAsync();

        await world.PassAsync(TimeSpan.FromMinutes(50), TimeSpan.FromSeconds(30));

        var pages = await world.PagesAsync(alert);
        Assert.Equal((PageState.Failed, 8), (pages[0].State, pages[0].Attempts));
        Assert.Contains("page-failed", await world.TimelineAsync(alert));
        Assert.Equal(2, pages.Count);
        Assert.True(pages[1].Attempts > 0);
    }

    [Fact]
    public async Task Provider_SaysTooMany_IsLeftAloneForAsLongAsItAsks()
    {
        await using var world = await PagerWorld.StartAsync();
        world.Sink.Answer = (_, response) =>
        {
            response.Headers.RetryAfter = "120";
            return Status(response, 429);
        };
        var alert = await world.RaiseAsync();
        await world.SendAsync();

        await world.PassAsync(TimeSpan.FromSeconds(115));
        Assert.Single(world.Sink.Arrivals);
        await world.PassAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(2, world.Sink.Arrivals.Count);
        Assert.Equal(PageState.Pending, Assert.Single(await world.PagesAsync(alert)).State);
    }

    [Theory]
    [InlineData("page.claimed", 0)]
    [InlineData("page.sent", 0)]
    [InlineData("page.answered", 1)]
    [InlineData("page.planned", 1)]
    [InlineData("page.recorded", 1)]
    public async Task Crash_AnywhereAroundAPage_LosesNothingAndSendsAtMostOneExtra(string place, int arrivedBefore)
    {
        var dies = new DiesAt(place);
        await using var world = await PagerWorld.StartAsync(more: dies.Replace);
        var alert = await world.RaiseAsync();

        await world.SendAsync();
        Assert.Equal(arrivedBefore, world.Sink.Arrivals.Count);
        await world.PassAsync(TimeSpan.FromMinutes(2));

        var page = (await world.PagesAsync(alert))[0];
        Assert.Equal(PageState.Accepted, page.State);
        Assert.InRange(world.Sink.Arrivals.Count, 1, 2);
        Assert.All(world.Sink.Arrivals, a => Assert.Equal(page.Id.ToString(), a.Headers["x-deskbridge-delivery"]));
    }

    [Fact]
    public async Task Crash_BeforeTheAnswerWasRecorded_IsShownAsUnknown()
    {
        var dies = new DiesAt("page.answered");
        await using var world = await PagerWorld.StartAsync(more: dies.Replace);
        var alert = await world.RaiseAsync();
        await world.SendAsync();

        await world.PassAsync(TimeSpan.FromMinutes(2));

        Assert.Equal(["unknown", "accepted"], (await AttemptsAsync(world, (await world.PagesAsync(alert))[0])).Select(a => a.Outcome));
    }

    [Fact]
    public async Task Crash_ThenAcknowledged_IsNotSentAgain()
    {
        var dies = new DiesAt("page.answered");
        await using var world = await PagerWorld.StartAsync(more: dies.Replace);
        var alert = await world.RaiseAsync();
        await world.SendAsync();

        await world.Test.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Mia, default);
        await world.PassAsync(TimeSpan.FromMinutes(6), TimeSpan.FromSeconds(30));

        Assert.Single(world.Sink.Arrivals);
        Assert.Equal(PageState.Superseded, Assert.Single(await world.PagesAsync(alert)).State);
    }

    [Fact]
    public async Task LateAnswer_AfterAnotherSenderTookOver_ChangesOnlyTheEvidence()
    {
        await using var world = await PagerWorld.StartAsync();
        var alert = await world.RaiseAsync();
        var page = Assert.Single(await world.PagesAsync(alert));
        var ledger = world.Test.Get<PageLedger>();
        var first = await world.Test.Store.WriteAsync(db => ledger.ClaimAsync(db, [page.Id], default), default);
        world.Test.Time.Advance(TimeSpan.FromMinutes(2));
        var second = await world.Test.Store.WriteAsync(db => ledger.ClaimAsync(db, [page.Id], default), default);

        await world.Test.Store.WriteAsync(db => ledger.RecordAsync(db, [new PageAnswer(first[0], new PageOutcome.PermFail("No."), default)], default), default);

        Assert.Equal(PageState.Sending, Assert.Single(await world.PagesAsync(alert)).State);
        await world.Test.Store.WriteAsync(db => ledger.RecordAsync(db, [new PageAnswer(second[0], new PageOutcome.Accepted(null, "Yes."), default)], default), default);
        Assert.Equal(["refused", "accepted"], (await AttemptsAsync(world, page)).Select(a => a.Outcome));
    }

    [Fact]
    public async Task BrokenPage_DoesNotStopTheOthers()
    {
        await using var world = await PagerWorld.StartAsync();
        var broken = Build.Channel(world.Mia, ChannelKind.Ntfy, world.Sink.Url + "/broken", secret: "not protected with our key");
        await world.Test.AddAsync(broken);
        var alert = await world.RaiseAsync();

        await world.SendAsync();

        var pages = await world.PagesAsync(alert);
        Assert.Equal(PageState.Accepted, pages.Single(p => p.ChannelId == world.Phone.Id && p.Repeat == 1).State);
        var failed = pages.Single(p => p.ChannelId == broken.Id && p.Repeat == 1);
        Assert.Equal(PageState.Failed, failed.State);
        Assert.Contains("enter it again", failed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Provider_ThatNeverAnswers_IsGivenUpAfterTheTimeout()
    {
        await using var world = await PagerWorld.StartAsync();
        var asked = new TaskCompletionSource();
        world.Sink.Answer = async (_, response) =>
        {
            asked.TrySetResult();
            await Task.Delay(Timeout.Infinite, response.HttpContext.RequestAborted);
        };
        var alert = await world.RaiseAsync();

        var pass = world.SendAsync();
        await asked.Task;
        world.Test.Time.Advance(TimeSpan.FromSeconds(16));
        await pass;

        Assert.Contains("15 seconds", Assert.Single(await world.PagesAsync(alert)).Error, StringComparison.Ordinal);
    }

    private static Task<List<PageAttempt>> AttemptsAsync(PagerWorld world, Page page) =>
        world.Test.ReadAsync(db => db.PageAttempts.Where(a => a.PageId == page.Id).OrderBy(a => a.Number).ToListAsync());

    private static Task Status(HttpResponse response, int status)
    {
        response.StatusCode = status;
        return Task.CompletedTask;
    }
}
