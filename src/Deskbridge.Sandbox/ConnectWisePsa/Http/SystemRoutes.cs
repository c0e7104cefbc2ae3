using System.Globalization;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;
using Deskbridge.Sandbox.ConnectWisePsa.Security;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>System information, the caller and its rights, impersonation, links and the audit trail (reference 1.3, 5.5, 5.10).</summary>
internal sealed class SystemRoutes(Psa psa, ResourceEndpoint endpoint, Authentication authentication, AuditTrail audit, Rights rights)
{
    // What a member sees of itself leaves out what only its administrator sees.
    private static readonly HashSet<string> NotOnMyAccount =
    [
        "adminFlag", "enableLdapAuthenticationFlag", "excludedProjectBoardIds", "excludedServiceBoardIds", "hourlyCost", "hourlyRate", "ldapConfiguration", "ldapUserName",
        "restrictDefaultSalesTerritoryFlag", "restrictDefaultWarehouseBinFlag", "restrictDefaultWarehouseFlag", "restrictDepartmentFlag", "restrictLocationFlag",
        "restrictProjectDefaultDepartmentFlag", "restrictProjectDefaultLocationFlag", "restrictScheduleFlag", "restrictServiceDefaultDepartmentFlag",
        "restrictServiceDefaultLocationFlag", "securityLocation", "securityRole", "ssoSettings", "structureLevel", "teams",
    ];

    private static readonly HashSet<string> NotOnMyMember =
    [
        "autoPopupQuickNotesWithStopwatch", "autoStartStopwatch", "clientId", "customFields", "globalSearchDefaultSort", "globalSearchDefaultTicketFilter", "memberPersonas",
        "office365", "partnerPortalFlag", "phoneIntegrationType", "phoneSource", "primaryEmail", "signature", "ssoSettings", "stsUserAdminUrl", "teams", "token", "useBrowserLanguageFlag",
    ];

    private const string MyMember = "timeZone useBrowserLanguageFlag defaultLocation defaultDepartment workRole workType dailyCapacity requireExpenseEntryFlag "
        + "requireTimeSheetEntryFlag requireStartAndEndTimeOnTimeEntryFlag enterTimeAgainstCompanyFlag allowExpensesEnteredAgainstCompaniesFlag "
        + "serviceDefaultBoard serviceDefaultLocation serviceDefaultDepartment restrictServiceDefaultLocationFlag restrictServiceDefaultDepartmentFlag "
        + "excludedServiceBoardIds projectDefaultLocation projectDefaultDepartment projectDefaultBoard restrictProjectDefaultLocationFlag "
        + "restrictProjectDefaultDepartmentFlag excludedProjectBoardIds scheduleDefaultLocation scheduleDefaultDepartment scheduleCapacity "
        + "serviceLocation salesDefaultLocation warehouse warehouseBin restrictDefaultWarehouseFlag restrictDefaultWarehouseBinFlag";

    public IEnumerable<Route> All() =>
    [
        new("GET", "system/info", (_, _) => new PsaAnswer(200, Info())),
        ResourceEndpoint.Only("system/mySecurity", (r, _) => MySecurity(r.By)),
        ResourceEndpoint.Only("system/mySecurity/customizeItems", (r, _) => CustomizeItems(r.By)),
        new("GET", "system/myMembers", (r, _) => new PsaAnswer(200, Mine(Without(View(ByIdentifier(r.By)), NotOnMyMember)))),
        new("GET", "system/myMembers/info", (r, _) => new PsaAnswer(200, Mine(Views.Light(View(ByIdentifier(r.By)), $"{Members.Info} {MyMember}")))),
        new("GET", "system/myAccount/{}", (_, ids) => MyAccount(ids)),
        new("PUT", "system/myAccount/{}", PutMyAccount),
        new("PATCH", "system/myAccount/{}", (r, ids) => After(endpoint.Patch(r, Members, null, Route.Id(ids[0])), ids)),
        new("GET", "system/members/{*}", (r, ids) => endpoint.Get(r, Members, null, ByIdentifier(ids[0]))),
        new("GET", "system/info/members/{*}", (r, ids) => endpoint.Get(r, Members, null, ByIdentifier(ids[0]), Members.Info)),
        ResourceEndpoint.Only("system/members/withSso", (_, _) => psa.Store.Rows("members").Where(m => m.Body["ssoSettings"] is not null).Select(m => psa.Views.Of(Members, m, m.Body))),
        ResourceEndpoint.Only("system/members/calendarsync", (_, _) => psa.Store.Rows("members").Select(CalendarSync)),
        new("POST", "system/members/{*}/tokens", (_, ids) => Token(ids[0])),
        .. ResourceEndpoint.Listed("system/audittrail", (r, _) => audit.Entries(r["type"], r["id"])),
        new("POST", "system/info/links/{}/resolveurl", Resolve),
        ResourceEndpoint.Only("service/info/boards/active", (_, _) => psa.Store.Rows("boards").Where(b => !Json.Flag(b.Body["inactiveFlag"])).Select(b => Light("boards", b))),
        .. ResourceEndpoint.Listed("service/teams", (_, _) => Teams()),
        new("GET", "service/teams/{}", (_, ids) => new PsaAnswer(200, Teams().FirstOrDefault(t => Json.Text(t["id"]) == ids[0]) ?? throw PsaRefusal.NotFound("Service Team", ids[0]))),
        .. Infos("service/priority", "priorities"),
        .. Infos("service/slas", "slas"),
        new("GET", "service/priorities/{}/image", (_, ids) => PriorityImage.Of((psa.Store.Find("priorities", Route.Id(ids[0])) ?? throw PsaRefusal.NotFound("Priority", ids[0])).Body)),
        ResourceEndpoint.Only("system/customFieldInfos", (_, _) => psa.Store.Rows("userDefinedFields").Select(CustomFieldInfo)),
    ];

    private static Resource Members => Catalogue.Of("members");

    private Route[] Infos(string path, string table) =>
    [
        new("GET", path + "/info", (r, _) => endpoint.List(r, Catalogue.Of(table), null, Catalogue.Of(table).Info)),
        new("GET", path + "/{}/info", (r, ids) => endpoint.Get(r, Catalogue.Of(table), null, Route.Id(ids[0]), Catalogue.Of(table).Info)),
    ];

    private JsonObject Info() => new()
    {
        ["version"] = $"v{psa.Settings.Current.Version}.118731",
        ["isCloud"] = psa.Settings.Current.CloudCompanyInfo,
        ["serverTimeZone"] = "Eastern Standard Time",
        ["licenseBits"] = new JsonArray(new JsonObject { ["name"] = "Service", ["activeFlag"] = true }, new JsonObject { ["name"] = "Project", ["activeFlag"] = true }),
        ["cloudRegion"] = psa.Settings.Current.CloudCompanyInfo ? "NA" : "", // never null, says the data file
        ["maxWorkFlowRecordsAllowed"] = 1000,
    };

    private IEnumerable<JsonObject> MySecurity(string by)
    {
        var cells = Catalogue.Of("securityRoleSettings");
        var me = psa.Views.Reference(Members, psa.Store.Find("members", ByIdentifier(by))!.Body, "member");
        var role = rights.RoleOf(by);
        var rows = role is null || Json.Flag(role.Body["adminFlag"])
            ? RoleCells.Everything(0).Select((row, i) => { row["id"] = i + 1; return psa.Views.Build(cells, row); })
            : rights.Cells(role.Id).Select(row => Json.Copy(psa.Views.Of(cells, row, row.Body)));
        return rows.Select(row => { row["member"] = me.DeepClone(); return row; });
    }

    private IEnumerable<JsonObject> CustomizeItems(string by) => rights.RoleOf(by) is not { } role ? [] :
        from row in rights.Cells(role.Id)
        let table = Json.Text(row.Body["moduleFunctionName"]) == Right.TableSetup.Function
        from item in row.Body[Rights.Items] as JsonArray ?? []
        select new JsonObject { ["id"] = row.Id, ["customizeIdentifier"] = table ? "SystemTableSetup" : "ServiceResourceScheduling", ["itemIdentifier"] = Json.Copy(item) };

    // The vendor's shape is not known: a custom field as records show it, without a value.
    private static JsonObject CustomFieldInfo(Row field) => new()
    {
        ["id"] = field.Id,
        ["caption"] = Json.Copy(field.Body["caption"]),
        ["type"] = Json.Copy(field.Body["fieldTypeIdentifier"]),
        ["entryMethod"] = Json.Copy(field.Body["entryTypeIdentifier"]),
        ["numberOfDecimals"] = Json.Int(field.Body["numberDecimals"]) ?? 0,
        ["connectWiseId"] = Json.Copy(field.Body["connectWiseID"]),
        ["_info"] = Json.Copy(field.Body["_info"]),
    };

    private PsaAnswer MyAccount(string[] ids) => new(200, Without(View(Route.Id(ids[0])), NotOnMyAccount));

    // The hidden members stay as they are.
    private PsaAnswer PutMyAccount(PsaRequest request, string[] ids)
    {
        var (input, view) = (request.Object(), View(Route.Id(ids[0])));
        foreach (var name in NotOnMyAccount) input[name] = Json.Copy(view[name]);
        psa.Put(request.By, Members, Route.Id(ids[0]), input);
        return MyAccount(ids);
    }

    private IEnumerable<JsonObject> Teams() => psa.Store.Rows("teams").Select(team =>
    {
        var view = psa.Views.Of(Catalogue.Of("teams"), team, team.Body);
        var light = Views.Light(view, "name leader=teamLeader deleteNotifyFlag=notifyOnTicketDelete");
        if (psa.Store.Find("locations", Json.Int(view["locationId"]) ?? 0) is { } location) light["location"] = psa.Views.Reference(Catalogue.Of("locations"), location.Body, "location");
        if (psa.Store.Find("departments", Json.Int(view["businessUnitId"]) ?? 0) is { } unit) light["department"] = psa.Views.Reference(Catalogue.Of("departments"), unit.Body, "department");
        return light;
    });

    private PsaAnswer After(PsaAnswer answer, string[] ids) => answer with { Json = MyAccount(ids).Json };

    private static JsonObject CalendarSync(Row member) => new()
    {
        ["id"] = member.Id,
        ["memberId"] = Json.Copy(member.Body["identifier"]),
        ["office365Id"] = Json.Copy(Json.Child(member.Body["office365"], "id")) ?? "",
        ["mapiName"] = Json.Copy(member.Body["mapiName"]) ?? "",
        ["calendarSyncIntegrationFlag"] = Json.Flag(member.Body["calendarSyncIntegrationFlag"]),
    };

    private PsaAnswer Token(string identifier)
    {
        if (int.TryParse(identifier, NumberStyles.None, CultureInfo.InvariantCulture, out var id)) identifier = Json.Text(View(id)["identifier"])!;
        ByIdentifier(identifier);
        var (publicKey, privateKey) = authentication.Token(identifier);
        return new PsaAnswer(200, new JsonObject { ["publicKey"] = publicKey, ["privateKey"] = privateKey, ["expiration"] = "2099-12-31T00:00:00Z" });
    }

    private PsaAnswer Resolve(PsaRequest request, string[] ids)
    {
        var link = psa.Store.Find("links", Route.Id(ids[0])) ?? throw PsaRefusal.NotFound("Link", ids[0]);
        var record = Json.Int(Json.Child(request.Object(), "referenceId")) ?? throw PsaRefusal.Invalid("linkResolveUrlInfo", "MissingRequiredField", "The referenceId field is required.", "referenceId");
        var url = (Json.Text(link.Body["url"]) ?? "").Replace("[id]", record.ToString(CultureInfo.InvariantCulture), StringComparison.OrdinalIgnoreCase);
        return new PsaAnswer(201, new JsonObject { ["referenceId"] = record, ["url"] = url });
    }

    private JsonObject Light(string table, Row row) => Views.Light(psa.Views.Of(Catalogue.Of(table), row, row.Body), Catalogue.Of(table).Info!);

    private JsonObject View(int member)
    {
        var row = psa.Store.Find("members", member) ?? throw PsaRefusal.NotFound("Member", member);
        return psa.Views.Of(Members, row, row.Body);
    }

    // Nobody signs in to the sandbox by single sign-on.
    private static JsonObject Mine(JsonObject me)
    {
        me["ssoSessionFlag"] = false;
        return me;
    }

    private static JsonObject Without(JsonObject view, HashSet<string> names)
    {
        var rest = Json.Copy(view);
        foreach (var name in names) rest.Remove(name);
        return rest;
    }

    private int ByIdentifier(string identifier) => psa.Store.Rows("members")
        .FirstOrDefault(m => string.Equals(Json.Text(m.Body["identifier"]), identifier, StringComparison.OrdinalIgnoreCase))?.Id
        ?? throw PsaRefusal.NotFound("Member", identifier);
}
