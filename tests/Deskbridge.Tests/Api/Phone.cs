using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Deskbridge.Tests.Api;

/// <summary>A provider of pushes on a free loopback port that takes everything and keeps it.</summary>
internal sealed class Phone : IAsyncDisposable
{
    private readonly WebApplication _app;

    private Phone(WebApplication app) => _app = app;

    public string Url => _app.Urls.First();

    /// <summary>Bodies in the order in which they came.</summary>
    public ConcurrentQueue<string> Received { get; } = new();

    public static async Task<Phone> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var phone = new Phone(app);
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            phone.Received.Enqueue(await reader.ReadToEndAsync(context.RequestAborted));
            await context.Response.WriteAsJsonAsync(new { id = "1" }, context.RequestAborted);
        });
        await app.StartAsync();
        return phone;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
