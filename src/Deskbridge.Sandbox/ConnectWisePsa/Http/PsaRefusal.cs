using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Security;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>An answer other than success, with the vendor's error body (reference 1.5).</summary>
internal sealed class PsaRefusal(int status, string code, string message, JsonArray? items = null) : Exception(message)
{
    /// <summary>How the message of an error begins that is the sandbox's own.</summary>
    public const string OwnFault = "The sandbox failed:";

    private const string NoPermission = "You do not have permission to perform this action.";

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

    public static PsaRefusal NoVerb() => new(405, "ConnectWiseApi", "The requested resource does not support this http method.");

    public static PsaRefusal InUse(string title, int id) => new(409, "Conflict", $"{title} {id} is in use and cannot be deleted.");

    public static PsaRefusal Fault(string message) => new(500, "ConnectWiseApi", message);

    /// <summary>A 403 that names the missing cell; the vendor's own text is not recorded.</summary>
    public static PsaRefusal Forbidden(Right right, Verb verb, string role) => new(403, "Forbidden", NoPermission,
        [Item("Forbidden", $"The security role {role} does not grant {right.Module} / {right.Function}: {verb}{(right.Item is null ? "" : $" ({right.Item})")}.", "securityRole", Rights.Column(verb))]);

    public static PsaRefusal Forbidden() => new(403, "Forbidden", NoPermission);

    public static JsonObject Item(string code, string message, string resource, string field) =>
        new() { ["code"] = code, ["message"] = message, ["resource"] = resource, ["field"] = field };
}
