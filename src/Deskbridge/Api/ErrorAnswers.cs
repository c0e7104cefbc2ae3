using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
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
            app.UseExceptionHandler();
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
            Title = Refusals.Title(http.Response.StatusCode),
            Detail = Refusals.Detail(http),
            Instance = http.Request.Path,
            Extensions = { ["traceId"] = Activity.Current?.TraceId.ToString() ?? http.TraceIdentifier },
        },
    });
}

/// <summary>Gives an exception its status and sentence; the body is written by <see cref="ErrorAnswers"/>.</summary>
internal sealed partial class ExceptionAnswers(IOptions<JsonOptions> json) : IExceptionHandler
{
    public ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is BadHttpRequestException bad)
        {
            var endpoint = httpContext.GetEndpoint() ?? httpContext.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
            var detail = bad.InnerException is JsonException wrong
                ? Body(wrong, endpoint, json.Value.SerializerOptions)
                : bad.StatusCode == StatusCodes.Status400BadRequest ? Parameter(bad.Message, endpoint) : null;
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

    /// <summary>What is wrong with a body in words of the API: the serializer's sentence ends with a path and may name a type of ours.</summary>
    private static string Body(JsonException wrong, Endpoint? endpoint, JsonSerializerOptions options)
    {
        if (!wrong.Message.StartsWith("The JSON value could not be converted", StringComparison.Ordinal) || wrong.Path is not { Length: > 2 } path)
            return $"The body is not the JSON expected here{Place(wrong)}: {Own(wrong)}";
        var type = endpoint?.Metadata.GetMetadata<IAcceptsMetadata>()?.RequestType is { } body ? options.At(body, path) : null;
        return $"The member '{path[2..]}' does not take the value it has{Place(wrong)}. {Takes(type)}";
    }

    private static string Takes(Type? type) => type is not null && Expected.Words(type) is { } words
        ? $"It takes {words}."
        : "/openapi/v1.json says what it takes.";

    private static string Own(JsonException wrong)
    {
        var path = wrong.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        return path < 0 ? wrong.Message : wrong.Message[..path];
    }

    private static string Parameter(string message, Endpoint? endpoint)
    {
        if (UnboundParameter().Match(message) is not { Success: true } unbound) return message;
        var name = unbound.Groups["name"].Value;
        var type = endpoint?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>().FirstOrDefault(parameter => parameter.Name == name)?.ParameterInfo.ParameterType;
        return $"The parameter {name} cannot be '{unbound.Groups["value"]}'. {Takes(type)}";
    }

    [GeneratedRegex("""^Failed to bind parameter "\S+ (?<name>\w+)" from "(?<value>.*)"\.$""", RegexOptions.ExplicitCapture | RegexOptions.Singleline, 1000)]
    private static partial Regex UnboundParameter();

    private static string Place(JsonException wrong) =>
        wrong.LineNumber is { } line ? $" (line {line + 1}, byte {wrong.BytePositionInLine + 1})" : "";
}
