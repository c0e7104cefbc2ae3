using System.Diagnostics;
using System.Text.Json;
using Deskbridge.Core.Data;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using JsonOptions = Microsoft.AspNetCore.Http.Json.JsonOptions;

namespace Deskbridge.Api;

/// <summary>Every error without a body gets one: a problem document for programs, a page for people.</summary>
internal static class ErrorAnswers
{
    public const string PagePath = "/problem";

    extension(WebApplication app)
    {
        public void UseErrorAnswers()
        {
            app.UseStatusCodePages(AnswerAsync);
            app.UseExceptionHandler(new ExceptionHandlerOptions { SuppressDiagnosticsCallback = answered => ExceptionAnswers.IsExplained(answered.Exception) });
        }
    }

    private static async Task AnswerAsync(StatusCodeContext context)
    {
        var http = context.HttpContext;
        if (ApiPaths.Contains(http.Request.Path))
        {
            await WriteProblemAsync(http);
            return;
        }

        http.Features.Set<IStatusCodeReExecuteFeature>(new StatusCodeReExecuteFeature { OriginalPath = http.Request.Path });
        http.Request.Path = PagePath;
        http.Request.Method = HttpMethods.Get;
        http.SetEndpoint(null);
        http.Request.RouteValues.Clear();
        await context.Next(http);
    }

    private static ValueTask<bool> WriteProblemAsync(HttpContext http) => http.RequestServices.GetRequiredService<IProblemDetailsService>().TryWriteAsync(new()
    {
        HttpContext = http,
        ProblemDetails = new ProblemDetails
        {
            Type = "about:blank",
            Status = http.Response.StatusCode,
            Title = Refusals.Title(http),
            Detail = Refusals.Detail(http),
            Instance = http.Request.Path,
            Extensions = { ["traceId"] = Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier },
        },
    });
}

/// <summary>Gives an exception its status and sentence; the body is written by <see cref="ErrorAnswers"/>.</summary>
internal sealed class ExceptionAnswers(IOptions<JsonOptions> json) : IExceptionHandler
{
    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is BadHttpRequestException bad)
        {
            var endpoint = httpContext.GetEndpoint() ?? httpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
            var detail = bad.InnerException is JsonException wrong
                ? Body(wrong, endpoint, json.Value.SerializerOptions)
                : bad.StatusCode == StatusCodes.Status400BadRequest ? UnreadParameter.Find(httpContext) ?? NoBody(bad, endpoint) : null;
            httpContext.Response.StatusCode = bad.StatusCode;
            if (detail is not null) Refusals.Explain(httpContext, bad.StatusCode, detail);
        }
        else if (StorageTrouble.Describe(exception) is { } trouble)
        {
            Refusals.Explain(httpContext, StatusCodes.Status503ServiceUnavailable, $"Nothing was changed. {trouble}");
        }
        else
        {
            httpContext.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }

        return ValueTask.FromResult(true);
    }

    /// <summary>The answer says all there is to say. Any other exception is logged, though it was answered: nobody could find its cause otherwise.</summary>
    public static bool IsExplained(Exception exception) => exception is BadHttpRequestException || StorageTrouble.Describe(exception) is not null;

    /// <summary>What is wrong with a body in words of the API: the serializer's sentence ends with a path and may name a type of ours.</summary>
    private static string Body(JsonException wrong, Endpoint? endpoint, JsonSerializerOptions options)
    {
        if (wrong.InnerException is JsonException) return $"The body is not JSON{Place(wrong)}: {Syntax(wrong.Message)}";
        if (wrong.Path is not { Length: > 2 } path) return "The body is not the JSON expected here. /openapi/v1.json says which members the object has.";
        var type = endpoint?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is { } body ? options.At(body, path) : null;
        return $"The member '{path[2..]}' does not take the value it has{Place(wrong)}. {Expected.Sentence(type)}";
    }

    /// <summary>The reader's sentence about a slip, but for its advice to whoever wrote this program.</summary>
    private static string Syntax(string message) =>
        message.Contains("maximum configured depth", StringComparison.Ordinal) ? "it is nested too deeply."
        : message.Contains("open JSON object or array", StringComparison.Ordinal) ? "it ends before every bracket is closed."
        : message.Contains("trailing comma", StringComparison.Ordinal) ? "a comma stands before the closing bracket."
        : message.IndexOf(" Path: ", StringComparison.Ordinal) is > 0 and var path ? message[..path]
        : message;

    private static string NoBody(BadHttpRequestException bad, Endpoint? endpoint) => endpoint?.Metadata.GetMetadata<IAcceptsMetadata>() is null
        ? bad.Message
        : "The body is missing, or null. /openapi/v1.json says which JSON object is expected.";

    private static string Place(JsonException wrong) =>
        wrong.LineNumber is { } line ? $" (line {line + 1}, byte {wrong.BytePositionInLine + 1})" : "";
}
