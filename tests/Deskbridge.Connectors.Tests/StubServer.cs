using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Deskbridge.Connectors.Tests;

/// <summary>A web server on a free loopback port with hand-written answers; whatever is not written answers 404.</summary>
/// <param name="notWritten">The body of that 404.</param>
internal class StubServer(string notWritten) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> _routes = new(StringComparer.OrdinalIgnoreCase);
    private WebApplication? _app;

    public ConcurrentQueue<SeenRequest> Seen { get; } = [];

    public Uri Address => new(_app!.Urls.First());

    public void On(string method, string path, Func<HttpContext, Task> answer) => _routes[$"{method} {path}"] = answer;

    public void Json(string method, string path, string json, int status = 200) => On(method, path, async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(json);
    });

    public async ValueTask DisposeAsync() => await _app!.DisposeAsync();

    protected async Task ListenAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Run(AnswerAsync);
        await _app.StartAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        Seen.Enqueue(new(context.Request.Method, context.Request.Path, Uri.UnescapeDataString(context.Request.QueryString.Value ?? ""), headers, body));
        if (_routes.TryGetValue($"{context.Request.Method} {context.Request.Path}", out var answer))
        {
            await answer(context);
            return;
        }

        context.Response.StatusCode = 404;
        await context.Response.WriteAsync(notWritten);
    }
}

internal sealed record SeenRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Body);

internal sealed class OpenGate : ICallGate
{
    public ConcurrentQueue<CallOutcome> Outcomes { get; } = [];

    public ValueTask EnterAsync(CallClass callClass, CancellationToken cancel) => ValueTask.CompletedTask;

    public void Report(CallOutcome outcome) => Outcomes.Enqueue(outcome);
}
