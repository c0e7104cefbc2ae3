using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Deskbridge.Simulation.Crash;

/// <summary>A client of the hub's API that does what any good client does when the hub dies under it: sends the same request again.</summary>
internal sealed class HubClient : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http;
    private readonly IReadOnlyList<Uri> _hubs;
    private int _turn;
    private int _inFlight;

    /// <summary>Asks the hubs in turn.</summary>
    public HubClient(IReadOnlyList<Uri> hubs, string token)
    {
        _hubs = hubs;
        _http = new HttpClient(new SocketsHttpHandler()) { Timeout = TimeSpan.FromSeconds(20) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Which of the hubs a load balancer would ask.</summary>
    public Func<int, bool> MayAsk { get; set; } = _ => true;

    /// <summary>Changes that were asked for and not answered yet.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Posts until a hub answers, however often it is killed in between. 5xx is no answer, and neither is that the first request under the key is still at work.</summary>
    public Task<(HttpStatusCode Status, JsonNode? Body)> PostAsync(string path, object? body, string? key, CancellationToken cancel) => ChangeAsync(HttpMethod.Post, path, body, key, cancel);

    /// <summary>The same for what may be repeated without a key.</summary>
    public Task<(HttpStatusCode Status, JsonNode? Body)> PutAsync(string path, object body, CancellationToken cancel) => ChangeAsync(HttpMethod.Put, path, body, null, cancel);

    private async Task<(HttpStatusCode Status, JsonNode? Body)> ChangeAsync(HttpMethod method, string path, object? body, string? key, CancellationToken cancel)
    {
        Interlocked.Increment(ref _inFlight);
        try
        {
            return await UntilAnsweredAsync(
                () =>
                {
                    var request = new HttpRequestMessage(method, Address(path));
                    request.Content = body switch { null => null, byte[] bytes => new ByteArrayContent(bytes) { Headers = { ContentType = new("application/octet-stream") } }, _ => JsonContent.Create(body) };
                    if (key is not null) request.Headers.Add("Idempotency-Key", key);
                    return request;
                },
                status => (int)status < 500 && (key is null || status != HttpStatusCode.Conflict),
                $"{method} {path}",
                cancel);
        }
        finally
        {
            Interlocked.Decrement(ref _inFlight);
        }
    }

    public async Task<JsonNode?> GetAsync(string path, CancellationToken cancel) =>
        (await UntilAnsweredAsync(() => new HttpRequestMessage(HttpMethod.Get, Address(path)), status => (int)status < 500, $"GET {path}", cancel)).Body;

    public void Dispose() => _http.Dispose();

    private Uri Address(string path)
    {
        var hub = 0;
        for (var tried = 0; tried < _hubs.Count; tried++)
        {
            hub = (int)((uint)Interlocked.Increment(ref _turn) % _hubs.Count);
            if (MayAsk(hub)) break;
        }

        return new Uri(_hubs[hub], $"api/v1/{path}");
    }

    private async Task<(HttpStatusCode Status, JsonNode? Body)> UntilAnsweredAsync(Func<HttpRequestMessage> make, Func<HttpStatusCode, bool> isAnswer, string what, CancellationToken cancel)
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
                if (isAnswer(answer.StatusCode)) return (answer.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text));
                last = $"{(int)answer.StatusCode} {text}";
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException or SocketException || (failure is OperationCanceledException && !cancel.IsCancellationRequested))
            {
                last = failure.Message;
            }

            await Task.Delay(Pause, cancel);
        }

        throw new TimeoutException($"{what} was not answered within {Patience.TotalSeconds} seconds; the last thing heard was: {last}");
    }
}
