using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;
using Deskbridge.Connectors.Http;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>The only class that knows HTTP: address, authentication, versions, paging, and which answer means which failure.</summary>
internal sealed partial class PsaClient : IDisposable
{
    /// <summary>With 1,000 rows each more than any list that the hub reads has; beyond it a remote answers without end.</summary>
    public const int MostPages = 200;

    private const long LargestAnswer = 32 * 1024 * 1024;

    private readonly RemoteChannel _channel;
    private readonly PsaAddressLookup _lookup;
    private readonly PsaKeys _keys;
    private readonly RemoteProxy? _proxy;
    private readonly string _clientId;

    public PsaClient(ConnectWisePsaOptions options, ICallGate calls, TimeProvider clock)
    {
        // Settings are checked when they are saved; what is stored is not trusted with the keys all the same.
        if (InstanceUri.Normalise(options.InstanceUri, out var origin) is { IsNotice: false } wrong) throw new ConnectorRejectedException(wrong.Message);
        Instance = new Uri(origin);
        CompanyId = options.CompanyId;
        _proxy = options.UsedProxy(Instance);
        _channel = RemoteChannel.Open(Instance, options.CertificateAuthority, LargestAnswer, calls, clock, _proxy);
        _lookup = new(Instance, FetchCompanyInfoAsync);
        _keys = new(options, clock);
        _clientId = options.ClientId;
    }

    /// <summary>The origin that was entered.</summary>
    public Uri Instance { get; }

    public string CompanyId { get; }

    public TimeSpan? ClockOffset => _channel.ClockOffset;

    /// <summary>The release, from the header of the last answer that told it; null before (reference 1.4).</summary>
    public string? Version { get; private set; }

    /// <summary>Since when the second key is used, for the first was refused; null while the first is.</summary>
    public DateTimeOffset? SecondKeySince => _keys.SecondSince;

    /// <summary>Goes back to the first key.</summary>
    public void UseFirstKey() => _keys.UseFirst();

    /// <summary>The proxy that every call goes through, for people; null when there is none of the connection's own.</summary>
    public string? Proxy => _proxy?.Address.Authority;

    public Task<PsaAddress> AddressAsync(CancellationToken cancel) => _lookup.GetAsync(cancel);

    /// <summary>One record, as sent.</summary>
    public async Task<JsonElement> GetAsync(string path, CancellationToken cancel, PsaQuery? query = null) =>
        Parse(HttpMethod.Get, (await SendAsync(HttpMethod.Get, path, query, null, cancel)).Body);

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> shape, CancellationToken cancel, PsaQuery? query = null) =>
        Read(await GetAsync(path, cancel, query), shape);

    /// <summary>One numbered page; the order asked for is kept. A page of tickets has millions of bytes: its rows are mapped where they were read, and nothing of it is kept.</summary>
    public async Task<IReadOnlyList<T>> PageAsync<T>(string path, PsaQuery query, Func<JsonElement, T> map, CancellationToken cancel)
    {
        var answer = await SendAsync(HttpMethod.Get, path, query, null, cancel);
        using var document = Open(HttpMethod.Get, answer.Body);
        return [.. Rows(document.RootElement).Select(map)];
    }

    /// <summary>A whole list by forward-only paging, in id order, which never skips or repeats a row while others are added.</summary>
    public async Task<IReadOnlyList<T>> ListAsync<T>(string path, JsonTypeInfo<T> shape, CancellationToken cancel, Conditions? where = null, string? fields = null)
    {
        var all = new List<T>();
        long? after = 0;
        for (var page = 1; after is { } pageId; page++)
        {
            if (page > MostPages) throw Endless(path, all.Count);
            var query = new PsaQuery { Conditions = where, Fields = fields, PageSize = PsaQuery.LargestPage, PageId = pageId };
            var answer = await SendAsync(HttpMethod.Get, path, query, null, cancel, forwardOnly: true);
            using var document = Open(HttpMethod.Get, answer.Body);
            var rows = Rows(document.RootElement);
            all.AddRange(rows.Select(row => Read(row, shape)));
            after = rows.Count == 0 || answer.NextPageId <= pageId ? null : answer.NextPageId;
        }

        return all;
    }

    public async Task<JsonElement> PostAsync<T>(string path, T body, JsonTypeInfo<T> shape, CancellationToken cancel) =>
        Parse(HttpMethod.Post, (await SendAsync(HttpMethod.Post, path, null, JsonSerializer.SerializeToUtf8Bytes(body, shape), cancel)).Body);

    /// <summary>Posts a form; it is made anew for each try.</summary>
    public async Task<JsonElement> PostFormAsync(string path, Func<HttpContent> form, CancellationToken cancel) =>
        Parse(HttpMethod.Post, (await SendContentAsync(HttpMethod.Post, path, null, form, cancel)).Body);

    public async Task<JsonElement> PatchAsync(string path, PatchDocument patch, CancellationToken cancel) =>
        Parse(HttpMethod.Patch, (await SendAsync(HttpMethod.Patch, path, null, JsonSerializer.SerializeToUtf8Bytes(patch.Operations, PsaJson.Default.IReadOnlyListPatchOperationDto), cancel)).Body);

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
            using var signed = Authenticated(HttpMethod.Get, keyUrl, _keys.InUse);
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

    /// <summary>A list that goes on after <see cref="MostPages"/>.</summary>
    public static ConnectorUnavailableException Endless(string path, int rows) =>
        new($"ConnectWise has answered {MostPages} pages of {path} ({rows} rows) and names another, so the hub stopped reading that list. If it really is that long, tell us; else look at what stands between the hub and ConnectWise.", mayHaveBeenApplied: false);

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

    private Task<Answer> SendAsync(HttpMethod method, string path, PsaQuery? query, byte[]? body, CancellationToken cancel, bool forwardOnly = false) => SendContentAsync(
        method, path, query,
        body is null ? null : () => new ByteArrayContent(body) { Headers = { ContentType = new("application/json") { CharSet = "utf-8" } } },
        cancel, forwardOnly);

    private async Task<Answer> SendContentAsync(HttpMethod method, string path, PsaQuery? query, Func<HttpContent>? body, CancellationToken cancel, bool forwardOnly = false)
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
        PsaAddress address, HttpMethod method, string path, PsaQuery? query, Func<HttpContent>? body, bool forwardOnly, CancellationToken cancel)
    {
        var key = _keys.InUse;
        var (response, bytes) = await AskAsync(key);
        if (response.StatusCode == HttpStatusCode.Unauthorized && _keys.OtherThan(key) is { } other)
        {
            response.Dispose();
            (response, bytes) = await AskAsync(other); // what was refused for its key had no effect
            if (response.StatusCode != HttpStatusCode.Unauthorized) _keys.Use(other);
        }

        using (response)
        {
            if (response.Headers.TryGetValues("api-current-version", out var told)) Version = string.Join(',', told);
            if (response.StatusCode == HttpStatusCode.NotFound && !PsaFailures.IsRecordMissing(bytes))
            {
                throw new RouteMissing(PsaFailures.Of(method, path, response, bytes));
            }

            if (!response.IsSuccessStatusCode)
            {
                throw PsaFailures.Of(method, path, response, bytes);
            }

            return new(bytes, NextPageId(response));
        }

        async Task<(HttpResponseMessage Response, byte[] Body)> AskAsync(AuthenticationHeaderValue with)
        {
            using var request = Authenticated(method, new Uri(address.Rest, path + query), with);
            if (forwardOnly) request.Headers.TryAddWithoutValidation("pagination-type", "forward-only");
            request.Content = body?.Invoke();
            return await ExchangeAsync(request, cancel);
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

    private sealed record Answer(byte[] Body, long? NextPageId);

    /// <summary>A 404 that is not about a record; stays inside this file.</summary>
    private sealed class RouteMissing(ConnectorException failure) : Exception(failure.Message, failure)
    {
        public ConnectorException Failure => failure;
    }
}
