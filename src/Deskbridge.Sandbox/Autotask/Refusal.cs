using System.Text.Json.Nodes;

namespace Deskbridge.Sandbox.Autotask;

/// <summary>An answer other than success. Autotask says most of them with 500 and a list of texts (reference 1.3).</summary>
internal sealed class Refusal(int status, params IReadOnlyList<string> errors) : Exception(string.Join(' ', errors))
{
    /// <summary>How the message of an error begins that is the sandbox's own.</summary>
    public const string OwnFault = "The sandbox failed:";

    public int Status { get; } = status;

    public IReadOnlyList<string> Errors { get; } = errors;

    public JsonObject Body() => new() { ["errors"] = new JsonArray([.. Errors.Select(e => (JsonNode)e)]) };

    public static Refusal Permission(string what) => new(500, $"The logged in Resource does not have the adequate permissions to {what}.");

    public static Refusal NothingToDelete() =>
        new(500, "No message. No matching records found. The logged in Resource may not have the required permissions to delete the data.");

    public static Refusal UnknownField(string name, string singular) => new(500, $"Unable to find {name} in the {singular} Entity.");
}

/// <summary>An answer whose body is no list of errors: 401, 404, 405, 429.</summary>
internal sealed class PlainRefusal(int status, JsonNode? body = null) : Exception
{
    public int Status { get; } = status;

    public JsonNode? Body { get; } = body;

    public static PlainRefusal NoRoute() => new(404);

    public static PlainRefusal NoVerb(string method) => new(405, new JsonObject { ["Message"] = $"The requested resource does not support http method '{method}'." });
}
