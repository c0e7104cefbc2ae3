using System.Net;
using System.Text.Json;
using Deskbridge.Connectors.Http;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>Turns an answer that is no success into the connector's closed set of exceptions (recorded bodies: reference 1.5).</summary>
internal static class PsaFailures
{
    private const int LongestQuote = 400;

    /// <summary>RFC 8470 §5.2.</summary>
    private const HttpStatusCode TooEarly = (HttpStatusCode)425;

    public static ConnectorException Of(HttpMethod method, string path, HttpResponseMessage response, byte[] body)
    {
        var error = Parse(body);
        var said = Said(error, body);
        var status = (int)response.StatusCode;
        return response.StatusCode switch
        {
            HttpStatusCode.Unauthorized => new ConnectorCredentialsException(
                $"ConnectWise does not accept the keys: {said} Check Company ID, Public API Key, Private API Key and Client ID, and that the API member is active."),
            HttpStatusCode.ProxyAuthenticationRequired => NetworkFailure.ProxyPassword(null),
            HttpStatusCode.Forbidden when body.Length > 0 && IsUnexplained(response.StatusCode, error) => Foreign(method, status, said),
            HttpStatusCode.Forbidden => new ConnectorRejectedException(
                $"The API member lacks a right ({PsaRights.Cell(method, path, said)}): {said} {PsaRights.Fix(method, path, said)}", kind: RejectionKind.Permission),
            HttpStatusCode.NotFound when IsRecordMissing(error) => new ConnectorNotFoundException(said),
            HttpStatusCode.NotFound => new ConnectorUnavailableException(
                $"ConnectWise has nothing at {response.RequestMessage?.RequestUri?.AbsolutePath ?? path}: {said} Check the Instance URI and the Company ID; a cloud instance also answers so when the keys are wrong.", false)
            { RouteMissing = true },
            HttpStatusCode.Conflict => new ConnectorConflictException(said),
            HttpStatusCode.TooManyRequests => Throttled(response, said),
            _ when status is >= 300 and < 400 => new ConnectorUnavailableException(
                $"The address redirects to {response.Headers.Location?.ToString() ?? "elsewhere"}. Enter the address where it leads as the Instance URI.", false),
            _ when error?.Code == "Security" => new ConnectorRejectedException(
                $"ConnectWise refuses the way it was called: {said} Enter the Instance URI with https; cloud instances are entered without a path, for example https://na.myconnectwise.net."),
            _ when status is >= 400 and < 500 && IsUnexplained(response.StatusCode, error) => Foreign(method, status, said),
            _ when status is >= 400 and < 500 => Refused(method, said, NeutralField(error)),
            _ => new ConnectorUnavailableException($"ConnectWise answered {status}: {said}", mayHaveBeenApplied: method != HttpMethod.Get),
        };
    }

    /// <summary>True for the body that says a record, not a route, is missing.</summary>
    public static bool IsRecordMissing(byte[] body) => IsRecordMissing(Parse(body));

    private static bool IsRecordMissing(ErrorDto? error) => string.Equals(error?.Code, "NotFound", StringComparison.OrdinalIgnoreCase);

    /// <summary>ConnectWise explains what it refuses. A request that timed out or came too early is not refused whatever the body; one that is too long is, by whoever it was.</summary>
    private static bool IsUnexplained(HttpStatusCode status, ErrorDto? error) => status switch
    {
        HttpStatusCode.RequestTimeout or HttpStatusCode.MisdirectedRequest or TooEarly => true,
        HttpStatusCode.MethodNotAllowed or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.RequestUriTooLong
            or HttpStatusCode.UnsupportedMediaType or HttpStatusCode.RequestHeaderFieldsTooLarge => false,
        _ => error is null or { Code: null, Error: null, Message: null, Errors: null or [] },
    };

    private static ConnectorRejectedException Refused(HttpMethod method, string said, string? field) => field is not null && TicketFields.IsMarker(field) && method == HttpMethod.Patch
        ? new($"{said} A custom field of Deskbridge was deleted or changed in ConnectWise. Press Repair on the connection's page, which makes it again; a field that now has another type must be deleted there first, under Setup Tables > General > Custom Fields.", field)
        : new(said, field);

    private static ConnectorUnavailableException Foreign(HttpMethod method, int status, string said) =>
        new($"The answer was {status} and not ConnectWise's own, of a proxy between perhaps: {said}", mayHaveBeenApplied: method != HttpMethod.Get) { Unexplained = true };

    private static ConnectorThrottledException Throttled(HttpResponseMessage response, string said)
    {
        var wait = RetryAfter.Of(response) ?? RetryAfter.Default;
        return new($"ConnectWise asks for a pause of {wait.TotalSeconds:0} seconds: {said}", wait);
    }

    private static ErrorDto? Parse(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, PsaJson.Default.ErrorDto);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string Said(ErrorDto? error, byte[] body)
    {
        var items = (error?.Errors ?? []).Select(item => item.Field is { Length: > 0 } field && item.Message?.Contains(field, StringComparison.OrdinalIgnoreCase) != true
            ? $"{item.Message} ({field})"
            : item.Message);
        var texts = new[] { error?.Message }.Concat(items).Where(text => !string.IsNullOrWhiteSpace(text)).Distinct(StringComparer.Ordinal);
        var joined = string.Join(' ', texts.Select(text => text!.TrimEnd('.') + "."));
        if (joined.Length == 0)
        {
            joined = error?.Code ?? error?.Error ?? (body.Length == 0 ? "no explanation was given." : "the answer was not in ConnectWise's form.");
        }

        return joined.Length <= LongestQuote ? joined : joined[..LongestQuote] + "…";
    }

    private static string? NeutralField(ErrorDto? error) => error?.Errors?.Select(item => PsaMap.NeutralField(item.Field)).FirstOrDefault(field => field is not null);
}
