using System.ComponentModel;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Metadata;

namespace Deskbridge.Api;

/// <summary>Which parameter of an address has a value that its endpoint cannot read. The binding that is generated at build time refuses such a value without a word.</summary>
internal static class UnreadParameter
{
    /// <summary>The sentence about the first such parameter; null when every one is read.</summary>
    public static string? Find(HttpContext http)
    {
        var failed = http.Features.Get<IExceptionHandlerFeature>(); // the error handling has taken endpoint and route off the request
        var endpoint = http.GetEndpoint() ?? failed?.Endpoint;
        var route = failed?.RouteValues ?? http.Request.RouteValues;
        foreach (var parameter in endpoint?.Metadata.GetOrderedMetadata<IParameterBindingMetadata>() ?? [])
        {
            if (!parameter.HasTryParse) continue;
            var value = route.TryGetValue(parameter.Name, out var part) ? part?.ToString() : http.Request.Query[parameter.Name].ToString();
            var type = parameter.ParameterInfo.ParameterType;
            if (string.IsNullOrEmpty(value) ? parameter.IsOptional : TypeDescriptor.GetConverter(type).IsValid(value)) continue;
            return $"The parameter {parameter.Name} {(string.IsNullOrEmpty(value) ? "is missing" : $"cannot be '{value}'")}. {Expected.Sentence(type)}";
        }

        return null;
    }
}
