using System.Text.Json;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.Autotask.Records;
using Deskbridge.Sandbox.Faults;
using Microsoft.AspNetCore.Http;
using JsonBody = Deskbridge.Sandbox.ConnectWisePsa.Records.JsonBody;

namespace Deskbridge.Sandbox.Autotask.Http;

/// <summary>One call of the API.</summary>
internal sealed class Call
{
    public required HttpContext Http { get; init; }

    public required byte[] Body { get; init; }

    /// <summary>The path below the API's version.</summary>
    public required string[] Segments { get; init; }

    public required IReadOnlyList<FaultRule> Struck { get; init; }

    public string Method => Http.Request.Method;

    /// <summary>Who calls, once that is known.</summary>
    public Actor? By { get; set; }

    public bool Has(FaultKind kind) => Struck.Any(f => f.Kind == kind);

    public string? this[string name] => Http.Request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>The body, or the value of <c>search</c> in a GET.</summary>
    public JsonNode? Query() => Method == HttpMethods.Get ? Read(System.Text.Encoding.UTF8.GetBytes(this["search"] ?? "")) : Read(Body);

    public JsonObject Object() => Read(Body) as JsonObject ?? throw new Refusal(400, "The request is invalid. The body must be a JSON object.");

    private static JsonNode? Read(byte[] text)
    {
        try
        {
            return JsonBody.Read(text);
        }
        catch (JsonException broken)
        {
            throw new Refusal(400, $"The request is invalid. {broken.Message}");
        }
    }
}

/// <summary>What goes back.</summary>
internal sealed record Answer(int Status, JsonNode? Body = null)
{
    public string? Text { get; init; }

    public int? RetryAfter { get; init; }
}
