using System.Collections.Concurrent;
using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Connections;

/// <summary>
/// The running connectors. One is replaced when its settings or its installed objects change, here or in another process; the row is
/// read again at most every five seconds. A replaced connector is disposed when its last users must be done.
/// </summary>
internal sealed class ConnectorPool : IDisposable
{
    private static readonly TimeSpan RowKeptFor = TimeSpan.FromSeconds(5);

    /// <summary>Longer than any piece of work that holds on to a connector: no call lasts that long.</summary>
    private static readonly TimeSpan DisposedAfter = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<Guid, Entry> _entries = new();
    private readonly ConcurrentDictionary<IConnector, ITimer> _retired = new();
    private readonly ConnectorCatalog _catalog;
    private readonly StoredSettings _stored;
    private readonly CallBudgets _budgets;
    private readonly HubStore _store;
    private readonly IOptions<ConnectionsOptions> _options;
    private readonly TimeProvider _clock;

    /// <summary>Listens to changes made in this process.</summary>
    public ConnectorPool(
        ConnectorCatalog catalog, StoredSettings stored, CallBudgets budgets, HubStore store, ConnectionChanges changes, IOptions<ConnectionsOptions> options, TimeProvider clock)
    {
        (_catalog, _stored, _budgets, _store, _options, _clock) = (catalog, stored, budgets, store, options, clock);
        changes.Subscribe(Refresh);
    }

    /// <summary>The connection when it is active; null when it is not, or does not exist.</summary>
    /// <exception cref="ConnectorException">It cannot be used: its secrets cannot be decrypted, or this build lacks its connector.</exception>
    public async ValueTask<LiveConnection?> FindAsync(Guid connectionId, CancellationToken cancel) =>
        await FindInAnyStateAsync(connectionId, cancel) is { Connection.State: ConnectionState.Active } live ? live : null;

    /// <summary>The connection in any state but removed, for Test, Dry run, Install and Remove.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public async ValueTask<LiveConnection?> FindInAnyStateAsync(Guid connectionId, CancellationToken cancel)
    {
        var entry = _entries.GetOrAdd(connectionId, static _ => new Entry());
        if (entry.Fresh(_clock) is { } fresh) return fresh.Live;
        await entry.Gate.WaitAsync(cancel);
        try
        {
            if (entry.Fresh(_clock) is { } meanwhile) return meanwhile.Live;
            var generation = entry.Generation;
            var now = _clock.GetTimestamp();
            var built = await BuildAsync(connectionId, entry.Current, cancel);
            if (entry.Current?.Connector is { } old && old != built.Connector) Retire(old);
            entry.Current = built with { ReadAt = now, Generation = generation };
            return built.Live;
        }
        finally
        {
            entry.Gate.Release();
        }
    }

    /// <summary>The next question reads the row again.</summary>
    public void Refresh(Guid connectionId)
    {
        if (_entries.TryGetValue(connectionId, out var entry)) entry.Refresh();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (connector, timer) in _retired)
        {
            timer.Dispose();
            connector.Dispose();
        }

        foreach (var entry in _entries.Values)
        {
            entry.Current?.Connector?.Dispose();
            entry.Gate.Dispose();
        }
    }

    private async Task<Built> BuildAsync(Guid id, Built? before, CancellationToken cancel)
    {
        var read = await _store.ReadAsync(
            async db => (
                Found: await db.Connections
                    .Where(row => row.Id == id && row.State != ConnectionState.Removed)
                    .LeftJoin(db.ConnectionHealth, row => row.Id, health => health.ConnectionId, (row, health) => new { Row = row, OffsetMs = (long?)health!.ClockOffsetMs })
                    .SingleOrDefaultAsync(cancel),
                Installed: await db.InstalledObjects.Where(thing => thing.ConnectionId == id && thing.RemoteId != "").ToDictionaryAsync(thing => thing.Role, thing => thing.RemoteId, StringComparer.Ordinal, cancel)),
            cancel);
        if (read.Found?.Row is not { } row) return new Built(null, null, null, "", null);
        var key = $"{row.Version}|{string.Join('|', read.Installed.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}"))}";
        var same = before is { Connector: not null } && before.Key == key;
        var options = same ? before!.Options! : Options(row);
        var connector = same ? before!.Connector! : _catalog.Find(row.Kind)!.Create(new ConnectorContext(id, options, read.Installed, _clock, _budgets.GateOf(id)));
        var lists = same ? before!.Lists! : new RemoteLists(connector, _options.Value.ListsKeptFor, _clock);
        var (rules, asked) = same && before!.Live!.RuleVersionId == row.RuleVersionId ? (before.Live.Rules, before.Live.AskedEvents) : await RulesAsync(row, connector, cancel);
        var live = new LiveConnection(row, connector, options, rules, lists, TimeSpan.FromMilliseconds(read.Found.OffsetMs ?? 0), _clock) { AskedEvents = asked };
        return new Built(live, connector, options, key, lists);
    }

    private object Options(Connection row)
    {
        if (_catalog.Find(row.Kind) is not { } type)
        {
            throw new ConnectorRejectedException($"'{row.Name}' needs the connector '{row.Kind}', which this version of Deskbridge does not have. Start a version that has it.");
        }

        try
        {
            return _stored.Read(row, type);
        }
        catch (InvalidOperationException lost)
        {
            throw new ConnectorCredentialsException(new SecretsLost(row.Name, lost.Message).Message);
        }
    }

    private async Task<(RuleBook? Rules, IReadOnlyDictionary<string, string> Asked)> RulesAsync(Connection row, IConnector connector, CancellationToken cancel)
    {
        var none = new Dictionary<string, string>();
        if (row.RuleVersionId is not { } version || connector is not IReadsRules reader) return (null, none);
        var stored = await _store.ReadAsync(db => db.RuleVersions.SingleOrDefaultAsync(stored => stored.Id == version, cancel), cancel);
        return stored is null ? (null, none) : (reader.ParseRules(stored.Body), stored.AskedEvents is { } asked ? Json.Read<Dictionary<string, string>>(asked) : none);
    }

    private void Retire(IConnector connector) =>
        _retired[connector] = _clock.CreateTimer(
            _ =>
            {
                if (!_retired.TryRemove(connector, out var timer)) return;
                timer.Dispose();
                connector.Dispose();
            },
            null, DisposedAfter, Timeout.InfiniteTimeSpan);

    private sealed record Built(LiveConnection? Live, IConnector? Connector, object? Options, string Key, RemoteLists? Lists)
    {
        /// <summary>By the monotonic clock, for a row must not stay fresh because the wall clock was set back.</summary>
        public long ReadAt { get; init; }

        public int Generation { get; init; }
    }

    private sealed class Entry
    {
        private int _generation;
        private volatile Built? _current;

        public SemaphoreSlim Gate { get; } = new(1, 1);

        public int Generation => Volatile.Read(ref _generation);

        public Built? Current
        {
            get => _current;
            set => _current = value;
        }

        public void Refresh() => Interlocked.Increment(ref _generation);

        public Built? Fresh(TimeProvider clock) => _current is { } built && built.Generation == Generation && clock.GetElapsedTime(built.ReadAt) < RowKeptFor ? built : null;
    }
}
