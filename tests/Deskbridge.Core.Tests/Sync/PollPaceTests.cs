using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Deskbridge.Core.Tests.Connections;
using Xunit;

namespace Deskbridge.Core.Tests.Sync;

/// <summary>A connection whose callbacks tell everything is polled less often, and never less than once a minute (S50).</summary>
public sealed class PollPaceTests : IAsyncLifetime
{
    private static readonly TimeSpan Usual = TimeSpan.FromSeconds(20);

    private ConnectionsHub _hub = null!;
    private Guid _connection;

    private PollPace Pace => _hub.Store.Get<PollPace>();

    public async ValueTask InitializeAsync()
    {
        _hub = await ConnectionsHub.CreateAsync();
        _connection = await _hub.InstallAsync();
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task CallbacksThatTellEverything_HalveThePolls_UntilOneFindsSomething()
    {
        await CalledAsync();
        await QuietAsync(PollPace.QuietBefore);

        Assert.Equal(2 * Usual, Pace.IntervalOf(_connection));
        _hub.Store.Time.Advance(Usual);
        Assert.False(Pace.IsDue(_connection));
        _hub.Store.Time.Advance(Usual);
        Assert.True(Pace.IsDue(_connection));

        await Pace.PolledAsync(_connection, fresh: 1, default);
        Assert.Equal(Usual, Pace.IntervalOf(_connection));
        Assert.True(Pace.IsDue(_connection));
    }

    [Fact]
    public async Task WithoutCallbacks_OrWhenTheyStopComing_EveryPollTakesPlace()
    {
        await QuietAsync(3 * PollPace.QuietBefore);
        Assert.Equal(Usual, Pace.IntervalOf(_connection));

        await CalledAsync();
        await QuietAsync(PollPace.QuietBefore);
        Assert.Equal(2 * Usual, Pace.IntervalOf(_connection));
        _hub.Store.Time.Advance(TimeSpan.FromHours(2));
        await QuietAsync(1);

        Assert.Equal(Usual, Pace.IntervalOf(_connection));
    }

    /// <summary>Autotask counts the calls of all integrations together.</summary>
    [Fact]
    public async Task CallsSharedWithOtherPrograms_HalveThePollsThatFindNothing_CallbacksOrNot()
    {
        _hub.Psa.SharesCalls = true;

        await QuietAsync(PollPace.QuietBefore);
        Assert.Equal(2 * Usual, Pace.IntervalOf(_connection));

        await Pace.PolledAsync(_connection, fresh: 1, default);
        Assert.Equal(Usual, Pace.IntervalOf(_connection));
    }

    [Fact]
    public async Task PollThatFailed_IsNoQuietOne()
    {
        await CalledAsync();
        await QuietAsync(PollPace.QuietBefore);

        await Pace.PolledAsync(_connection, fresh: null, default);

        Assert.True(Pace.IsDue(_connection));
    }

    private async Task QuietAsync(int polls)
    {
        for (var poll = 0; poll < polls; poll++) await Pace.PolledAsync(_connection, fresh: 0, default);
    }

    private async Task CalledAsync() => await _hub.Store.Get<HubStore>().WriteAsync(
        async db => (await db.ConnectionHealth.FindAsync(_connection))!.LastCallbackAt = _hub.Store.Time.GetUtcNow(), default);
}
