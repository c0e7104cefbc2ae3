using System.Text.Json.Nodes;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>An answer other than success, with the vendor's error body (reference 1.5).</summary>
internal sealed class PsaRefusal(int status, string code, string message, JsonArray? items = null) : Exception(message)
{
    /// <summary>How the message of an error begins that is the sandbox's own.</summary>
    public const string OwnFault = "The sandbox failed:";

    public int Status { get; } = status;

    public JsonObject Body()
    {
        var body = new JsonObject { ["code"] = code, ["message"] = Message };
        if (items is not null) body["errors"] = items.DeepClone();
        return body;
    }

    public static PsaRefusal Invalid(string model, string itemCode, string message, string field) =>
        new(400, "InvalidObject", $"{model} object is invalid", [Item(itemCode, message, model, field)]);

    public static PsaRefusal Invalid(string model, JsonArray items) => new(400, "InvalidObject", $"{model} object is invalid", items);

    public static PsaRefusal BadRequest(string message) => new(400, "InvalidObject", message);

    public static PsaRefusal NotFound(string title, object id) => new(404, "NotFound", $"{title} {id} not found");

    public static PsaRefusal NoRoute() => new(404, "ConnectWiseApi", "The endpoint does not exist.");

    public static PsaRefusal Fault(string message) => new(500, "ConnectWiseApi", message);

    public static PsaRefusal Forbidden() => new(403, "Forbidden", "You do not have permission to perform this action.");

    public static JsonObject Item(string code, string message, string resource, string field) =>
        new() { ["code"] = code, ["message"] = message, ["resource"] = resource, ["field"] = field };
}
