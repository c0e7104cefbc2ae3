using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>Tickets made from templates.</summary>
internal sealed class TemplateRoutes(Psa psa)
{
    private static readonly (string Ticket, string Template)[] Members =
    [
        ("summary", "summary"), ("board", "board"), ("type", "type"), ("subType", "subtype"), ("item", "item"), ("status", "status"), ("source", "source"), ("priority", "priority"), ("team", "team"),
        ("contact", "contact"), ("site", "site"), ("location", "location"), ("department", "department"), ("serviceLocation", "serviceLocation"), ("severity", "severity"), ("impact", "impact"),
        ("agreement", "agreement"), ("budgetHours", "hoursBudget"), ("poNumber", "purchaseOrderNumber"), ("initialDescription", "problem"), ("initialInternalAnalysis", "internalAnalysis"),
        ("initialResolution", "resolution"),
    ];

    public IEnumerable<Route> All() => [new("POST", "service/templates/{}/generate", Generate)];

    private PsaAnswer Generate(PsaRequest request, string[] ids)
    {
        var template = psa.Store.Find("serviceTemplates", Route.Id(ids[0])) ?? throw PsaRefusal.NotFound("Service Template", ids[0]);
        psa.Store.Commit(request.By, change =>
        {
            var input = new JsonObject { ["company"] = Json.Copy(template.Body["company"]) ?? Json.Ref(Json.Int(change.All("companies").First()["id"])!.Value) };
            foreach (var (ticket, member) in Members.Where(m => template.Body[m.Template] is not null)) input[ticket] = Json.Copy(template.Body[member]);
            input["summary"] ??= Json.Copy(template.Body["name"]);
            var made = psa.Create(change, Catalogue.Of("tickets"), input, null);
            foreach (var task in change.All("serviceTemplateTasks").Where(t => Json.Int(t["templateId"]) == template.Id).ToList())
                psa.Create(change, Catalogue.Of("tasks"), new JsonObject { ["notes"] = Json.Copy(task["notes"]), ["code"] = Json.Copy(task["code"]), ["priority"] = Json.Copy(task["sequenceNumber"]) }, made);
            return made;
        });
        return new PsaAnswer(200, new JsonObject { ["serviceCount"] = 1, ["scheduleCount"] = 0 });
    }
}
