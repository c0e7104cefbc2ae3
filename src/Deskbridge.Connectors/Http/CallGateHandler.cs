using System.Diagnostics;

namespace Deskbridge.Connectors.Http;

/// <summary>Takes every request through the connection's call gate and reports what came of it.</summary>
/// <param name="calls">The gate.</param>
public sealed class CallGateHandler(ICallGate calls) : DelegatingHandler
{
    /// <summary>Name of the source of the spans of calls.</summary>
    public const string SourceName = "Deskbridge.Calls";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>An option of a request: called when the gate let it pass, so that waiting for the budget does not count as the remote's silence.</summary>
    public static HttpRequestOptionsKey<Action> Passed { get; } = new("deskbridge.gate-passed");

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await calls.EnterAsync(CallClassScope.Current, cancellationToken);
        if (request.Options.TryGetValue(Passed, out var passed)) passed();
        using var span = Source.StartActivity("call", ActivityKind.Client);
        span?.SetTag("http.request.method", request.Method.Method).SetTag("server.address", request.RequestUri!.Host).SetTag("url.path", request.RequestUri.AbsolutePath);
        var started = Stopwatch.GetTimestamp();
        int? status = null;
        TimeSpan? retryAfter = null;
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            status = (int)response.StatusCode;
            span?.SetTag("http.response.status_code", status);
            retryAfter = RetryAfter.Of(response);
            return response;
        }
        finally
        {
            if (status is null or >= 400) span?.SetStatus(ActivityStatusCode.Error);
            calls.Report(new(request.Method.Method, request.RequestUri!.AbsolutePath, status, Stopwatch.GetElapsedTime(started), retryAfter));
        }
    }
}
