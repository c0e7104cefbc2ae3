using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;

namespace Deskbridge.Sandbox.ConnectWisePsa.Callbacks;

/// <summary>Whether a callback entry wants to hear of a change: its type, its level and the level's object (reference 8.2).</summary>
internal static class CallbackMatch
{
    public static bool Applies(JsonObject entry, Write write, Func<int, string?> tag)
    {
        var type = Json.Text(entry["type"]);
        if (Json.Flag(entry["inactiveFlag"]) || !Is(type, write.Resource.Callback)) return false;
        var level = Json.Text(entry["level"])!;
        var wanted = Json.Int(entry["objectId"]);
        if (Is(level, "owner")) return true;
        if (Is(level, type)) return write.Id == wanted;
        if (Is(level, "integratorTag")) return wanted is { } id && tag(id) is { } text && ((write.After ?? write.Before)?["integratorTags"] as JsonArray)?.Any(t => Json.Text(t) == text) == true;
        var member = level.ToLowerInvariant() switch
        {
            "location" when Is(type, "schedule") => "where",
            "location" => "defaultLocation",
            "securityrole" => "securityRole",
            var name => name,
        };
        return Json.Int(Json.Child(Json.Child(write.After ?? write.Before, member), "id")) is { } found && found == wanted;
    }

    private static bool Is(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
