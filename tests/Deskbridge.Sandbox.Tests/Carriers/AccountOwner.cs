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

namespace Deskbridge.Sandbox.Tests.Carriers;

/// <summary>The program of a Twilio customer: answers each path as it was told to, and keeps what it was asked.</summary>
internal sealed class AccountOwner : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, (int Status, string Type, string Body)> _answers = new();
    private readonly Channel<OwnerAsked> _asked = Channel.CreateUnbounded<OwnerAsked>();

    private AccountOwner(WebApplication app) => _app = app;

    public static async Task<AccountOwner> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var owner = new AccountOwner(builder.Build());
        owner._app.MapFallback(owner.AnswerAsync);
        await owner._app.StartAsync();
        return owner;
    }

    public string At(string path) => new Uri(new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()), path).AbsoluteUri;

    /// <summary>What a path answers from now on; nothing with 200 when it was never told.</summary>
    public void Answers(string path, string body, int status = 200, string type = "application/xml") => _answers[path] = (status, type, body);

    public async Task<OwnerAsked> NextAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        return await _asked.Reader.ReadAsync(limit.Token);
    }

    /// <summary>What it was asked up to now and nobody took.</summary>
    public List<OwnerAsked> Rest()
    {
        var rest = new List<OwnerAsked>();
        while (_asked.Reader.TryRead(out var one)) rest.Add(one);
        return rest;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext http)
    {
        var request = http.Request;
        var fields = request.HasFormContentType ? (await request.ReadFormAsync()).ToDictionary(pair => pair.Key, pair => pair.Value.ToString()) : [];
        _asked.Writer.TryWrite(new OwnerAsked(request.Path, $"{request.Scheme}://{request.Host}{request.Path}{request.QueryString}", fields, request.Headers["X-Twilio-Signature"].ToString()));
        var (status, type, body) = _answers.GetValueOrDefault(request.Path, (200, "text/plain", ""));
        http.Response.StatusCode = status;
        http.Response.ContentType = type;
        await http.Response.WriteAsync(body);
    }
}

/// <summary>A request as it came.</summary>
internal sealed record OwnerAsked(string Path, string Url, IReadOnlyDictionary<string, string> Fields, string Signature)
{
    public string this[string field] => Fields.GetValueOrDefault(field, "");
}
