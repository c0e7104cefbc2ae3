using System.Globalization;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Query;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>System information, the caller, light lists, impersonation and the audit trail (reference 1.3, 5.5, 5.10).</summary>
internal sealed class SystemRoutes(Psa psa, ResourceEndpoint endpoint, Authentication authentication, AuditTrail audit)
{
    // The rights that the integration's manual asks for, plus neighbours a real role lists.
    private static readonly (string Module, string Function)[] Rights =
    [
        ("Companies", "Company Maintenance"), ("Companies", "Configurations"), ("Companies", "Contacts"), ("Companies", "Manage Documents"),
        ("Service Desk", "Close Service Tickets"), ("Service Desk", "Resource Scheduling"), ("Service Desk", "Service Ticket Dependencies"),
        ("Service Desk", "Service Tickets"), ("Service Desk", "Ticket Templates"), ("System", "API Reports"), ("System", "Member Maintenance"),
        ("System", "My Account"), ("System", "Table Setup"), ("Time & Expense", "Time Entry"),
    ];

    private static readonly string[] Customized = ["General / Custom Fields", "General / Workflow Rules", "Service / Service Board"];

    public IEnumerable<SpecialRoute> All() =>
    [
        new("GET", "system/info", (_, _) => new PsaAnswer(200, Info())),
        new("GET", "system/mySecurity", (r, _) => ResourceEndpoint.Page(r, [.. MySecurity(r)], r["orderBy"])),
        new("GET", "system/mySecurity/customizeItems", (r, _) => ResourceEndpoint.Page(r, CustomizeItems(), null)),
        new("GET", "system/myMembers", (r, _) => endpoint.Now(r, Members, Me(r), 200)),
        new("GET", "system/myMembers/info", (r, _) => new PsaAnswer(200, Light(Body(Me(r))))),
        new("GET", "system/myAccount/{}", (r, ids) => endpoint.One(r, Members, null, Id(ids[0]))),
        new("GET", "system/members/{*}", (r, ids) => endpoint.One(r, Members, null, ByIdentifier(ids[0]))),
        new("GET", "system/info/members", (r, _) => LightList(r)),
        new("GET", "system/info/members/count", (r, _) => new PsaAnswer(200, new JsonObject { ["count"] = LightMembers(r).Count })),
        new("GET", "system/info/members/{*}", (_, ids) => new PsaAnswer(200, Light(Body(IdOrIdentifier(ids[0]))))),
        new("GET", "system/info/locations", (r, _) => endpoint.Collection(r, Catalogue.Of("locations"), null)),
        new("GET", "system/info/departments", (r, _) => endpoint.Collection(r, Catalogue.Of("departments"), null)),
        new("POST", "system/members/{*}/tokens", (_, ids) => Token(ids[0])),
        new("GET", "system/audittrail", (r, _) => ResourceEndpoint.Page(r, audit.Entries(r["type"], r["id"]), null)),
        new("GET", "system/audittrail/count", (r, _) => new PsaAnswer(200, new JsonObject { ["count"] = audit.Entries(r["type"], r["id"]).Count })),
        new("GET", "service/priority/info", (r, _) => endpoint.Collection(r, Catalogue.Of("priorities"), null)),
    ];

    private static Resource Members => Catalogue.Of("members");

    private JsonObject Info() => new()
    {
        ["version"] = $"v{psa.Settings.Current.Version}.118731",
        ["isCloud"] = psa.Settings.Current.CloudCompanyInfo,
        ["serverTimeZone"] = "Eastern Standard Time",
        ["licenseBits"] = new JsonArray(new JsonObject { ["name"] = "Service", ["activeFlag"] = true }, new JsonObject { ["name"] = "Project", ["activeFlag"] = true }),
        ["cloudRegion"] = psa.Settings.Current.CloudCompanyInfo ? "NA" : null,
        ["maxWorkFlowRecordsAllowed"] = 1000,
    };

    private IEnumerable<JsonObject> MySecurity(PsaRequest request)
    {
        var me = psa.Views.Reference(Members, Body(Me(request)), "member");
        for (var i = 0; i < Rights.Length; i++)
        {
            var (module, function) = Rights[i];
            yield return new JsonObject
            {
                ["id"] = i + 1,
                ["addLevel"] = "All",
                ["editLevel"] = "All",
                ["deleteLevel"] = "All",
                ["inquireLevel"] = "All",
                ["moduleFunctionName"] = function,
                ["moduleFunctionDescription"] = function,
                ["myAllFlag"] = true,
                ["moduleFunctionIdentifier"] = function.Replace(" ", "", StringComparison.Ordinal),
                ["reportFlag"] = false,
                ["restrictFlag"] = false,
                ["customFlag"] = function == "Table Setup",
                ["moduleDescription"] = module,
                ["moduleIdentifier"] = module.Replace(" ", "", StringComparison.Ordinal),
                ["moduleName"] = module,
                ["sortOrder"] = i + 1,
                ["member"] = me.DeepClone(),
            };
        }
    }

    private int IdOrIdentifier(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : ByIdentifier(text);

    private static List<JsonObject> CustomizeItems() =>
    [
        .. Customized.Select((name, i) =>
            new JsonObject { ["id"] = i + 1, ["moduleFunctionName"] = "Table Setup", ["description"] = name, ["allowFlag"] = true }),
    ];

    private PsaAnswer LightList(PsaRequest request) => ResourceEndpoint.Page(request, LightMembers(request), request["orderBy"]);

    private List<JsonObject> LightMembers(PsaRequest request)
    {
        var filter = new Filter(Members.Model, request["conditions"], null, null);
        return [.. psa.Store.Rows("members").Select(r => Light(r.Body)).Where(filter.Matches)];
    }

    private static JsonObject Light(JsonObject member)
    {
        var light = new JsonObject();
        foreach (var name in (string[])["id", "identifier", "firstName", "middleInitial", "lastName", "licenseClass", "inactiveFlag", "officeEmail", "title"])
        {
            if (member[name] is { } value) light[name] = value.DeepClone();
        }

        light["fullName"] = $"{Json.Text(member["firstName"])} {Json.Text(member["lastName"])}";
        return light;
    }

    private PsaAnswer Token(string identifier)
    {
        ByIdentifier(identifier);
        var (publicKey, privateKey) = authentication.Token(identifier);
        return new PsaAnswer(200, new JsonObject { ["publicKey"] = publicKey, ["privateKey"] = privateKey, ["expiration"] = "2099-12-31T00:00:00Z" });
    }

    private JsonObject Body(int id) => psa.Store.Find("members", id)?.Body ?? throw PsaRefusal.NotFound("Member", id);

    private int Me(PsaRequest request) => ByIdentifier(request.By);

    private int ByIdentifier(string identifier) => psa.Store.Rows("members")
        .FirstOrDefault(m => string.Equals(Json.Text(m.Body["identifier"]), identifier, StringComparison.OrdinalIgnoreCase))?.Id
        ?? throw PsaRefusal.NotFound("Member", identifier);

    private static int Id(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
