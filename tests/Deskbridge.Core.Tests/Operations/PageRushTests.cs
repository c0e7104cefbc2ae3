using Deskbridge.Core.Operations;
using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Core.Tests.Operations;

public sealed class PageRushTests
{
    private readonly ManualTime _time = new();
    private readonly PageRush _rush;

    public PageRushTests() => _rush = new PageRush(_time);

    [Fact]
    public void StepBack_NoRush_HoldsUpNobody() => Assert.True(_rush.StepBackAsync(default).IsCompleted);

    [Fact]
    public async Task StepBack_Rush_WaitsUntilItIsOver()
    {
        _rush.Saw();
        var waiting = _rush.StepBackAsync(default);
        _time.Advance(TimeSpan.FromMilliseconds(200));
        Assert.False(waiting.IsCompleted);

        while (!waiting.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(200));
            await Task.Yield();
        }

        await waiting;
    }

    [Fact]
    public void StepBack_RushWithoutEnd_IsNotWaitedForLongerThanSeconds()
    {
        for (var i = 0; i < 110; i++)
        {
            _rush.Saw();
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.True(_rush.StepBackAsync(default).IsCompleted);
    }

    [Fact]
    public void Linger_OnlyInARush()
    {
        Assert.True(_rush.LingerAsync().IsCompleted);

        _rush.Saw();

        Assert.False(_rush.LingerAsync().IsCompleted);
    }
}
