using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Deskbridge.Connectors.Http;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>The only class that knows HTTP: address, authentication, versions, paging, and which answer means which failure.</summary>
internal sealed partial class PsaClient : IDisposable
{
    private const long LargestAnswer = 32 * 1024 * 1024;

    private readonly RemoteChannel _channel;
    private readonly PsaAddressLookup _lookup;
    private readonly AuthenticationHeaderValue _authorization;
    private readonly string _clientId;

    public PsaClient(ConnectWisePsaOptions options, ICallGate calls, TimeProvider clock)
    {
        InstanceUri.Normalise(options.InstanceUri, out var origin);
        Instance = new Uri(origin);
        CompanyId = options.CompanyId;
        _channel = RemoteChannel.Open(Instance, options.CertificateAuthority, LargestAnswer, calls, clock);
        _lookup = new(Instance, FetchCompanyInfoAsync);
        var pair = $"{options.CompanyId}+{options.PublicKey}:{options.PrivateKey}";
        _authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        _clientId = options.ClientId;
    }

    /// <summary>The origin that was entered.</summary>
    public Uri Instance { get; }

    public string CompanyId { get; }

    public TimeSpan ClockOffset => _channel.ClockOffset;

    public Task<PsaAddress> AddressAsync(CancellationToken cancel) => _lookup.GetAsync(cancel);

    /// <summary>One record, as sent.</summary>
    public async Task<JsonElement> GetAsync(string path, CancellationToken cancel, PsaQuery? query = null) =>
        (await SendAsync(HttpMethod.Get, path, query, null, cancel)).Json;

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> shape, CancellationToken cancel, PsaQuery? query = null) =>
        Read(await GetAsync(path, cancel, query), shape);

    /// <summary>One numbered page; the order asked for is kept.</summary>
    public async Task<IReadOnlyList<JsonElement>> PageAsync(string path, PsaQuery query, CancellationToken cancel) =>
        Rows((await SendAsync(HttpMethod.Get, path, query, null, cancel)).Json);

    /// <summary>A whole list by forward-only paging, in id order, which never skips or repeats a row while others are added.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(string path, JsonTypeInfo<T> shape, CancellationToken cancel, Conditions? where = null, string? fields = null)
    {
        var all = new List<T>();
        long? after = 0;
        while (after is { } pageId)
        {
            var query = new PsaQuery { Conditions = where, Fields = fields, PageSize = PsaQuery.LargestPage, PageId = pageId };
            var answer = await SendAsync(HttpMethod.Get, path, query, null, cancel, forwardOnly: true);
            var rows = Rows(answer.Json);
            all.AddRange(rows.Select(row => Read(row, shape)));
            after = rows.Count == 0 || answer.NextPageId <= pageId ? null : answer.NextPageId;
        }

        return all;
    }

    public async Task<JsonElement> PostAsync<T>(string path, T body, JsonTypeInfo<T> shape, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Post, path, null, JsonSerializer.SerializeToUtf8Bytes(body, shape), cancel)).Json;

    public async Task<JsonElement> PatchAsync(string path, PatchDocument patch, CancellationToken cancel) =>
        (await SendAsync(HttpMethod.Patch, path, null, JsonSerializer.SerializeToUtf8Bytes(patch.Operations, PsaJson.Default.IReadOnlyListPatchOperationDto), cancel)).Json;

    public Task DeleteAsync(string path, CancellationToken cancel) => SendAsync(HttpMethod.Delete, path, null, null, cancel);

    /// <summary>
    /// Fetches a callback's signing key. Most instances serve it to anyone, some want the usual authentication, so that is tried second.
    /// The caller has made sure that the address is the instance's own.
    /// </summary>
    public async Task<string?> SigningKeyAsync(Uri keyUrl, CancellationToken cancel)
    {
        using var open = new HttpRequestMessage(HttpMethod.Get, keyUrl);
        var answer = await ExchangeAsync(open, cancel);
        if (answer.Response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            answer.Response.Dispose();
            using var signed = Authenticated(HttpMethod.Get, keyUrl);
            answer = await ExchangeAsync(signed, cancel);
        }

        using (answer.Response)
        {
            return answer.Response.IsSuccessStatusCode
                ? Read(Parse(HttpMethod.Get, answer.Body), PsaJson.Default.CallbackKeyDto).SigningKey
                : answer.Response.StatusCode == HttpStatusCode.NotFound
                    ? null
                    : throw PsaFailures.Of(HttpMethod.Get, "system/callbackkey", answer.Response, answer.Body);
        }
    }

    public void Dispose()
    {
        _lookup.Dispose();
        _channel.Dispose();
    }

    public static T Read<T>(JsonElement element, JsonTypeInfo<T> shape)
    {
        try
        {
            return element.Deserialize(shape) ?? throw new JsonException("null where a record was expected");
        }
        catch (JsonException failure)
        {
            throw new ConnectorUnavailableException($"ConnectWise answered a record that cannot be read: {failure.Message}", true, failure);
        }
    }

    private async Task<Answer> SendAsync(HttpMethod method, string path, PsaQuery? query, byte[]? body, CancellationToken cancel, bool forwardOnly = false)
    {
        var address = await _lookup.GetAsync(cancel);
        try
        {
            return await SendToAsync(address, method, path, query, body, forwardOnly, cancel);
        }
        catch (RouteMissing missing)
        {
            // A cloud upgrade changes the codebase, and with it every address: ask for it once and go there (reference 1.2).
            var moved = await _lookup.RefreshAsync(address, cancel);
            if (moved == address)
            {
                throw missing.Failure;
            }

            try
            {
                return await SendToAsync(moved, method, path, query, body, forwardOnly, cancel);
            }
            catch (RouteMissing again)
            {
                throw again.Failure;
            }
        }
    }

    private async Task<Answer> SendToAsync(
        PsaAddress address, HttpMethod method, string path, PsaQuery? query, byte[]? body, bool forwardOnly, CancellationToken cancel)
    {
        using var request = Authenticated(method, new Uri(address.Rest, path + query));
        if (forwardOnly)
        {
            request.Headers.TryAddWithoutValidation("pagination-type", "forward-only");
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") { CharSet = "utf-8" } } };
        }

        var (response, bytes) = await ExchangeAsync(request, cancel);
        using (response)
        {
            if (response.StatusCode == HttpStatusCode.NotFound && !PsaFailures.IsRecordMissing(bytes))
            {
                throw new RouteMissing(PsaFailures.Of(method, path, response, bytes));
            }

            if (!response.IsSuccessStatusCode)
            {
                throw PsaFailures.Of(method, path, response, bytes);
            }

            return new(method == HttpMethod.Delete ? default : Parse(method, bytes), NextPageId(response));
        }
    }

    private static IReadOnlyList<JsonElement> Rows(JsonElement list) => list.ValueKind == JsonValueKind.Array
        ? [.. list.EnumerateArray()]
        : throw new ConnectorUnavailableException("ConnectWise answered something else than a list.", mayHaveBeenApplied: false);

    // Forward-only answers always carry a Link; on the last page it is empty.
    private static long? NextPageId(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Link", out var links) && NextLink().Match(string.Join(',', links)) is { Success: true } match
            ? long.Parse(match.Groups["id"].ValueSpan, System.Globalization.CultureInfo.InvariantCulture)
            : null;

    [GeneratedRegex("""[?&]pageId=(?<id>\d{1,18})[^>]*>\s*;\s*rel="?next"?""", RegexOptions.IgnoreCase, 100)]
    private static partial Regex NextLink();

    private sealed record Answer(JsonElement Json, long? NextPageId);

    /// <summary>A 404 that is not about a record; stays inside this file.</summary>
    private sealed class RouteMissing(ConnectorException failure) : Exception(failure.Message, failure)
    {
        public ConnectorException Failure => failure;
    }
}
