using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Deskbridge.Connectors.Tests;

/// <summary>Takes what a simulator calls back with, on a free loopback port.</summary>
internal sealed class CallbackInbox : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<CallbackRequest> _arrived = Channel.CreateUnbounded<CallbackRequest>();

    private CallbackInbox(WebApplication app) => _app = app;

    public Uri Address => new(new Uri(_app.Urls.First()), "/callbacks/token");

    public static async Task<CallbackInbox> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var inbox = new CallbackInbox(app);
        app.Run(inbox.TakeAsync);
        await app.StartAsync();
        return inbox;
    }

    public async Task<CallbackRequest> NextAsync(CancellationToken cancel)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(TimeSpan.FromMinutes(1));
        return await _arrived.Reader.ReadAsync(patience.Token);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.Ordinal);
        await _arrived.Writer.WriteAsync(new(body.ToArray(), headers));
    }
}
