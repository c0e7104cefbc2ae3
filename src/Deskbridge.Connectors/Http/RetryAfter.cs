using System.Net;

namespace Deskbridge.Connectors.Http;

/// <summary>How long a remote asks us to wait.</summary>
public static class RetryAfter
{
    /// <summary>The wait when a 429 does not say: 30 seconds.</summary>
    public static readonly TimeSpan Default = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>The wait that a 429 asks for, at most an hour; null for any other answer. A date counts from the answer's own Date.</summary>
    /// <param name="response">The answer.</param>
    public static TimeSpan? Of(HttpResponseMessage response)
    {
        if (response.StatusCode != HttpStatusCode.TooManyRequests)
        {
            return null;
        }

        var asked = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } until } when response.Headers.Date is { } now => until - now,
            _ => Default,
        };
        return asked < TimeSpan.Zero ? TimeSpan.Zero : asked > Longest ? Longest : asked;
    }
}
