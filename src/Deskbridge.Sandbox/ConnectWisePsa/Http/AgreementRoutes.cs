using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>The panels of an agreement's screen, its invoices, and counts of what the sandbox does not keep.</summary>
internal sealed class AgreementRoutes(Psa psa)
{
    public IEnumerable<Route> All() =>
    [
        new("GET", "finance/agreements/{}/applicationParameters/{}", (_, ids) => new PsaAnswer(200, Application(Agreement(ids[0])))),
        new("GET", "finance/agreements/{}/recurringParameters/{}", (_, ids) => new PsaAnswer(200, Recurring(Agreement(ids[0])))),
        new("POST", "finance/agreements/{}/invoice", (r, ids) => Invoice(r, Row("agreements", ids[0]))),
        None("finance/agreements/{}/quickAccess/count", "agreements"),
        None("company/configurations/{}/quickAccess/count", "configurations"),
        None("company/companies/{}/surveys/count", "companies"),
    ];

    private Route None(string template, string table) => new("GET", template, (_, ids) =>
    {
        Row(table, ids[0]);
        return ResourceEndpoint.Counted(0);
    });

    private static JsonObject Application(JsonObject agreement)
    {
        var panel = new JsonObject
        {
            ["applicationUnit"] = Choice("agreement", "applicationUnits", agreement),
            ["applicationLimit"] = new JsonObject { ["id"] = Json.Flag(agreement["applicationUnlimitedFlag"]) ? 1 : 2, ["name"] = Json.Flag(agreement["applicationUnlimitedFlag"]) ? "Unlimited" : "Limited" },
            ["applicationLimitAmount"] = Json.Copy(agreement["applicationLimit"]) ?? 0,
            ["availablePer"] = Choice("agreement", "applicationCycle", agreement),
            ["carryOverDays"] = Json.Copy(agreement["expiredDays"]) ?? 0,
            ["overrunLimit"] = Json.Copy(agreement["limit"]) ?? 0,
            ["agrBillingCycle"] = Named(agreement["billingCycle"]),
            ["userDefinedFieldValues"] = Values(agreement),
        };
        foreach (var (name, source) in ((string, string)[])[("coversTimeFlag", "coverAgreementTime"), ("coversExpensesFlag", "coverAgreementExpense"), ("coversProductsFlag", "coverAgreementProduct"),
            ("coversTaxFlag", "coverSalesTax"), ("carryoverUnusedFlag", "carryOverUnused"), ("allowOverrunsFlag", "allowOverruns"), ("agreementExpiresFlag", "expireWhenZero"),
            ("chargeAdjustmentsFlag", "chargeToFirm"), ("prepayFlag", "oneTimeFlag")])
            panel[name] = Json.Flag(agreement[source]);
        return panel;
    }

    private static JsonObject Recurring(JsonObject agreement)
    {
        var amount = agreement["billAmount"] is { } billed ? Json.Number(billed) : 0;
        var panel = new JsonObject
        {
            ["billingCycle"] = Named(agreement["billingCycle"]),
            ["cycleBase"] = Choice("agreement", "invoicingCycle", agreement),
            ["aGRAmount"] = amount,
            ["childrenAmount"] = 0,
            ["additionsAmount"] = 0,
            ["totalAmount"] = amount,
            ["aGRProrate"] = Json.Copy(agreement["prorateFirstBill"]) ?? 0,
            ["billStartDate"] = Json.Copy(agreement["billStartDate"] ?? agreement["startDate"]),
            ["taxCode"] = Named(agreement["taxCode"]),
            ["terms"] = Named(agreement["billingTerms"]),
            ["currency"] = Named(agreement["currency"]),
            ["userDefinedFieldValues"] = Values(agreement),
        };
        foreach (var (name, source) in ((string, string)[])[("taxable", "taxable"), ("prorateFlag", "prorateFlag"), ("invoiceProratedAdditionsFlag", "invoiceProratedAdditionsFlag"),
            ("restrictDownpayment", "restrictDownPayment"), ("autoInvoiceFlag", "autoInvoiceFlag")])
            panel[name] = Json.Flag(agreement[source]);
        return panel;
    }

    // Invoices themselves are not kept: an agreement counts its own.
    private PsaAnswer Invoice(PsaRequest request, Row agreement) => new(201, JsonValue.Create(psa.Store.Commit(request.By, change =>
    {
        var body = Json.Copy(change.Find("agreements", agreement.Id)!);
        var count = (Json.Int(body["_invoices"]) ?? 0) + 1;
        body["_invoices"] = count;
        change.Put("agreements", agreement.Id, body);
        return (agreement.Id * 1000) + count;
    })));

    private static JsonObject Choice(string model, string member, JsonObject agreement)
    {
        var choices = Catalogue.All.First(r => r.ModelName == model).Model.Exact(member)!.Choices;
        var chosen = Json.Text(agreement[member]) ?? choices[0];
        return new JsonObject { ["id"] = choices.ToList().IndexOf(chosen) + 1, ["tag"] = chosen, ["name"] = chosen };
    }

    private static JsonObject? Named(JsonNode? reference) => reference is null ? null : new JsonObject { ["id"] = Json.Copy(Json.Child(reference, "id")), ["name"] = Json.Copy(Json.Child(reference, "name")) };

    private static JsonArray Values(JsonObject agreement) => new([.. (agreement["customFields"] as JsonArray ?? []).Select((field, i) => (JsonNode)new JsonObject
    {
        ["userDefinedFieldRecId"] = Json.Copy(field!["id"]),
        ["value"] = Json.Text(field["value"]),
        ["rowNum"] = i + 1,
        ["skipLocationAndBillingUnit"] = false,
        ["filtered"] = false,
    })]);

    private JsonObject Agreement(string id)
    {
        var row = Row("agreements", id);
        return psa.Views.Of(Catalogue.Of("agreements"), row, row.Body);
    }

    private Row Row(string table, string id) => psa.Store.Find(table, Route.Id(id)) ?? throw PsaRefusal.NotFound(Catalogue.Of(table).Title, id);
}
