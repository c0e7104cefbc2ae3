using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Deskbridge.Connectors.Http;

namespace Deskbridge.Connectors.Autotask;

/// <summary>
/// Turns an answer that is no success into the connector's closed set of exceptions. Autotask answers 500 for whatever it refuses and says why
/// in <c>errors[]</c>: the body decides before the status does (reference 1.3).
/// </summary>
internal static partial class AutotaskFailures
{
    private const int LongestQuote = 400;
    private static readonly TimeSpan UsualPause = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ThreadPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    /// <summary>Wire names in the texts of refusals and the field they mean.</summary>
    private static readonly (string Wire, string Field)[] Fields =
    [
        ("assignedResourceRoleID", TicketFields.Owner), ("assignedResourceID", TicketFields.Owner), ("queueID", TicketFields.Board),
        ("ticketType", TicketFields.Type), ("priority", TicketFields.Priority), ("status", TicketFields.Status),
    ];

    /// <summary>The failure that an answer means.</summary>
    /// <param name="path">Path below the API's root, for the click path of a missing right.</param>
    /// <param name="writes">The request would have changed something.</param>
    /// <param name="response">The answer.</param>
    /// <param name="body">Its body.</param>
    public static ConnectorException Of(string path, bool writes, HttpResponseMessage response, byte[] body)
    {
        var error = Parse(body);
        var texts = (error?.Errors ?? []).Where(text => !string.IsNullOrWhiteSpace(text)).Select(text => text!.Trim()).ToList();
        var status = (int)response.StatusCode;
        if (status == 429 || texts.Exists(IsThreadLimit)) return Throttled(response, texts);
        if (response.StatusCode == HttpStatusCode.Unauthorized) return Unknown(texts);
        if (response.StatusCode == HttpStatusCode.ProxyAuthenticationRequired) return NetworkFailure.ProxyPassword(null);
        if (texts.Count > 0) return Refused(path, response.StatusCode, texts);
        var said = Quote(error?.Message ?? (body.Length == 0 ? "no explanation was given." : "the answer was not in Autotask's form."));
        return response.StatusCode switch
        {
            HttpStatusCode.Forbidden => new ConnectorRejectedException($"The API user lacks a right. {AutotaskRights.Fix(path)}", kind: RejectionKind.Permission),
            HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed => new ConnectorUnavailableException(
                $"Autotask has nothing at {response.RequestMessage?.RequestUri?.AbsolutePath ?? path}: {said} Check the web services address.", false)
            { RouteMissing = true },
            _ when status is >= 300 and < 400 => new ConnectorUnavailableException($"The address redirects to {response.Headers.Location?.ToString() ?? "elsewhere"}. Check the web services address.", false),
            _ when status is >= 400 and < 500 => new ConnectorUnavailableException($"The answer was {status} and not Autotask's own, of a proxy between perhaps: {said}", writes) { Unexplained = true },
            _ => new ConnectorUnavailableException($"Autotask answered {status}: {said}", writes),
        };
    }

    /// <summary>The text of a request for the zone of a user whom Autotask does not know.</summary>
    public static bool IsZoneUnknown(byte[] body) =>
        Parse(body)?.Errors?.Any(text => text?.Contains("Zone information could not be determined", StringComparison.OrdinalIgnoreCase) == true) == true;

    private static ConnectorException Refused(string path, HttpStatusCode status, List<string> texts)
    {
        var said = Quote(string.Join(' ', texts.Distinct(StringComparer.Ordinal).Select(text => text.TrimEnd('.') + ".")));
        if (texts.Exists(text => Has(text, "IntegrationCode is invalid"))) return Unknown(texts);
        if (texts.Exists(text => Has(text, "No matching records found"))) return new ConnectorNotFoundException(said);
        return status == HttpStatusCode.Forbidden || texts.Exists(text => Has(text, "adequate permissions"))
            ? new ConnectorRejectedException($"The API user lacks a right: {said} {AutotaskRights.Fix(path)}", kind: RejectionKind.Permission)
            : new ConnectorRejectedException(said + (OfTicket(path) ? RefusalHints.FixOf(texts) : ""), FieldOf(texts) ?? RefusalHints.FieldOf(texts));
    }

    private static bool OfTicket(string path) => path == "Tickets" || path.StartsWith("Tickets/", StringComparison.Ordinal);

    private static ConnectorCredentialsException Unknown(List<string> texts) => new(
        "Autotask does not accept the API user" + (texts.Count == 0 ? "." : $": {Quote(string.Join(' ', texts))}")
        + " Check Username, Secret and API integration code, that the user is active and not locked (Admin > Resources/Users (HR)), and that the web services address is that of your zone or left as it was.");

    private static ConnectorThrottledException Throttled(HttpResponseMessage response, List<string> texts)
    {
        var asked = response.Headers.RetryAfter is null ? (TimeSpan?)null : RetryAfter.Of(response) ?? response.Headers.RetryAfter.Delta;
        var wait = asked ?? (texts.Exists(IsThreadLimit) ? ThreadPause : UsualPause);
        if (wait > LongestPause) wait = LongestPause;
        var why = texts.Count > 0 ? Quote(string.Join(' ', texts)) : "its limit of calls an hour, which all integrations share, is reached.";
        return new($"Autotask asks for a pause of {wait.TotalSeconds:0} seconds: {why}", wait);
    }

    /// <summary>The one field that the texts are about; null when they name none or several.</summary>
    private static string? FieldOf(List<string> texts)
    {
        var words = texts.SelectMany(text => Word().Matches(text).Select(match => match.Value)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var named = Fields.Where(field => words.Contains(field.Wire)).Select(field => field.Field).Distinct(StringComparer.Ordinal).ToList();
        return named.Count == 1 ? named[0] : null;
    }

    private static bool IsThreadLimit(string text) => Has(text, "thread threshold") || Has(text, "Itgenatr005");

    private static bool Has(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);

    private static string Quote(string text) => text.Length <= LongestQuote ? text : text[..LongestQuote] + "…";

    private static ErrorDto? Parse(byte[] body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, AutotaskJson.Default.ErrorDto);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex("[A-Za-z]+", RegexOptions.None, 1000)]
    private static partial Regex Word();
}
