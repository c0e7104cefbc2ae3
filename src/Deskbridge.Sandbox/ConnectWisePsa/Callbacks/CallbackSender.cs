using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Rules;
using Deskbridge.Sandbox.Faults;

namespace Deskbridge.Sandbox.ConnectWisePsa.Callbacks;

/// <summary>Delivers callbacks as the vendor does (reference 8.3 to 8.5): signed, without order, twice retried on four
/// statuses, given up after three days of failures. No delivery is promised across a restart.</summary>
internal sealed class CallbackSender(Psa psa, PsaCredentials credentials, FaultBook faults, CallbackFailures failures, Journal journal, SandboxClock clock, Func<Uri> site) : IAsyncDisposable
{
    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)];
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    private static readonly HashSet<int> Retried = [404, 409, 419, 429];

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false }) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _slots = new(16);
    private readonly Lock _gate = new();
    private readonly CallbackMatch _match = new(psa.Store);
    private readonly HashSet<Task> _running = [];
    private Func<Task>? _heldBack;

    /// <summary>Starts the deliveries that a commit causes. Called inside the commit, so it only prepares.</summary>
    public void Committed(IReadOnlyList<Write> writes, string by)
    {
        foreach (var write in writes.Where(w => w.Resource.Table == "callbacks")) failures.Forget(write.Id);
        foreach (var write in writes.Where(w => w.Resource.Callback is not null))
        {
            foreach (var entry in psa.Store.Rows("callbacks").Where(e => _match.Applies(e.Body, write)))
            {
                if (Json.Flag(entry.Body["isSelfSuppressedFlag"]) && IsMember(entry.Body, by)) continue;
                Start(entry.Body, write, by);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Task[] running;
        lock (_gate) running = [.. _running];
        await Task.WhenAll(running);
        _http.Dispose();
        _stop.Dispose();
        _slots.Dispose();
    }

    private void Start(JsonObject entry, Write write, string by)
    {
        var url = Json.Text(entry["url"])!;
        var struck = faults.Strike(true, "POST", url);
        bool Has(FaultKind kind) => struck.Any(f => f.Kind == kind);
        if (Has(FaultKind.CallbackLost))
        {
            Log(entry, url, write, "lost", 0);
            return;
        }

        if (struck.FirstOrDefault(f => f.Kind == FaultKind.CallbackEarly) is { } early && psa.Store.Find(write.Resource.Table, write.Id) is { } row)
            row.HeldUntil = clock.Now.AddSeconds(early.Seconds);
        var wait = struck.FirstOrDefault(f => f.Kind == FaultKind.CallbackLate) is { } late ? TimeSpan.FromSeconds(late.Seconds) : TimeSpan.Zero;
        var foreign = Has(FaultKind.CallbackOtherCompany) || Has(FaultKind.CallbackOtherKey);
        var signer = foreign
            ? new Signer(Has(FaultKind.CallbackOtherKey) ? credentials.CompanyId : PsaCredentials.Neighbour, PsaCredentials.Neighbour, PsaCredentials.NeighbourKeyId, credentials.NeighbourKey)
            : new Signer(credentials.CompanyId, credentials.CompanyId, credentials.SigningKeyId, credentials.SigningKey);
        var payload = Payload(entry, write, by, signer);
        var signature = Has(FaultKind.CallbackBadSignature) ? Convert.ToBase64String(SHA256.HashData(payload)) : signer.Sign(payload);
        Task Deliver() => DeliverAsync(entry, write, payload, signature, wait);
        if (Has(FaultKind.CallbackReordered))
        {
            HoldBack(Deliver);
            return;
        }

        Run(Deliver);
        if (Has(FaultKind.CallbackDuplicate)) Run(Deliver);
        if (TakeHeldBack() is { } older) Run(older);
    }

    private void HoldBack(Func<Task> delivery)
    {
        Func<Task>? older;
        lock (_gate) (older, _heldBack) = (_heldBack, delivery);
        if (older is not null) Run(older);
    }

    private Func<Task>? TakeHeldBack()
    {
        lock (_gate)
        {
            var held = _heldBack;
            _heldBack = null;
            return held;
        }
    }

    private void Run(Func<Task> deliver)
    {
        lock (_gate)
        {
            if (_stop.IsCancellationRequested) return;
            var task = Task.Run(deliver);
            _running.Add(task);
            _ = task.ContinueWith(Forget, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private void Forget(Task task)
    {
        lock (_gate) _running.Remove(task);
    }

    private async Task DeliverAsync(JsonObject entry, Write write, byte[] payload, string signature, TimeSpan wait)
    {
        var url = string.Create(CultureInfo.InvariantCulture, $"{Json.Text(entry["url"])}{write.Id}&action={write.Action}");
        try
        {
            if (wait > TimeSpan.Zero) await Task.Delay(wait, clock.Time, _stop.Token);
            for (var attempt = 0; ; attempt++)
            {
                var status = await PostAsync(url, payload, signature);
                Log(entry, url, write, "sent", status);
                var givenUp = failures.Answered(Json.Int(entry["id"])!.Value, status, clock.Now);
                if (Retried.Contains(status) && attempt < Waits.Length)
                {
                    await Task.Delay(Waits[attempt], clock.Time, _stop.Token);
                    continue;
                }

                if (givenUp) Disable(Json.Int(entry["id"])!.Value);
                return;
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The sandbox stops; like the vendor it owes nobody the rest.
        }
    }

    /// <summary>Posts once.</summary>
    /// <returns>The status, or 0 when there was none within five seconds.</returns>
    private async Task<int> PostAsync(string url, byte[] payload, string signature)
    {
        await _slots.WaitAsync(_stop.Token);
        try
        {
            using var limit = new CancellationTokenSource(Limit, clock.Time);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token);
            using var message = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(payload) };
            message.Content.Headers.ContentType = new("application/json");
            message.Headers.Add("x-content-signature", signature);
            using var answer = await _http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, both.Token);
            return (int)answer.StatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or System.Net.Sockets.SocketException or UriFormatException || (failure is OperationCanceledException && !_stop.IsCancellationRequested))
        {
            return 0;
        }
        finally
        {
            _slots.Release();
        }
    }

    private void Disable(int entry) => psa.Store.Commit("system", change =>
    {
        if (change.Find("callbacks", entry) is not { } kept) return entry;
        var body = Json.Copy(kept);
        body["inactiveFlag"] = true;
        change.Put("callbacks", entry, body);
        return entry;
    });

    private byte[] Payload(JsonObject entry, Write write, string by, Signer signer)
    {
        var host = Json.Text(entry[CallbackRules.Origin]) is { } origin ? new Uri(origin) : site();
        var entity = write.After is null ? null
            : Encoding.UTF8.GetString(ViewWriter.Bytes(psa.Views.Build(write.Resource, write.After), $"{host.GetLeftPart(UriPartial.Authority)}/v4_6_release//apis/3.0"));
        return Encoding.UTF8.GetBytes(new JsonObject
        {
            ["MessageId"] = Guid.CreateVersion7(clock.Now).ToString(),
            ["FromUrl"] = host.Authority,
            ["CompanyId"] = signer.Company,
            ["MemberId"] = by,
            ["Action"] = write.Action,
            ["Type"] = write.Resource.Callback,
            ["ID"] = write.Id,
            ["ProductInstanceId"] = null,
            ["PartnerId"] = null,
            ["Entity"] = entity,
            ["Metadata"] = new JsonObject
            {
                ["key_url"] = $"{host.GetLeftPart(UriPartial.Authority)}/v4_6_release//system/callbackkey/index.rails?companyName={signer.KeyOf}&id={signer.KeyId}",
            },
            ["CallbackObjectRecId"] = Json.Int(entry["id"]),
        }.ToJsonString(Json.Plain));
    }

    private bool IsMember(JsonObject entry, string by) =>
        Json.Int(entry["memberId"]) is { } id && psa.Store.Find("members", id) is { } row && Json.Text(row.Body["identifier"]) == by;

    private void Log(JsonObject entry, string url, Write write, string outcome, int status) => journal.Append(clock.Now, [("callback", new JsonObject
    {
        ["entry"] = Json.Int(entry["id"]),
        ["url"] = url,
        ["type"] = write.Resource.Callback,
        ["id"] = write.Id,
        ["action"] = write.Action,
        ["outcome"] = outcome,
        ["status"] = status,
    })]);

    /// <summary>Who signs.</summary>
    /// <param name="Company">The company that the callback claims to be of.</param>
    /// <param name="KeyOf">The company whose key it names.</param>
    /// <param name="KeyId">Id of that key.</param>
    /// <param name="Key">The key.</param>
    private sealed record Signer(string Company, string KeyOf, string KeyId, string Key)
    {
        public string Sign(byte[] payload) => Convert.ToBase64String(HMACSHA256.HashData(SHA256.HashData(Encoding.UTF8.GetBytes(Key)), payload));
    }
}
