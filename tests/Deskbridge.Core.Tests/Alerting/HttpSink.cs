using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Deskbridge.Core.Tests.Alerting;

/// <summary>A provider on loopback: keeps what arrives and answers what the test wants.</summary>
internal sealed class HttpSink : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Arrival> _arrivals = new();

    private HttpSink(WebApplication app) => _app = app;

    public IReadOnlyList<Arrival> Arrivals => [.. _arrivals];

    /// <summary>What it answers; 200 with a JSON id by default.</summary>
    public Func<Arrival, HttpResponse, Task> Answer { get; set; } = static (_, response) => response.WriteAsync("""{"id":"abc123"}""");

    public string Url => _app.Urls.First();

    public static async Task<HttpSink> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var sink = new HttpSink(builder.Build());
        sink._app.Run(sink.ReceiveAsync);
        await sink._app.StartAsync();
        return sink;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        var arrival = new Arrival(
            context.Request.Method,
            context.Request.Path,
            context.Request.Headers.ToDictionary(h => h.Key.ToLowerInvariant(), h => h.Value.ToString(), StringComparer.Ordinal),
            await reader.ReadToEndAsync());
        _arrivals.Enqueue(arrival);
        await Answer(arrival, context.Response);
    }
}

internal sealed record Arrival(string Method, string Path, IReadOnlyDictionary<string, string> Headers, string Body);
