using System.Collections.Concurrent;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa;

/// <summary>A receiver of callbacks; it answers the statuses it was given, then 200.</summary>
internal sealed class CallbackListener : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<Received> _received = Channel.CreateUnbounded<Received>();

    private CallbackListener(WebApplication app) => _app = app;

    public ConcurrentQueue<int> Answers { get; } = new();

    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public static async Task<CallbackListener> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(k => k.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        var listener = new CallbackListener(app);
        app.MapFallback(listener.ReceiveAsync);
        await app.StartAsync();
        return listener;
    }

    public async Task<Received> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        return await _received.Reader.ReadAsync(limit.Token);
    }

    public bool IsEmpty => _received.Reader.Count == 0;

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task ReceiveAsync(HttpContext http)
    {
        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer);
        http.Response.StatusCode = Answers.TryDequeue(out var status) ? status : 200;
        await _received.Writer.WriteAsync(new Received(http.Request.Path + http.Request.QueryString.ToString(), buffer.ToArray(), http.Request.Headers["x-content-signature"].ToString())
        {
            HookSignature = http.Request.Headers["X-Hook-Signature"].ToString(),
            Authorization = http.Request.Headers.Authorization.ToString(),
            ContentType = http.Request.ContentType ?? "",
        });
    }
}

internal sealed record Received(string Url, byte[] Body, string Signature)
{
    public string HookSignature { get; init; } = "";

    public string Authorization { get; init; } = "";

    public string ContentType { get; init; } = "";

    public string Text => System.Text.Encoding.UTF8.GetString(Body);
}
