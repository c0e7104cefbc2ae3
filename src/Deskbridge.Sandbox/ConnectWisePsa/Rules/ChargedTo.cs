using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Rules;

/// <summary>What time and expenses are charged to: the record that <c>chargeToType</c> and <c>chargeToId</c> name must be there (reference 5.9).</summary>
internal static class ChargedTo
{
    private static readonly Dictionary<string, string> Tables = new(StringComparer.Ordinal)
    {
        ["Company"] = "companies",
        ["ServiceTicket"] = "tickets",
        ["ProjectTicket"] = "projectTickets",
        ["ChargeCode"] = "chargeCodes",
        ["Activity"] = "activities",
    };

    /// <summary>The record charged, or null when none is named.</summary>
    /// <exception cref="PsaRefusal">It does not exist.</exception>
    public static JsonObject? Find(Change change, JsonObject body, string model)
    {
        if (Json.Int(body["chargeToId"]) is not { } id || Json.Text(body["chargeToType"]) is not { } type) return null;
        return change.Find(Tables[type], id) ?? throw PsaRefusal.Invalid(model, "NotFound", $"{Catalogue.Of(Tables[type]).Title} {id} not found", "chargeToId");
    }
}

/// <summary>An expense is charged to something that is there, and open until somebody approves it.</summary>
internal sealed class ExpenseRules : RecordRules
{
    public override void Complete(Change change, JsonObject body, JsonObject? before)
    {
        ChargedTo.Find(change, body, "expenseEntry");
        body["status"] ??= "Open";
    }
}
