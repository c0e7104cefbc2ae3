using System.Text.Json;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Microsoft.AspNetCore.Http;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>One call of the API after authentication.</summary>
internal sealed record PsaRequest
{
    public required string Method { get; init; }

    /// <summary>The route below <c>apis/3.0</c>.</summary>
    public required IReadOnlyList<string> Segments { get; init; }

    public required IQueryCollection Query { get; init; }

    public required byte[] Body { get; init; }

    public required HttpContext Http { get; init; }

    /// <summary>Identifier of the calling member.</summary>
    public required string By { get; init; }

    /// <summary>The caller's role grants what is asked only for the caller's own records.</summary>
    public bool OnlyMine { get; init; }

    /// <summary>The API's root for links, without a slash at the end.</summary>
    public required string Root { get; init; }

    public bool ForwardOnly => string.Equals(Http.Request.Headers["pagination-type"], "forward-only", StringComparison.OrdinalIgnoreCase);

    public string? this[string name] => Query.TryGetValue(name, out var value) ? value.ToString() : null;

    public JsonNode? Json()
    {
        try
        {
            return JsonBody.Read(Body);
        }
        catch (JsonException broken)
        {
            throw PsaRefusal.BadRequest($"The body is not valid JSON: {broken.Message}");
        }
    }

    public JsonObject Object() => Json() as JsonObject ?? throw PsaRefusal.BadRequest("The body must be a JSON object.");
}

/// <summary>What goes back: JSON, or bytes of a document.</summary>
internal sealed record PsaAnswer(int Status, JsonNode? Json = null)
{
    public byte[]? Bytes { get; init; }

    public string? ContentType { get; init; }

    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    public IReadOnlyList<(string Name, string Value)> Cookies { get; init; } = [];
}
