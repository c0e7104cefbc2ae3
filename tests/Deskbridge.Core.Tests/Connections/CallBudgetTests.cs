using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Core.Tests.Connections;

public sealed class CallBudgetTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Budget_UsedUp_LetsTicketsGoBeforeSweeps()
    {
        using var budget = new CallBudget(60, _time);
        for (var i = 0; i < 6; i++) await budget.EnterAsync(CallClass.Tickets, default);

        var sweep = budget.EnterAsync(CallClass.Sweeps, default).AsTask();
        var ticket = budget.EnterAsync(CallClass.Tickets, default).AsTask();
        _time.Advance(TimeSpan.FromSeconds(1));
        await ticket;

        Assert.False(sweep.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(10));
        await sweep;
        Assert.Equal(7, budget.Usage().Classes[0].LastMinute);
    }

    [Fact]
    public async Task Throttled_WithRetryAfter_HoldsReadsAndRefusesWrites()
    {
        using var budget = new CallBudget(600, _time);
        budget.Report(new CallOutcome("GET", "/tickets", 429, TimeSpan.Zero, TimeSpan.FromSeconds(20)));

        var read = budget.EnterAsync(CallClass.Tickets, default).AsTask();
        var refused = await Assert.ThrowsAsync<ConnectorThrottledException>(() => budget.EnterAsync(CallClass.Writes, default).AsTask());

        Assert.Equal(TimeSpan.FromSeconds(20), refused.RetryAfter);
        _time.Advance(TimeSpan.FromSeconds(19));
        Assert.False(read.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(1));
        await read;
    }

    [Fact]
    public async Task Waiter_GivingUp_FreesItsPlace()
    {
        using var budget = new CallBudget(60, _time);
        for (var i = 0; i < 6; i++) await budget.EnterAsync(CallClass.Tickets, default);
        using var gaveUp = new CancellationTokenSource();
        var first = budget.EnterAsync(CallClass.Tickets, gaveUp.Token).AsTask();

        await gaveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);

        Assert.Equal(0, budget.Usage().Classes[0].Waiting);
    }

    [Theory]
    [InlineData(4, 0, null)]
    [InlineData(5, 0, 15)]
    [InlineData(7, 0, 60)]
    [InlineData(50, 0, 60)]
    [InlineData(50, 50, 300)]
    [InlineData(50, 1, 15)]
    [InlineData(1, 1, 15)]
    public void Breaker_FailuresInARow_OpensForLonger(int failures, int refusals, int? seconds) =>
        Assert.Equal(seconds, (int?)Breaker.PauseAfter(failures, refusals, 0)?.TotalSeconds);
}
