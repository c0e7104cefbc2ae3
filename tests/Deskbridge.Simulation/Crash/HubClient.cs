using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Deskbridge.Simulation.Crash;

/// <summary>A client of the hub's API that does what any good client does when the hub dies under it: sends the same request again.</summary>
internal sealed class HubClient : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http;
    private int _inFlight;

    public HubClient(Uri hub, string token)
    {
        _http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(hub, "api/v1/"), Timeout = TimeSpan.FromSeconds(20) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Changes that were asked for and not answered yet.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Posts until the hub answers, however often it is killed in between. 5xx is no answer.</summary>
    public async Task<(HttpStatusCode Status, JsonNode? Body)> PostAsync(string path, object? body, string? key, CancellationToken cancel)
    {
        Interlocked.Increment(ref _inFlight);
        try
        {
            return await UntilAnsweredAsync(
                () =>
                {
                    var request = new HttpRequestMessage(HttpMethod.Post, path);
                    if (body is not null) request.Content = JsonContent.Create(body);
                    if (key is not null) request.Headers.Add("Idempotency-Key", key);
                    return request;
                },
                $"POST {path}",
                cancel);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    public async Task<JsonNode?> GetAsync(string path, CancellationToken cancel) =>
        (await UntilAnsweredAsync(() => new HttpRequestMessage(HttpMethod.Get, path), $"GET {path}", cancel)).Body;

    public void Dispose() => _http.Dispose();

    private async Task<(HttpStatusCode Status, JsonNode? Body)> UntilAnsweredAsync(Func<HttpRequestMessage> make, string what, CancellationToken cancel)
    {
        var began = TimeProvider.System.GetTimestamp();
        var last = "";
        while (TimeProvider.System.GetElapsedTime(began) < Patience)
        {
            try
            {
                using var request = make();
                using var answer = await _http.SendAsync(request, cancel);
                var text = await answer.Content.ReadAsStringAsync(cancel);
                if ((int)answer.StatusCode < 500) return (answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
                last = $"{(int)answer.StatusCode} {text}";
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException || (failure is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                last = failure.Message;
            }

            await Task.Delay(Pause, cancel);
        }

        throw new TimeoutException($"{what} was not answered within {Patience.TotalSeconds} seconds; the last thing heard was: {last}");
    }
}
