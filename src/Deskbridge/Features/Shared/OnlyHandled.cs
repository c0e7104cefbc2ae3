using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Deskbridge.Features.Shared;

/// <summary>
/// A page is drawn by its handlers only. Without one for the method and name asked for the framework would draw it all the same, from a model
/// that nobody filled. Reading needs none: some pages have nothing to load.
/// </summary>
internal sealed class OnlyHandled : IAsyncPageFilter
{
    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        var http = context.HttpContext;
        if (context.HandlerMethod is not null || HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
        {
            await next();
            return;
        }

        var methods = context.ActionDescriptor.HandlerMethods.Select(handler => handler.HttpMethod.ToUpperInvariant()).Append(HttpMethods.Get).Distinct(StringComparer.Ordinal).ToList();
        http.Response.Headers.Allow = string.Join(", ", methods);
        var takesMethod = methods.Contains(http.Request.Method, StringComparer.Ordinal); // then it is the handler's name that it does not know
        context.Result = new StatusCodeResult(takesMethod ? StatusCodes.Status404NotFound : StatusCodes.Status405MethodNotAllowed);
    }
}
