using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Deskbridge.Sandbox.ConnectWisePsa.Records;

namespace Deskbridge.Sandbox.ConnectWisePsa.Rules;

/// <summary>Registering callbacks (reference 8.1 and 8.2).</summary>
internal sealed class CallbackRules(Settings settings) : RecordRules
{
    /// <summary>The origin that an entry was registered at: deliveries name it as theirs, so that a client sees one instance.</summary>
    public const string Origin = "_origin";

    private static readonly Dictionary<string, string[]> Levels = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Activity"] = ["Owner", "Status", "Type", "Company", "Activity"],
        ["Agreement"] = ["Owner", "Type", "Company", "Agreement"],
        ["Company"] = ["Owner", "Status", "Type", "Territory", "Company", "IntegratorTag"],
        ["Contact"] = ["Owner", "Type", "Territory", "Company", "Contact"],
        ["Configuration"] = ["Owner", "Type", "Status", "Configuration"],
        ["Invoice"] = ["Owner", "Status", "Company", "Invoice"],
        ["Expense"] = ["Owner", "ChargeToType", "Type", "Class", "Company", "Expense"],
        ["Member"] = ["Owner", "Location", "SecurityRole", "Member"],
        ["Opportunity"] = ["Owner", "StatusId", "Company", "Opportunity"],
        ["ProductCatalog"] = ["Owner"],
        ["Project"] = ["Owner", "Status", "Board", "Project"],
        ["PurchaseOrder"] = ["Owner", "Status", "Vendor", "Company", "PurchaseOrder"],
        ["Schedule"] = ["Owner", "Status", "Type", "Location", "Member", "Schedule"],
        ["Site"] = ["Owner", "Site"],
        ["Ticket"] = ["Owner", "Board", "Project", "Phase", "Status", "Ticket", "IntegratorTag"],
        ["Time"] = ["Owner", "Company", "Time"],
    };

    public override void Complete(Change change, JsonObject body, JsonObject? before)
    {
        if (!Levels.TryGetValue(Json.Text(body["type"])!, out var levels))
            throw PsaRefusal.Invalid("callbackEntry", "InvalidObject", "Unrecognized type, see documentation for supported types", "type");
        if (!levels.Contains(Json.Text(body["level"]), StringComparer.OrdinalIgnoreCase))
            throw PsaRefusal.Invalid("callbackEntry", "InvalidObject", "Unrecognized level for type, see documentation for supported levels for each type", "level");
        if (!Allowed(Json.Text(body["url"])!)) throw PsaRefusal.Invalid("callbackEntry", "InvalidField", "Invalid URL", "url");
        if (Json.Int(body["objectId"]) is 0 || Same(body, "level", "owner")) body["objectId"] = 1;
        if (change.All("callbacks").Any(c => Json.Int(c["id"]) != Json.Int(body["id"]) && Matches(c, body)))
            throw PsaRefusal.Invalid("callbackEntry", "ObjectExists", "A matching callback entry already exists", "objectId");
        if (before is null)
            body["memberId"] = Json.Copy(change.All("members").FirstOrDefault(m => Json.Text(m["identifier"]) == change.By)?["id"]);
        body["payloadVersion"] ??= "3.0.0";
    }

    public override void Saved(Change change, JsonObject body, JsonObject? before, JsonObject input)
    {
        if (before is null) body[Origin] = Json.Copy(input[Origin]);
    }

    private static bool Matches(JsonObject one, JsonObject other) =>
        Json.Text(one["url"]) == Json.Text(other["url"]) && Json.Int(one["objectId"]) == Json.Int(other["objectId"])
        && Same(one, "type", Json.Text(other["type"])) && Same(one, "level", Json.Text(other["level"]));

    private static bool Same(JsonObject body, string name, string? text) => string.Equals(Json.Text(body[name]), text, StringComparison.OrdinalIgnoreCase);

    private bool Allowed(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri is { Scheme: "http", IsLoopback: true } && settings.Current.PlainHttpLoopbackCallbacks));
}
