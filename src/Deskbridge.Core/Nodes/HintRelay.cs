using System.Threading.Channels;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Deskbridge.Core.Nodes;

/// <summary>
/// Passes hints between the hubs on one PostgreSQL database by NOTIFY: which queues have work, and which connection changed. Only hints:
/// whatever is lost here, each hub finds at its next tick.
/// </summary>
internal sealed partial class HintRelay(HubDatabase database, ThisNode node, NodeFacts facts, WorkHints hints, ConnectionChanges changes, TimeProvider clock, ILogger<HintRelay> logger) : BackgroundService
{
    private const string Topic = "deskbridge_hints";
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan ReconnectAfter = TimeSpan.FromSeconds(2);

    private readonly Channel<string> _outgoing = Channel.CreateBounded<string>(new BoundedChannelOptions(256) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly AsyncLocal<bool> _passingOn = new();

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        hints.PassOn = hint => Tell($"q:{hint}");
        changes.Subscribe(id => Tell($"c:{id:N}"));
        return Task.WhenAll(KeepAsync(ListenAsync, stoppingToken), KeepAsync(SendAsync, stoppingToken));
    }

    private void Tell(string hint)
    {
        if (facts.Others > 0 && !_passingOn.Value) _outgoing.Writer.TryWrite(hint);
    }

    /// <summary>The server may restart or fail over: the connection is made anew until the hub ends.</summary>
    private async Task KeepAsync(Func<CancellationToken, Task> work, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await work(stop);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                LogCut(logger, failure.Message);
                await Task.Delay(ReconnectAfter, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task ListenAsync(CancellationToken stop)
    {
        await using var connection = await OpenAsync(stop);
        connection.Notification += (_, heard) => Heard(heard.Payload);
        await using (var listen = new NpgsqlCommand($"LISTEN {Topic}", connection)) await listen.ExecuteNonQueryAsync(stop);
        hints.RaiseHere(Enum.GetValues<WorkHint>()); // whatever was told while nobody listened
        while (true) await connection.WaitAsync(stop);
    }

    private async Task SendAsync(CancellationToken stop)
    {
        await using var connection = await OpenAsync(stop);
        await using var notify = new NpgsqlCommand("SELECT pg_notify($1, $2)", connection);
        notify.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Topic });
        var payload = new NpgsqlParameter<string> { TypedValue = "" };
        notify.Parameters.Add(payload);
        while (await _outgoing.Reader.WaitToReadAsync(stop))
        {
            await Task.Delay(Gather, clock, stop);
            var gathered = new HashSet<string>(StringComparer.Ordinal);
            while (gathered.Count < 50 && _outgoing.Reader.TryRead(out var hint)) gathered.Add(hint);
            payload.TypedValue = $"{node.Id:N} {string.Join(' ', gathered)}";
            await notify.ExecuteNonQueryAsync(stop);
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(CancellationToken stop)
    {
        // Outside of the pool, which may be in full use; a dead peer shows within seconds.
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(database.ConnectionString) { Pooling = false, KeepAlive = 10 }.ConnectionString);
        try
        {
            await connection.OpenAsync(stop);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private void Heard(string payload)
    {
        var words = payload.Split(' ');
        if (words[0] == node.Id.ToString("N")) return;
        _passingOn.Value = true;
        foreach (var word in words.Skip(1))
        {
            if (word.StartsWith("c:", StringComparison.Ordinal) && Guid.TryParseExact(word[2..], "N", out var id)) changes.Raise(id);
            else if (word.StartsWith("q:", StringComparison.Ordinal) && Enum.TryParse<WorkHint>(word[2..], out var queue)) hints.RaiseHere([queue]);
        }

        _passingOn.Value = false;
    }

    [LoggerMessage(4003, LogLevel.Warning, "No hints to and from other hubs for the moment, work goes on by the clock: {Why}")]
    private static partial void LogCut(ILogger logger, string why);
}
