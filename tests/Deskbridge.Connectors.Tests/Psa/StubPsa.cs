using System.Collections.Concurrent;
using System.Text;
using Deskbridge.Connectors.ConnectWise.Psa;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Deskbridge.Connectors.Tests.Psa;

/// <summary>A web server on a free loopback port with hand-written answers; whatever is not written answers 404 as a missing route.</summary>
internal sealed class StubPsa : IAsyncDisposable
{
    public const string Rest = "/v4_6_release/apis/3.0/";
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Func<HttpContext, Task>> _routes = new(StringComparer.OrdinalIgnoreCase);

    private StubPsa(WebApplication app) => _app = app;

    public ConcurrentQueue<SeenRequest> Seen { get; } = [];

    public Uri Address => new(_app.Urls.First());

    public static async Task<StubPsa> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var stub = new StubPsa(app);
        app.Run(stub.AnswerAsync);
        await app.StartAsync();
        stub.Json("GET", "/login/companyinfo/acme", """{"CompanyName":"acme","Codebase":"v4_6_release/","CompanyID":"acme","IsCloud":"False"}""");
        return stub;
    }

    public void On(string method, string path, Func<HttpContext, Task> answer) => _routes[$"{method} {path}"] = answer;

    public void Json(string method, string path, string json, int status = 200) => On(method, path, async context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(json);
    });

    public void JsonAt(string method, string path, string json, int status = 200) => Json(method, Rest + path, json, status);

    public ConnectWisePsaConnector Connect(IReadOnlyDictionary<string, string>? installed = null, Action<ConnectWisePsaOptions>? set = null)
    {
        var options = Options(Address.AbsoluteUri);
        set?.Invoke(options);
        return new(new(Guid.Empty, options, installed ?? new Dictionary<string, string>(StringComparer.Ordinal), TimeProvider.System, new OpenGate()));
    }

    public static ConnectWisePsaOptions Options(string address) => new()
    {
        InstanceUri = address,
        CompanyId = "acme",
        MemberId = "hubapi",
        PublicKey = "public",
        PrivateKey = "private",
        ClientId = "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    };

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

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
        await context.Response.WriteAsync("""{"code":"ConnectWiseApi","message":"The endpoint does not exist."}""");
    }
}

internal sealed record SeenRequest(string Method, string Path, string Query, IReadOnlyDictionary<string, string> Headers, string Body);

internal sealed class OpenGate : ICallGate
{
    public ConcurrentQueue<CallOutcome> Outcomes { get; } = [];

    public ValueTask EnterAsync(CallClass callClass, CancellationToken cancel) => ValueTask.CompletedTask;

    public void Report(CallOutcome outcome) => Outcomes.Enqueue(outcome);
}
