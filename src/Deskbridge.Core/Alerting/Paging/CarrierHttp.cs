using System.Net;
using System.Net.Http.Headers;
using Deskbridge.Connectors.Http;

namespace Deskbridge.Core.Alerting.Paging;

/// <summary>The HTTP side of carriers: one request to the configured address and nowhere else, a small answer, no redirects, no cookies.</summary>
internal sealed class CarrierHttp(TimeProvider clock) : IDisposable
{
    private const int LargestAnswer = 64 * 1024;

    private readonly HttpClient _http = new(new ConnectFailureHandler(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null, // our traces are nobody else's business
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    }))
    {
        Timeout = Timeout.InfiniteTimeSpan, // the dispatch sets the time of an attempt
        MaxResponseContentBufferSize = LargestAnswer,
    };

    /// <summary>Sends and reads the answer.</summary>
    public async Task<CarrierAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Deskbridge", null));
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        return new CarrierAnswer(response.StatusCode, await ReadAsync(response, cancel), RetryAfter(response), response.Headers.Location)
        {
            RunId = response.Headers.TryGetValues("x-ms-workflow-run-id", out var runs) ? runs.First() : null,
        };
    }

    /// <summary>Posts JSON under a delivery id and says what came of it.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="json">The body.</param>
    /// <param name="delivery">The delivery id.</param>
    /// <param name="name">The receiver, for sentences.</param>
    /// <param name="meaning">What its answer means.</param>
    /// <param name="cancel">Ends the attempt.</param>
    public async Task<PageOutcome> PostAsync(string address, byte[] json, Guid delivery, string name, Func<CarrierAnswer, PageOutcome> meaning, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address);
        request.Content = new ByteArrayContent(json);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-Deskbridge-Delivery", delivery.ToString());
        try
        {
            return meaning(await SendAsync(request, cancel));
        }
        catch (HttpRequestException failure)
        {
            return NoAnswer(failure, name);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>What an answer other than success means for every kind of carrier.</summary>
    public static PageOutcome Refusal(CarrierAnswer answer, string name)
    {
        var status = (int)answer.Status;
        return status switch
        {
            429 => new PageOutcome.TempFail($"{name} answered 429, too many requests.", answer.RetryAfter),
            >= 300 and < 400 => new PageOutcome.PermFail(
                $"{name} answered {status} and points to {answer.Location?.ToString() ?? "nowhere"}. Redirects are not followed; enter the final address."),
            401 or 403 => new PageOutcome.PermFail($"{name} answered {status}: it does not accept the credentials. Check the channel's token or secret."),
            404 => new PageOutcome.PermFail($"{name} answered 404: there is nothing at this address. Check the channel's address."),
            408 or 425 or >= 500 => new PageOutcome.TempFail($"{name} answered {status}.", answer.RetryAfter),
            _ => new PageOutcome.PermFail($"{name} answered {status}. {Shorten(answer.Body)}".TrimEnd()),
        };
    }

    /// <summary>What a request that got no answer means.</summary>
    public static PageOutcome NoAnswer(HttpRequestException failure, string name) =>
        new PageOutcome.TempFail($"{name} could not be reached: {failure.Message}");

    private TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } when date > clock.GetUtcNow() => date - clock.GetUtcNow(),
        _ => null,
    };

    private static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancel);
        var buffer = new byte[LargestAnswer];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, length);
    }

    private static string Shorten(string body)
    {
        var line = body.ReplaceLineEndings(" ").Trim();
        return line.Length <= 200 ? line : line[..200] + "…";
    }
}

/// <summary>An HTTP answer.</summary>
internal sealed record CarrierAnswer(HttpStatusCode Status, string Body, TimeSpan? RetryAfter, Uri? Location)
{
    /// <summary>What a Power Automate workflow calls the run it started; null from everybody else.</summary>
    public string? RunId { get; init; }

    /// <summary>2xx.</summary>
    public bool IsSuccess => (int)Status is >= 200 and < 300;
}
