using System.Diagnostics;

namespace Deskbridge.Connectors.Http;

/// <summary>Takes every request through the connection's call gate and reports what came of it.</summary>
/// <param name="calls">The gate.</param>
public sealed class CallGateHandler(ICallGate calls) : DelegatingHandler
{
    /// <summary>An option of a request: called when the gate let it pass, so that waiting for the budget does not count as the remote's silence.</summary>
    public static HttpRequestOptionsKey<Action> Passed { get; } = new("deskbridge.gate-passed");

    /// <inheritdoc/>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        await calls.EnterAsync(CallClassScope.Current, cancellationToken);
        if (request.Options.TryGetValue(Passed, out var passed)) passed();
        var started = Stopwatch.GetTimestamp();
        int? status = null;
        TimeSpan? retryAfter = null;
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            status = (int)response.StatusCode;
            retryAfter = RetryAfter.Of(response);
            return response;
        }
        finally
        {
            calls.Report(new(request.Method.Method, request.RequestUri!.AbsolutePath, status, Stopwatch.GetElapsedTime(started), retryAfter));
        }
    }
}
