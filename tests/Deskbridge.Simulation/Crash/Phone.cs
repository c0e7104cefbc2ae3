using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Deskbridge.Simulation.Crash;

/// <summary>One page as it arrived.</summary>
internal sealed record Ring(Guid DeliveryId, Guid AlertId, string Title, int Episode, DateTimeOffset At);

/// <summary>The far end of Dana's webhook channel: writes down every page it gets, repeated ones too.</summary>
internal sealed class Phone : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Ring> _rings = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Ring>> _first = new(StringComparer.Ordinal);

    private Phone(WebApplication app) => _app = app;

    public IReadOnlyCollection<Ring> Rings => _rings;

    /// <summary>The first page about an alert of that title.</summary>
    public Task<Ring> FirstAsync(string title) => First(title).Task;

    public Uri Url => new(new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()), "pages");

    public static async Task<Phone> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var phone = new Phone(builder.Build());
        phone._app.MapPost("/pages", phone.RingAsync);
        await phone._app.StartAsync();
        return phone;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private TaskCompletionSource<Ring> First(string title) => _first.GetOrAdd(title, _ => new TaskCompletionSource<Ring>(TaskCreationOptions.RunContinuationsAsynchronously));

    private async Task<IResult> RingAsync(HttpRequest request)
    {
        var data = (await JsonNode.ParseAsync(request.Body))!["data"]!;
        var ring = new Ring(Guid.Parse(request.Headers["webhook-id"].ToString()), Guid.Parse((string)data["alertId"]!), (string)data["title"]!, (int)data["episode"]!, TimeProvider.System.GetUtcNow());
        _rings.Enqueue(ring);
        First(ring.Title).TrySetResult(ring);
        return TypedResults.Ok();
    }
}
