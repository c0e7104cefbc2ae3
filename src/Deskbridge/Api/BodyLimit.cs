using Microsoft.AspNetCore.Http.Features;

namespace Deskbridge.Api;

/// <summary>
/// Refuses a body that says it is too large. It is read to its end first, up to a bound: a server that hangs up in the middle breaks the
/// sender's pipe, and most programs then never see the answer that says why.
/// </summary>
internal sealed class BodyLimit : IMiddleware
{
    /// <summary>Beyond this nobody sends by mistake; the connection is closed instead.</summary>
    private const long MostDiscarded = 64 * 1024 * 1024;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var feature = context.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (feature is null || context.Request.ContentLength is not { } length || !(length > feature.MaxRequestBodySize))
        {
            await next(context);
            return;
        }

        if (length <= MostDiscarded && !feature.IsReadOnly)
        {
            feature.MaxRequestBodySize = length;
            await context.Request.Body.CopyToAsync(Stream.Null, context.RequestAborted);
        }

        context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
    }
}
