using Deskbridge.Core.Common;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;

namespace Deskbridge.Api;

/// <summary>What each status means, in words a person can act on; used by problem documents and by the error page.</summary>
internal static class Refusals
{
    /// <summary>No request needs more; attachments do not pass through the hub.</summary>
    public const long MaxBody = 2 * 1024 * 1024;

    private static readonly object DetailKey = new();
    private static readonly object TitleKey = new();

    /// <summary>The heading to show: what the code that refused said, or the status's own.</summary>
    public static string Title(HttpContext http) => http.Items[TitleKey] as string ?? Title(http.Response.StatusCode);

    public static string Title(int status) => status switch
    {
        400 => "The request cannot be understood",
        401 => "Sign in first",
        403 => "Not allowed",
        404 => "There is nothing here",
        405 => "This address does not take that method",
        409 => "Not possible in this state",
        413 => "Too large",
        415 => "Wrong content type",
        422 => "The request contradicts an earlier one",
        429 => "Too many requests",
        503 => "Not ready",
        _ => "Something broke in the hub",
    };

    /// <summary>The sentence to show: what the code that refused said, or the general one.</summary>
    public static string Detail(HttpContext http) => http.Items[DetailKey] as string ?? http.Response.StatusCode switch
    {
        400 when UnreadParameter.Find(http) is { } unread => unread,
        400 => "The request is malformed. Compare it with /openapi/v1.json; a form may have been open too long: load it again and repeat.",
        401 => "Send an API token as 'Authorization: Bearer db_...' (made on your profile page), or sign in.",
        403 => "You are signed in, but your role does not allow this. An administrator can change your role under People.",
        404 => "No page, record or API address has this name. It may have been removed, or the address is mistyped.",
        405 => "The address exists, but not for this method; the Allow header lists those it takes.",
        413 => $"The request is larger than {Limit(http) / 1024 / 1024} MB. Send less.",
        415 => "Send JSON with the header 'Content-Type: application/json'.",
        429 => "Too many requests in a short time. Wait as long as the Retry-After header says and try again.",
        503 => "The hub is starting or its database does not answer. Try again shortly; 'deskbridge doctor' says what is wrong.",
        _ => "An error in the hub prevented this; nothing was half done. The log of the hub has the details under the trace id given here.",
    };

    public static void Explain(HttpContext http, int status, string detail, string? title = null)
    {
        http.Response.StatusCode = status;
        (http.Items[DetailKey], http.Items[TitleKey]) = (detail, title);
    }

    /// <summary>The answer of a page that cannot be shown: the error page says the sentence.</summary>
    public static EmptyResult Page(HttpContext http, int status, string detail)
    {
        Explain(http, status, detail);
        return new EmptyResult();
    }

    /// <summary>The answer of a page about something that is not there, or not any more.</summary>
    public static EmptyResult Missing(HttpContext http, Failure missing) => Page(http, StatusCodes.Status404NotFound, missing.Message);

    /// <summary>The most that the endpoint takes; the error handling has taken it off the request by now.</summary>
    private static long Limit(HttpContext http) =>
        (http.GetEndpoint() ?? http.Features.Get<IExceptionHandlerFeature>()?.Endpoint)?.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize ?? MaxBody;
}
