using Deskbridge.Core.Alerting.Paging;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting;

public sealed class PageWorkerTests
{
    [Fact]
    public async Task Raise_CommitsAndTheHintStartsThePageWithoutATick()
    {
        await using var world = await PagerWorld.StartAsync();
        var paged = new TaskCompletionSource();
        world.Sink.Answer = (_, _) =>
        {
            paged.TrySetResult();
            return Task.CompletedTask;
        };
        var worker = world.Test.Services.GetServices<IHostedService>().OfType<PageWorker>().Single();
        await worker.StartAsync(default);

        await world.RaiseAsync();
        await paged.Task.WaitAsync(TimeSpan.FromMinutes(1));

        await worker.StopAsync(default);
        Assert.Single(world.Sink.Arrivals);
    }

    [Fact]
    public async Task SlowProvider_DoesNotHoldUpThePagesOfOthers()
    {
        await using var world = await PagerWorld.StartAsync();
        var slow = new TaskCompletionSource();
        var stuck = new TaskCompletionSource();
        var second = new TaskCompletionSource();
        world.Sink.Answer = async (arrival, _) =>
        {
            if (!stuck.TrySetResult()) second.TrySetResult();
            else await slow.Task;
        };
        var worker = world.Test.Services.GetServices<IHostedService>().OfType<PageWorker>().Single();
        await worker.StartAsync(default);
        await world.RaiseAsync("First");
        await stuck.Task.WaitAsync(TimeSpan.FromMinutes(1));

        await world.RaiseHubAlertAsync("Second");
        await second.Task.WaitAsync(TimeSpan.FromMinutes(1));

        slow.SetResult();
        await worker.StopAsync(default);
        Assert.Equal(2, world.Sink.Arrivals.Count);
    }
}
