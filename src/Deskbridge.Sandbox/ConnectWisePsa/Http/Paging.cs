using System.Globalization;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>Numbered and forward-only pages with their Link header (reference 3).</summary>
internal static class Paging
{
    private const int Default = 25;
    private const int Largest = 1000;

    public static (List<JsonObject> Page, (string, string) Link) Take(PsaRequest request, List<JsonObject> found)
    {
        var size = Size(request);
        return request.ForwardOnly ? Forward(request, found, size) : Numbered(request, found, size);
    }

    /// <summary>The id behind which a forward-only page starts, and how many records it holds.</summary>
    public static (int Id, int Count) After(PsaRequest request) => (Number(request, "pageId", 0), Size(request));

    private static int Size(PsaRequest request) => Math.Clamp(Number(request, "pageSize", Default), 1, Largest);

    private static (List<JsonObject>, (string, string)) Forward(PsaRequest request, List<JsonObject> found, int size)
    {
        var after = Number(request, "pageId", 0);
        var page = found.Where(v => Json.Int(v["id"]) > after).OrderBy(v => Json.Int(v["id"])).Take(size + 1).ToList();
        if (page.Count <= size) return (page, ("Link", ""));
        page.RemoveAt(size);
        return (page, ("Link", $"<{Url(request, "pageId", Json.Int(page[^1]["id"])!.Value)}>; rel=\"next\""));
    }

    private static (List<JsonObject>, (string, string)) Numbered(PsaRequest request, List<JsonObject> found, int size)
    {
        var number = Math.Max(1, Number(request, "page", 1));
        var last = Math.Max(1, (found.Count + size - 1) / size);
        var links = new List<string> { Link(request, 1, "first") };
        if (number > 1) links.Add(Link(request, number - 1, "prev"));
        if (number < last) links.Add(Link(request, number + 1, "next"));
        links.Add(Link(request, last, "last"));
        var page = number > last ? [] : found.Skip((number - 1) * size).Take(size).ToList();
        return (page, ("Link", string.Join(", ", links)));
    }

    private static int Number(PsaRequest request, string name, int fallback) => request[name] is not { Length: > 0 } text ? fallback
        : int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number
        : throw PsaRefusal.BadRequest($"The value '{text}' of {name} is not a number.");

    private static string Link(PsaRequest request, int page, string rel) => $"<{Url(request, "page", page)}>; rel=\"{rel}\"";

    private static string Url(PsaRequest request, string name, int value)
    {
        var query = request.Query.Where(q => !q.Key.Equals(name, StringComparison.OrdinalIgnoreCase))
            .Append(new(name, new StringValues(value.ToString(CultureInfo.InvariantCulture))));
        var http = request.Http.Request;
        // Clients split the header at commas and semicolons.
        return QueryHelpers.AddQueryString($"{http.Scheme}://{http.Host}{http.Path}", query).Replace(",", "%2C", StringComparison.Ordinal).Replace(";", "%3B", StringComparison.Ordinal);
    }
}
