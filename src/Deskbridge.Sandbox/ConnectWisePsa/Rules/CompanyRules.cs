using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Deskbridge.Sandbox.ConnectWisePsa.Records;

namespace Deskbridge.Sandbox.ConnectWisePsa.Rules;

/// <summary>A company's identifier is its own; it has a status and a first site (reference 5.6).</summary>
internal sealed class CompanyRules : RecordRules
{
    public override void Complete(Change change, JsonObject body, JsonObject? before)
    {
        var identifier = Json.Text(body["identifier"]);
        if (change.All("companies").Any(c => Json.Int(c["id"]) != Json.Int(body["id"]) && string.Equals(Json.Text(c["identifier"]), identifier, StringComparison.OrdinalIgnoreCase)))
            throw PsaRefusal.Invalid("company", "ObjectExists", "Company ID already in use.", "identifier");
        if (TicketDefaults.Default(change, "companyStatuses", _ => true) is { } status) body["status"] ??= status;
        body["types"] ??= new JsonArray();
    }

    public override void Saved(Change change, JsonObject body, JsonObject? before, JsonObject input)
    {
        if (before is not null) return;
        var id = Json.Int(body["id"])!.Value;
        var site = new JsonObject
        {
            ["name"] = Json.Text(Json.Child(Json.Child(input, "site"), "name")) ?? "Main",
            ["company"] = new JsonObject { ["id"] = id, ["identifier"] = Json.Copy(body["identifier"]), ["name"] = Json.Copy(body["name"]) },
            ["addressLine1"] = Json.Copy(body["addressLine1"]),
            ["city"] = Json.Copy(body["city"]),
            ["zip"] = Json.Copy(body["zip"]),
            ["primaryAddressFlag"] = true,
            ["inactiveFlag"] = false,
        };
        var siteId = change.Add("sites", site);
        body["site"] = new JsonObject { ["id"] = siteId, ["name"] = Json.Copy(site["name"]) };
    }
}

/// <summary>A contact's communication items: ids, domains, one default of each kind (reference 4.3 and 5.6).</summary>
internal sealed class ContactRules : RecordRules
{
    public override bool Allows(Change change, Schema.Member member, JsonObject row, JsonObject body) =>
        member.Name != "site" || TicketRules.Id(body["company"]) is not { } company || TicketRules.Id(row["company"]) == company;

    public override void Complete(Change change, JsonObject body, JsonObject? before)
    {
        body["types"] ??= new JsonArray();
        if (body["communicationItems"] is not JsonArray items) return;
        var old = (before?["communicationItems"] as JsonArray ?? []).Select(i => i!.ToJsonString()).ToHashSet(StringComparer.Ordinal);
        var chosen = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var item in items.OfType<JsonObject>())
        {
            var fresh = !old.Contains(item.ToJsonString());
            if (Json.Int(item["id"]) is null or 0) item["id"] = change.Next("contacts", "communicationItems", "id");
            Describe(change, item);
            if (fresh && Json.Flag(item["defaultFlag"])) chosen[Json.Text(item["communicationType"])!] = item;
        }

        // One default of each kind: the one that was set last.
        foreach (var item in items.OfType<JsonObject>())
        {
            if (chosen.TryGetValue(Json.Text(item["communicationType"])!, out var only) && !ReferenceEquals(only, item)) item["defaultFlag"] = false;
        }

        var phone = items.FirstOrDefault(i => Json.Flag(i!["defaultFlag"]) && Json.Text(i["communicationType"]) == "Phone");
        if (phone is null) return;
        body["defaultPhoneNbr"] = Json.Copy(phone["value"]);
        body["defaultPhoneType"] = Json.Copy(Json.Child(phone["type"], "name"));
    }

    private static void Describe(Change change, JsonObject item)
    {
        var named = Json.Text(Json.Child(item["type"], "name"));
        if ((change.Find("communicationTypes", TicketRules.Id(item["type"])) ?? change.All("communicationTypes").FirstOrDefault(t => named is not null && TicketRules.Id(item["type"]) is null && Json.Text(t["description"]) == named)) is not { } type)
            throw PsaRefusal.Invalid("contact", "InvalidField", "The communication item's type does not exist.", "communicationItems/type");
        var kind = Json.Flag(type["emailFlag"]) ? "Email" : Json.Flag(type["faxFlag"]) ? "Fax" : "Phone";
        item["type"] = new JsonObject { ["id"] = Json.Copy(type["id"]), ["name"] = Json.Copy(type["description"]) };
        item["communicationType"] = kind;
        item["defaultFlag"] ??= false;
        var value = Json.Text(item["value"]) ?? "";
        if (kind == "Email" && value.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at) item["domain"] = value[at..];
    }
}
