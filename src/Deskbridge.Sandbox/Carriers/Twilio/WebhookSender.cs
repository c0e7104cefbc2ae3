using System.Net.Http.Headers;
using System.Text;

namespace Deskbridge.Sandbox.Carriers.Twilio;

/// <summary>What the account's owner answered; <paramref name="Status"/> 0: nothing within the limit.</summary>
internal readonly record struct WebhookAnswer(long Seq, int Status, string? ContentType, string Body)
{
    public bool IsSuccess => Status is >= 200 and < 300;
}

/// <summary>Makes Twilio's requests to the account's owner: form fields, signed, fifteen seconds for an answer; every one is kept.</summary>
internal sealed class WebhookSender(TwilioAccount account, FaultList faults, CancellationToken stopping) : IDisposable
{
    /// <summary>Largest answer that is read (twilio.com/docs/api/errors/11750).</summary>
    public const int MostTwiml = 64 * 1024;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false, UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan, MaxResponseContentBufferSize = MostTwiml };

    /// <summary>Makes a request and keeps it.</summary>
    /// <param name="kind">Our name for the occasion.</param>
    /// <param name="url">Where to.</param>
    /// <param name="method">GET puts the fields into the query.</param>
    /// <param name="fields">Twilio's parameters.</param>
    /// <param name="concerned">Names that a fault may be limited to.</param>
    public Task<WebhookAnswer> SendAsync(string kind, string url, string method, IReadOnlyDictionary<string, string> fields, params IEnumerable<string> concerned)
    {
        var isGet = method == "GET";
        var address = new Uri(isGet ? url + (url.Contains('?', StringComparison.Ordinal) ? '&' : '?') + Form(fields) : url).AbsoluteUri;
        var isForged = faults.Take(Carrier.Twilio, FaultStage.Signature, FaultMoment.Before, concerned).Strike is not null;
        var signature = TwilioSignature.Compute(isForged ? "another token" : account.Credentials.AuthToken, address, isGet ? [] : fields);
        return SendAsync(new StoredWebhook(kind, address, method, fields, signature, 0));
    }

    /// <summary>Makes a request that was made before once more, as it was.</summary>
    public async Task<WebhookAnswer> SendAsync(StoredWebhook webhook)
    {
        var (status, type, body) = await AskAsync(webhook);
        var logged = await account.SaveAsync(new TwilioLine(account.Now, Webhook: webhook with { Status = status }));
        return new WebhookAnswer(logged.Seq, status, type, body);
    }

    public void Dispose() => _http.Dispose();

    private async Task<(int Status, string? Type, string Body)> AskAsync(StoredWebhook webhook)
    {
        using var message = new HttpRequestMessage(new HttpMethod(webhook.Method), webhook.Url);
        if (webhook.Method != "GET") message.Content = new StringContent(Form(webhook.Fields), new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
        message.Headers.Add("X-Twilio-Signature", webhook.Signature);
        message.Headers.UserAgent.ParseAdd("TwilioProxy/1.1");
        using var limit = new CancellationTokenSource(Limit, TimeProvider.System); // an answer takes real time, whatever the clock of a test says
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stopping);
        try
        {
            using var answer = await _http.SendAsync(message, end.Token);
            return ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, Encoding.UTF8.GetString(await answer.Content.ReadAsByteArrayAsync(end.Token)));
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException || (failure is OperationCanceledException && !stopping.IsCancellationRequested))
        {
            return (0, null, "");
        }
    }

    private static string Form(IReadOnlyDictionary<string, string> fields) =>
        string.Join('&', fields.Select(field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value).Replace("%20", "+", StringComparison.Ordinal)}"));
}
