using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Deskbridge.Connectors.Http;

namespace Deskbridge.Connectors.Autotask;

/// <summary>The only class that knows HTTP: zone, headers, threads, paging, and which answer means which failure.</summary>
internal sealed class AutotaskClient : IDisposable
{
    private const long LargestAnswer = 64 * 1024 * 1024;
    private const int MostPages = 200;
    private const string Threshold = "ThresholdInformation";

    /// <summary>The vendor allows three calls at once per object; one is left to whoever looks with the same code (reference 1.4).</summary>
    private const int Threads = 2;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly AutotaskOptions _options;
    private readonly Uri _asked;
    private readonly RemoteProxy? _proxy;
    private readonly RemoteChannel _channel;
    private readonly SharedThreshold _threshold;
    private readonly SemaphoreSlim _lookingUp = new(1, 1);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _threads = new(StringComparer.OrdinalIgnoreCase);
    private ZoneAddress? _zone;

    public AutotaskClient(AutotaskOptions options, ICallGate calls, TimeProvider clock)
    {
        // Settings are checked when they are saved; what is stored is not trusted with the secret all the same.
        if (ZoneAddress.Normalise(options.Address, out var origin) is { IsNotice: false } wrong) throw new ConnectorRejectedException(wrong.Message);
        (_options, _asked) = (options, new Uri(origin));
        _proxy = options.UsedProxy(_asked);
        _channel = RemoteChannel.Open(_asked, options.CertificateAuthority, LargestAnswer, calls, clock, _proxy);
        _threshold = new(options.HourlyCalls, clock);
    }

    /// <summary>The proxy that every call goes through, for people; null when there is none of the connection's own.</summary>
    public string? Proxy => _proxy?.Address.Authority;

    public TimeSpan? ClockOffset => _channel.ClockOffset;

    /// <summary>The zone as last found; null before the first call.</summary>
    public ZoneAddress? KnownZone => _zone;

    public async Task<ZoneAddress> ZoneAsync(CancellationToken cancel)
    {
        if (_zone is { } known) return known;
        await _lookingUp.WaitAsync(cancel);
        try
        {
            return _zone ??= await FindZoneAsync(cancel);
        }
        finally
        {
            _lookingUp.Release();
        }
    }

    /// <summary>The counter of calls; looking costs one.</summary>
    public async Task<ThresholdDto> ThresholdAsync(CancellationToken cancel)
    {
        var shown = Read(await GetAsync(Threshold, cancel), AutotaskJson.Default.ThresholdDto);
        _threshold.Learn(shown);
        return shown;
    }

    public async Task<JsonElement> GetAsync(string path, CancellationToken cancel) => Parse(await SendAsync(HttpMethod.Get, path, null, writes: false, cancel), writes: false);

    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> shape, CancellationToken cancel) => Read(await GetAsync(path, cancel), shape);

    /// <summary>One record; null when there is none, or none that the API user sees.</summary>
    public async Task<JsonElement?> ItemAsync(string path, CancellationToken cancel)
    {
        var answer = await GetAsync(path, cancel);
        return answer.ValueKind == JsonValueKind.Object && answer.TryGetProperty("item", out var item)
            ? item.ValueKind == JsonValueKind.Object ? item : null
            : throw new ConnectorUnavailableException("Autotask answered something else than a record.", mayHaveBeenApplied: false);
    }

    /// <summary>One page of rows in id order. Its rows are mapped where they were read, and nothing of it is kept.</summary>
    public async Task<IReadOnlyList<T>> PageAsync<T>(string entity, AutotaskQuery query, long? afterId, int pageSize, Func<JsonElement, T> map, CancellationToken cancel)
    {
        var body = await SendAsync(HttpMethod.Post, $"{entity}/query", query.ToBody(afterId, pageSize), writes: false, cancel);
        using var document = Open(body, writes: false);
        return document.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("items", out var items) && items.ValueKind == JsonValueKind.Array
            ? [.. items.EnumerateArray().Select(map)]
            : throw new ConnectorUnavailableException("Autotask answered something else than a list.", mayHaveBeenApplied: false);
    }

    /// <summary>Every row.</summary>
    public async Task<List<T>> ListAsync<T>(string entity, AutotaskQuery query, Func<JsonElement, T> map, CancellationToken cancel)
    {
        var all = new List<T>();
        long? after = null;
        for (var page = 1; ; page++)
        {
            if (page > MostPages) throw new ConnectorUnavailableException($"Autotask has answered {MostPages} pages of {entity} ({all.Count} rows) and has more, so the hub stopped reading that list.", mayHaveBeenApplied: false);
            var rows = await PageAsync(entity, query, after, AutotaskQuery.LargestPage, row => (Id: AutotaskMap.Id(row), Mapped: map(row)), cancel);
            all.AddRange(rows.Select(row => row.Mapped));
            if (rows.Count < AutotaskQuery.LargestPage) return all;
            if (rows[^1].Id <= after) throw new ConnectorUnavailableException($"Autotask answers {entity} out of order, so the rest of that list cannot be read.", mayHaveBeenApplied: false);
            after = rows[^1].Id;
        }
    }

    public Task<List<T>> ListAsync<T>(string entity, AutotaskQuery query, JsonTypeInfo<T> shape, CancellationToken cancel) => ListAsync(entity, query, row => Read(row, shape), cancel);

    /// <summary>Makes a record and answers its id. There is no key against doubles: what came of a lost answer must be looked for.</summary>
    public Task<long> CreateAsync(string path, byte[] body, CancellationToken cancel) => WriteAsync(HttpMethod.Post, path, body, cancel);

    /// <summary>Changes the fields that are given. The id is in the body, the path is the collection's (reference 3).</summary>
    public Task<long> UpdateAsync(string path, byte[] body, CancellationToken cancel) => WriteAsync(HttpMethod.Patch, path, body, cancel);

    public Task DeleteAsync(string path, CancellationToken cancel) => SendAsync(HttpMethod.Delete, path, null, writes: true, cancel);

    public void Dispose()
    {
        _channel.Dispose();
        _lookingUp.Dispose();
        foreach (var threads in _threads.Values) threads.Dispose();
    }

    public static T Read<T>(JsonElement element, JsonTypeInfo<T> shape)
    {
        try
        {
            return element.Deserialize(shape) ?? throw new JsonException("null where a record was expected");
        }
        catch (JsonException failure)
        {
            throw new ConnectorUnavailableException($"Autotask answered a record that cannot be read: {failure.Message}", true, failure);
        }
    }

    private async Task<long> WriteAsync(HttpMethod method, string path, byte[] body, CancellationToken cancel) =>
        Read(Parse(await SendAsync(method, path, body, writes: true, cancel), writes: true), AutotaskJson.Default.ItemIdDto).ItemId
            ?? throw new ConnectorUnavailableException("Autotask answered a write without the record's id.", mayHaveBeenApplied: true);

    private async Task<byte[]> SendAsync(HttpMethod method, string path, byte[]? body, bool writes, CancellationToken cancel)
    {
        if (path != Threshold) await AdmitAsync(cancel);
        var threads = _threads.GetOrAdd(ObjectOf(path), static _ => new SemaphoreSlim(Threads, Threads));
        await threads.WaitAsync(cancel);
        try
        {
            var zone = await ZoneAsync(cancel);
            var (response, bytes) = await AskAsync(zone);
            if (response.StatusCode == HttpStatusCode.Unauthorized && await MovedAsync(zone, cancel) is { } moved)
            {
                response.Dispose();
                (response, bytes) = await AskAsync(moved); // what was refused for its user had no effect
            }

            using (response)
            {
                return response.IsSuccessStatusCode ? bytes : throw AutotaskFailures.Of(path, writes, response, bytes);
            }
        }
        finally
        {
            threads.Release();
        }

        async Task<(HttpResponseMessage Response, byte[] Body)> AskAsync(ZoneAddress at)
        {
            using var request = new HttpRequestMessage(method, new Uri(at.Rest, path));
            request.Headers.TryAddWithoutValidation("ApiIntegrationCode", _options.IntegrationCode);
            request.Headers.TryAddWithoutValidation("UserName", _options.UserName);
            request.Headers.TryAddWithoutValidation("Secret", _options.Secret);
            request.Headers.Accept.ParseAdd("application/json");
            if (body is not null) request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" } } };
            return await _channel.ExchangeAsync(request, Patience, cancel);
        }
    }

    /// <summary>Now and then the counter is looked at first. That it cannot be read holds nothing back.</summary>
    private async Task AdmitAsync(CancellationToken cancel)
    {
        if (_threshold.ShouldLook())
        {
            try
            {
                await ThresholdAsync(cancel);
            }
            catch (ConnectorException failure) when (failure is not ConnectorCredentialsException)
            {
            }
        }

        _threshold.Enter(CallClassScope.Current);
    }

    /// <summary>The zone's new address after a 401; null when it is the same, or cannot be told.</summary>
    private async Task<ZoneAddress?> MovedAsync(ZoneAddress before, CancellationToken cancel)
    {
        await _lookingUp.WaitAsync(cancel);
        try
        {
            if (_zone is { } now && now != before) return now;
            var found = await FindZoneAsync(cancel);
            _zone = found;
            return found.Rest == before.Rest ? null : found;
        }
        catch (ConnectorException)
        {
            return null;
        }
        finally
        {
            _lookingUp.Release();
        }
    }

    private async Task<ZoneAddress> FindZoneAsync(CancellationToken cancel)
    {
        try
        {
            return await AskZoneAsync(_asked, cancel);
        }
        catch (ConnectorUnavailableException failure) when (_asked.AbsoluteUri.TrimEnd('/') == AutotaskOptions.VendorAddress)
        {
            try
            {
                return await AskZoneAsync(new Uri("https://webservices2.autotask.net"), cancel);
            }
            catch (ConnectorException)
            {
                throw new ConnectorUnavailableException(failure.Message, mayHaveBeenApplied: false, failure); // nothing waiting for the zone was sent
            }
        }
        catch (ConnectorUnavailableException failure) when (failure.RouteMissing)
        {
            return ZoneAddress.At(_asked);
        }
        catch (ConnectorUnavailableException failure) when (failure.MayHaveBeenApplied)
        {
            throw new ConnectorUnavailableException(failure.Message, mayHaveBeenApplied: false, failure);
        }
    }

    /// <summary>Any zone's host answers, and asks for no credentials, so none are sent.</summary>
    private async Task<ZoneAddress> AskZoneAsync(Uri host, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(host, $"/atservicesrest/v1.0/zoneInformation?user={Uri.EscapeDataString(_options.UserName)}"));
        request.Headers.Accept.ParseAdd("application/json");
        var (response, body) = await _channel.ExchangeAsync(request, Patience, cancel);
        using (response)
        {
            if (AutotaskFailures.IsZoneUnknown(body))
                throw new ConnectorCredentialsException($"Autotask knows no user \"{_options.UserName}\". Check the Username: it is the user name (key) of the API user, not its email.");
            if (!response.IsSuccessStatusCode) throw AutotaskFailures.Of("zoneInformation", writes: false, response, body);
            return ZoneAddress.From(Read(Parse(body, writes: false), AutotaskJson.Default.ZoneDto), host);
        }
    }

    /// <summary>The object whose threads a path takes: <c>Tickets/5/Notes</c> counts as TicketNotes.</summary>
    internal static string ObjectOf(string path) => path.Split('/') switch
    {
        [var parent, var id, var child, ..] when long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out _) => (parent.EndsWith("ies", StringComparison.Ordinal) ? parent[..^3] + "y" : parent.TrimEnd('s')) + child,
        [var entity, ..] => entity,
        _ => path,
    };

    private static JsonElement Parse(byte[] body, bool writes)
    {
        using var document = Open(body, writes);
        return document.RootElement.Clone();
    }

    private static JsonDocument Open(byte[] body, bool writes)
    {
        try
        {
            return JsonTexts.Open(body);
        }
        catch (JsonException failure)
        {
            throw new ConnectorUnavailableException("The answer is not JSON. Check that the web services address leads to Autotask and not to a sign-in page or proxy.", writes, failure);
        }
    }
}
