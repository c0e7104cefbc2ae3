using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;

namespace Deskbridge.Sandbox.ConnectWisePsa.Rules;

/// <summary>What a new ticket has without being told, and what it copies from company and contact.</summary>
internal static class TicketDefaults
{
    private static readonly string[] Estimates =
        ["budgetHours", "estimatedExpenseCost", "estimatedExpenseRevenue", "estimatedProductCost", "estimatedProductRevenue", "estimatedTimeCost", "estimatedTimeRevenue", "lagDays"];

    public static void Fill(Change change, JsonObject body)
    {
        var board = change.Find("boards", TicketRules.Id(body["board"]));
        body["recordType"] = "ServiceTicket";
        Set(body, "location", Json.Copy(board?["location"]));
        Set(body, "department", Json.Copy(board?["department"]));
        Set(body, "priority", Default(change, "priorities", _ => true));
        Set(body, "source", Default(change, "sources", _ => true));
        Set(body, "serviceLocation", Default(change, "serviceLocations", _ => true));
        Set(body, "sla", Default(change, "slas", _ => true));
        Set(body, "currency", Default(change, "currencies", _ => true));
        foreach (var name in (string[])["severity", "impact"]) Set(body, name, "Medium");
        foreach (var name in (string[])["billTime", "billExpenses", "billProducts"]) Set(body, name, "Billable");
        foreach (var name in Estimates) body[name] ??= 0;
        foreach (var name in (string[])["billingMethod", "subBillingMethod"]) Set(body, name, "ActualRates");
        Set(body, "knowledgeBaseLinkType", "ServiceTicket");
        body["approved"] = true;
        TicketSla.Begin(body, change.Now);
    }

    public static void FollowCompany(Change change, JsonObject body)
    {
        var company = TicketRules.Id(body["company"]);
        var site = TicketRules.Id(body["site"]) is { } chosen && change.Find("sites", chosen) is { } kept && TicketRules.Id(kept["company"]) == company ? kept
            : change.All("sites").Where(s => TicketRules.Id(s["company"]) == company).OrderByDescending(s => Json.Flag(s["primaryAddressFlag"])).FirstOrDefault();
        if (site is null) return;
        body["site"] = new JsonObject { ["id"] = Json.Copy(site["id"]), ["name"] = Json.Copy(site["name"]) };
        body["siteName"] = Json.Copy(site["name"]);
        foreach (var name in (string[])["addressLine1", "addressLine2", "city", "zip", "country"]) body[name] = Json.Copy(site[name]);
        body["stateIdentifier"] = Json.Copy(Json.Child(site["stateReference"], "identifier"));
    }

    /// <summary>The type of the agreement, or none.</summary>
    public static void FollowAgreement(Change change, JsonObject body)
    {
        if (AgreementType(change, body["agreement"]) is { } type) body["agreementType"] = type;
        else body.Remove("agreementType");
    }

    /// <summary>The name of the type of an agreement that is referred to.</summary>
    public static string? AgreementType(Change change, JsonNode? agreement) =>
        Json.Text(change.Find("agreementTypes", TicketRules.Id(change.Find("agreements", TicketRules.Id(agreement))?["type"]))?["name"]);

    /// <summary>The contact with an email address, first among the company's own.</summary>
    public static void FindContact(Change change, JsonObject body, string email)
    {
        var company = TicketRules.Id(body["company"]);
        var contact = change.All("contacts")
            .Where(c => (c["communicationItems"] as JsonArray ?? []).Any(i => string.Equals(Json.Text(i!["value"]), email, StringComparison.OrdinalIgnoreCase)))
            .OrderByDescending(c => TicketRules.Id(c["company"]) == company).FirstOrDefault();
        if (contact is not null) body["contact"] = Json.Ref(Json.Int(contact["id"])!.Value);
    }

    public static void FollowContact(Change change, JsonObject body)
    {
        if (change.Find("contacts", TicketRules.Id(body["contact"])) is not { } contact) return;
        body["contactName"] = $"{Json.Text(contact["firstName"])} {Json.Text(contact["lastName"])}".Trim();
        foreach (var item in (contact["communicationItems"] as JsonArray ?? []).Where(i => Json.Flag(i!["defaultFlag"])))
        {
            if (Json.Text(item!["communicationType"]) == "Email") body["contactEmailAddress"] = Json.Copy(item["value"]);
            if (Json.Text(item["communicationType"]) == "Phone") body["contactPhoneNumber"] = Json.Copy(item["value"]);
        }
    }

    /// <summary>A reference to the default row of a table, else to the first usable one.</summary>
    public static JsonObject? Default(Change change, string table, Func<JsonObject, bool> usable)
    {
        var row = change.All(table).Where(r => usable(r) && !Json.Flag(r["inactive"]) && !Json.Flag(r["inactiveFlag"]))
            .OrderByDescending(r => Json.Flag(r["defaultFlag"])).ThenBy(r => Json.Int(r["sortOrder"]) ?? 0).FirstOrDefault();
        return row is null ? null : new JsonObject { ["id"] = Json.Copy(row["id"]), ["name"] = Json.Copy(row["name"]) };
    }

    private static void Set(JsonObject body, string name, JsonNode? value)
    {
        if (body[name] is null && value is not null) body[name] = value;
    }
}
