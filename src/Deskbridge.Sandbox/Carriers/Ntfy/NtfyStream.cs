using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Deskbridge.Sandbox.Carriers.Ntfy;

/// <summary>Writes to one subscriber: old messages, then (unless it only polls) what comes, with a keep-alive when nothing does.</summary>
internal sealed class NtfyStream(
    HttpResponse response, string format, NtfySubscription subscription, AppendLog<StoredNtfy> log, TimeSpan keepalive, TimeProvider clock)
{
    private readonly PriorityQueue<NtfyMessage, long> _scheduled = new();

    public async Task RunAsync(string topics, CancellationToken cancel)
    {
        var read = log.Last;
        if (!subscription.Poll) await WriteAsync(Event("open", topics), cancel);
        var all = log.After(0, (int)read);
        foreach (var message in subscription.Old(all, clock.GetUtcNow())) await WriteAsync(message, cancel);
        await response.Body.FlushAsync(cancel);
        if (subscription.Poll) return;

        foreach (var logged in all) Schedule(logged.Entry);
        while (true)
        {
            var changed = log.Changed;
            foreach (var logged in log.After(read))
            {
                read = logged.Seq;
                if (!Schedule(logged.Entry) && subscription.Wants(logged.Entry)) await WriteAsync(logged.Entry.Message, cancel);
            }
            while (_scheduled.TryPeek(out var due, out var time) && time <= Now)
            {
                _scheduled.Dequeue();
                await WriteAsync(due, cancel);
            }
            await response.Body.FlushAsync(cancel);
            if (!await WaitAsync(changed, cancel)) await WriteAsync(Event("keepalive", topics), cancel);
        }
    }

    private long Now => clock.GetUtcNow().ToUnixTimeSeconds();

    private bool Schedule(StoredNtfy entry)
    {
        if (entry.Message.Time <= Now) return false;
        if (subscription.Wants(entry)) _scheduled.Enqueue(entry.Message, entry.Message.Time);
        return true;
    }

    // False when nothing happened for the keep-alive's time.
    private async Task<bool> WaitAsync(Task changed, CancellationToken cancel)
    {
        var untilDue = _scheduled.TryPeek(out _, out var time) ? TimeSpan.FromSeconds(Math.Max(1, time - Now)) : TimeSpan.MaxValue;
        try
        {
            await changed.WaitAsync(untilDue < keepalive ? untilDue : keepalive, clock, cancel);
            return true;
        }
        catch (TimeoutException)
        {
            return untilDue < keepalive;
        }
    }

    private NtfyMessage Event(string kind, string topics) => new() { Id = NtfyActions.NewId(12), Time = Now, Kind = kind, Topic = topics };

    private async Task WriteAsync(NtfyMessage message, CancellationToken cancel)
    {
        var json = JsonSerializer.Serialize(message, CarriersJson.Options);
        await response.WriteAsync(format switch
        {
            "json" => json + "\n",
            "sse" => message.Kind == "message" ? $"data: {json}\n\n" : $"event: {message.Kind}\ndata: {json}\n\n",
            _ => message.Kind == "message" ? message.Message!.ReplaceLineEndings(" ") + "\n" : "\n",
        }, cancel);
    }
}
