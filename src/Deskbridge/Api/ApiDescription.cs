using Deskbridge.Access;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Deskbridge.Api;

/// <summary>What <c>/openapi/v1.json</c> says beyond what the endpoints themselves tell: who may call, and how every call can be refused.</summary>
internal static class ApiDescription
{
    private const string Scheme = "token";

    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer(DescribeAsync);
        options.AddOperationTransformer(DescribeOperationAsync);
    }

    private static Task DescribeAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancel)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Deskbridge",
            Version = "v1",
            Description = "Everything a page of Deskbridge can do. Errors are problem documents (RFC 9457); lists answer {items, next}; creates honour Idempotency-Key.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
        document.Components.SecuritySchemes[Scheme] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            Description = "An API token, made on the profile page. It acts as the person it belongs to, within its scopes.",
        };
        document.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, document)] = [] }];
        return Task.CompletedTask;
    }

    private static Task DescribeOperationAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancel)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Responses ??= [];
        operation.Responses.TryAdd("401", Problem("No valid token or session."));
        operation.Responses.TryAdd("403", Problem("The role does not allow it, or the token lacks the scope."));
        if (metadata.OfType<IAuthorizeData>().LastOrDefault(data => data.Policy?.StartsWith(Scopes.Prefix, StringComparison.Ordinal) == true) is { } scoped)
            operation.Description = $"{operation.Description} Needs the scope {scoped.Policy![Scopes.Prefix.Length..]}.".TrimStart();
        operation.Responses.TryAdd("429", Problem("Too many requests; Retry-After says how long to wait."));
        if (operation.RequestBody is not null)
        {
            operation.Responses.TryAdd("400", Problem("The body or a value in it cannot be used; the detail names it."));
            operation.Responses.TryAdd("413", Problem("The body is too large."));
        }

        if (!metadata.OfType<IdempotentAttribute>().Any()) return Task.CompletedTask;
        operation.Responses.TryAdd("422", Problem("The Idempotency-Key was used for a different request before."));
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = "Idempotency-Key",
            In = ParameterLocation.Header,
            Description = "Any text of up to 200 characters, such as a UUID. A repeated request with the same key gets the first answer again, for a day.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 200 },
        });
        return Task.CompletedTask;
    }

    private static OpenApiResponse Problem(string description) => new()
    {
        Description = description,
        Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { ["application/problem+json"] = new() },
    };
}
