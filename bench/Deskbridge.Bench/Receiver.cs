using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Deskbridge.Bench;

/// <summary>A notification as it arrived.</summary>
/// <param name="Title">The ticket's summary; each ticket of a batch has its own.</param>
/// <param name="At">When, as a timestamp of the bench's clock.</param>
internal sealed record Notified(string Title, long At);

/// <summary>A plain webhook receiver: answers 200 and writes down what came.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private ConcurrentQueue<Notified> _notified = new();

    private Receiver(WebApplication app) => _app = app;

    public int Count => _notified.Count;

    public Uri Url => new(new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()), "notify");

    public static async Task<Receiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var receiver = new Receiver(builder.Build());
        receiver._app.Run(receiver.TakeAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Forgets what came so far and answers it.</summary>
    public IReadOnlyList<Notified> Take() => [.. Interlocked.Exchange(ref _notified, new ConcurrentQueue<Notified>())];

    /// <summary>Waits until so many notifications came; answers whether they did in time.</summary>
    public async Task<bool> WaitAsync(int count, TimeSpan within)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (_notified.Count < count)
        {
            if (TimeProvider.System.GetElapsedTime(began) > within) return false;
            await Task.Delay(20);
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext http)
    {
        var body = await JsonDocument.ParseAsync(http.Request.Body);
        var at = TimeProvider.System.GetTimestamp();
        using (body) _notified.Enqueue(new Notified(body.RootElement.GetProperty("data").GetProperty("title").GetString()!, at));
    }
}
