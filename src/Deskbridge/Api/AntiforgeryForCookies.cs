using Deskbridge.Access;
using Microsoft.AspNetCore.Antiforgery;

namespace Deskbridge.Api;

/// <summary>A browser sends its cookie by itself, so an unsafe API call that came in by cookie must also carry the antiforgery header.</summary>
internal static class AntiforgeryForCookies
{
    public static async ValueTask<object?> CheckAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var byCookie = http.User.Identity?.AuthenticationType == Sessions.Scheme;
        var safe = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method);
        if (!byCookie || safe) return await next(context);
        if (await http.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(http)) return await next(context);
        Refusals.Explain(
            http,
            StatusCodes.Status400BadRequest,
            "This call came in with a session cookie but without a valid RequestVerificationToken header. Programs should use an API token instead of the cookie.");
        return TypedResults.Empty;
    }
}
