using System.Collections.Concurrent;
using System.Diagnostics;
using Deskbridge.Connectors.Http;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Data;
using Deskbridge.Core.Operations;
using Deskbridge.Tests.Stories;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Tests.Operations;

public sealed class TracingTests
{
    [Fact]
    public async Task Trace_GoesFromThePollToThePageAndTheWrite_AndStandsInTimelineAndEventLog()
    {
        var spans = new ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is Tracing.SourceName or CallGateHandler.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(listener);
        await using var world = await StoryWorld.StartAsync();
        var ticket = await world.PostTicketAsync("Printer on fire");
        await world.PollAsync();
        await StoryWorld.EventuallyAsync("the ticket is marked", async () => await world.FieldAsync(ticket, "Signl4Retrieved_c") == "true");
        var alert = await world.AlertAsync(ticket);
        List<AlertEvent> timeline = [];
        await StoryWorld.EventuallyAsync("page and write are told", async () =>
        {
            timeline = await world.Get<HubStore>().ReadAsync(db => db.AlertEvents.Where(line => line.AlertId == alert.Id).OrderBy(line => line.Order).ToListAsync(), default);
            return timeline.Exists(line => line.Kind == "delivered") && timeline.Exists(line => line.Kind == "ticket-updated");
        });

        var trace = Assert.Single(timeline.Select(line => line.TraceId).Distinct(StringComparer.Ordinal));
        Assert.Matches("^[0-9a-f]{32}$", trace);
        var raised = await world.Get<HubStore>().ReadAsync(db => db.ConnectionEvents.SingleAsync(entry => entry.Kind == "raised"), default);
        Assert.Equal(trace, raised.TraceId);

        var ofTrace = spans.Where(span => span.TraceId.ToHexString() == trace).ToList();
        var write = Assert.Single(ofTrace, span => span.OperationName == "write" && ofTrace.Exists(call => call.OperationName == "call" && call.ParentSpanId == span.SpanId));
        var planned = ofTrace.Single(span => span.SpanId == write.ParentSpanId);
        Assert.Equal("ticket", planned.OperationName);
        Assert.Equal(planned.SpanId, ofTrace.First(span => span.OperationName == "page").ParentSpanId);
        Assert.Contains(ofTrace.Single(span => span.SpanId == planned.ParentSpanId).OperationName, new[] { "poll", "callback" });
    }

    [Fact]
    public async Task Callback_BeginsATrace_ThatThePageCarries()
    {
        await using var world = await StoryWorld.StartAsync(options => options with { Configuration = new Dictionary<string, string?> { ["Connections:PollInterval"] = "00:10:00" } });
        await world.PollAsync();
        await world.PostTicketAsync("Door open");

        await StoryWorld.EventuallyAsync("it is paged without a poll", async () => await world.Get<HubStore>().ReadAsync(
            async db => await db.Pages.AnyAsync() && await db.ConnectionEvents.AnyAsync(entry => entry.Kind == "callback"), default));

        var (callback, page) = await world.Get<HubStore>().ReadAsync(
            async db => (await db.ConnectionEvents.Where(entry => entry.Kind == "callback").OrderBy(entry => entry.At).FirstAsync(), await db.Pages.OrderBy(entry => entry.Repeat).FirstAsync()), default);
        Assert.Contains(callback.TraceId!, page.Trace!, StringComparison.Ordinal);
    }
}
