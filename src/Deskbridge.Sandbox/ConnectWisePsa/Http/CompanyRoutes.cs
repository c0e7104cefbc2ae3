using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>Companies merged, configurations changed in bulk, and what contacts have beside their tables (reference 5.6 and 5.7).</summary>
internal sealed class CompanyRoutes(Psa psa, ResourceEndpoint endpoint)
{
    private static readonly string[] PortalFunctions = ["Service Tickets", "Invoices", "Agreements", "Configurations", "Knowledge Base"];

    public IEnumerable<Route> All() =>
    [
        new("POST", "company/companies/{}/merge", Merge),
        new("POST", "company/configurations/bulk", (r, _) => EachOf(r, 201, item => psa.Create(r.By, Configurations, item, null))),
        new("PUT", "company/configurations/bulk", (r, _) => EachOf(r, 200, item =>
        {
            var id = Json.Int(Json.Child(item, "id")) ?? throw PsaRefusal.Invalid("companyConfiguration", "MissingRequiredField", "The id field is required.", "id");
            psa.Put(r.By, Configurations, id, item);
            return id;
        })),
        new("DELETE", "company/configurations/bulk", (r, _) => EachOf(r, 204, item =>
        {
            psa.Delete(r.By, Configurations, Json.Int(Json.Child(item, "id")) ?? 0);
            return null;
        })),
        new("PATCH", "company/configurations/{}/changeType", (r, ids) => endpoint.Patch(r, Configurations, null, Route.Id(ids[0]))),
        new("GET", "configurations/types/info", (r, _) => endpoint.List(r, Types, null, Types.Info)),
        new("GET", "configurations/types/info/count", (r, _) => endpoint.Count(r, Types, null)),
        new("GET", "configurations/types/{}/questions/info", (r, ids) => endpoint.List(r, Catalogue.Of("configurationTypeQuestions"), Route.Id(ids[0]))),
        ResourceEndpoint.Only("company/contacts/{}/portalSecurity", (_, ids) => PortalSecurity(Contact(ids))),
        new("POST", "company/contacts/validatePortalCredentials", Validate),
        new("POST", "company/contacts/requestPassword", (r, _) => RequestPassword(r)),
    ];

    private static Resource Configurations => Catalogue.Of("configurations");

    private static Resource Types => Catalogue.Of("configurationTypes");

    // Everything that names the one company names the other afterwards.
    private PsaAnswer Merge(PsaRequest request, string[] ids)
    {
        var companies = Catalogue.Of("companies");
        var from = Route.Id(ids[0]);
        if (psa.Store.Find("companies", from) is null) throw PsaRefusal.NotFound("Company", from);
        var to = Json.Int(Json.Child(request.Object(), "toCompanyId")) ?? throw PsaRefusal.Invalid("companyMerge", "MissingRequiredField", "The toCompanyId field is required.", "toCompanyId");
        var into = psa.Store.Find("companies", to) ?? throw PsaRefusal.NotFound("Company", to);
        var reference = psa.Views.Reference(companies, into.Body, "company");
        reference.Remove("_info");
        psa.Store.Commit(request.By, change =>
        {
            foreach (var resource in Catalogue.All)
            {
                var names = resource.Model.References.Where(m => m.Target == "companies" && !m.Many).Select(m => m.Name).ToList();
                if (names.Count == 0) continue;
                foreach (var row in change.All(resource.Table).Where(r => names.Exists(n => Json.Int(Json.Child(r[n], "id")) == from)).ToList())
                {
                    var body = Json.Copy(row);
                    foreach (var name in names.Where(n => Json.Int(Json.Child(body[n], "id")) == from)) body[name] = Json.Copy(reference);
                    change.Put(resource.Table, Json.Int(body["id"])!.Value, body);
                }
            }

            change.Remove("companies", from);
            return from;
        });
        return new PsaAnswer(200, new JsonObject { ["success"] = true, ["message"] = "The companies were merged." });
    }

    private PsaAnswer EachOf(PsaRequest request, int status, Func<JsonObject, int?> work)
    {
        if (request.Json() is not JsonArray items) throw PsaRefusal.BadRequest("The body must be an array of configurations.");
        return Bulk.Answer(items, status, item => work(item as JsonObject ?? throw PsaRefusal.BadRequest("A configuration must be an object.")) is { } kept
            ? psa.Views.Build(Configurations, psa.Store.Find(Configurations.Table, kept)!.Body)
            : null);
    }

    private static IEnumerable<JsonObject> PortalSecurity(JsonObject contact) =>
        PortalFunctions.Select(name => new JsonObject { ["identifier"] = name, ["enabled"] = !Json.Flag(contact["disablePortalLoginFlag"]) });

    // Contacts of the sandbox have no passwords, so none is right.
    private PsaAnswer Validate(PsaRequest request, string[] ids)
    {
        Email(request);
        return new PsaAnswer(200, new JsonObject { ["success"] = false });
    }

    private PsaAnswer RequestPassword(PsaRequest request)
    {
        var email = Email(request);
        var known = psa.Store.Rows("contacts").Any(c => (c.Body["communicationItems"] as JsonArray ?? []).Any(i => string.Equals(Json.Text(i!["value"]), email, StringComparison.OrdinalIgnoreCase)));
        return known ? new PsaAnswer(204) : throw PsaRefusal.NotFound("Contact", email);
    }

    private static string Email(PsaRequest request) => Json.Text(Json.Child(request.Object(), "email"))
        ?? throw PsaRefusal.Invalid("requestPasswordRequest", "MissingRequiredField", "The email field is required.", "email");

    private JsonObject Contact(string[] ids) => psa.Store.Find("contacts", Route.Id(ids[0]))?.Body ?? throw PsaRefusal.NotFound("Contact", ids[0]);
}
