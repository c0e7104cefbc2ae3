using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Rules;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>What is done to members as a whole: single sign-on, leaving, accounts on managed devices (reference 5.5).</summary>
internal sealed class MemberRoutes(Psa psa)
{
    // What a member holds that another may take over: the name in the body, the table, the reference.
    private static readonly (string Name, string Table, string Member)[] Holdings =
    [
        ("activity", "activities", "assignTo"), ("serviceTeam", "teams", "teamLeader"), ("workflowEmail", "workflowActions", "specificMemberTo"), ("ticketTemplate", "serviceTemplates", "assignedBy"),
        ("projectManager", "projects", "manager"), ("projectTimeApprover", "projects", "timeApprover"), ("projectExpenseApprover", "projects", "expenseApprover"),
        ("departmentManager", "departmentLocations", "departmentManager"), ("dispatchMember", "boards", "dispatchMember"), ("serviceManager", "boards", "serviceManagerMember"),
        ("dutyManager", "boards", "dutyManagerMember"), ("sendFromEmailNotify", "workflowActions", "specificMemberFrom"),
    ];

    private static readonly string[] NotKept =
        ["opportunity", "salesTeam", "knowledgeBaseArticle", "myCompanyPresident", "myCompanyCOO", "myCompanyController", "myCompanyDispatch", "myCompanyServiceManager", "myCompanyDutyManagerRole"];

    public IEnumerable<Route> All() =>
    [
        new("POST", "system/members/{}/deactivate", (r, ids) => Deactivate(r, Member(ids[0]).Id)),
        new("POST", "system/members/{*}/deactivateIamMember", (r, ids) => DeactivateIam(r, ids[0])),
        new("POST", "system/members/{}/linkSsoUser", (r, ids) => Link(r, Member(ids[0]).Id)),
        new("POST", "system/members/{}/unlinkSsoUser", (r, ids) => Save(r, Member(ids[0]).Id, "The single sign-on user was unlinked.", member => member.Remove("ssoSettings"))),
        new("POST", "system/members/{}/submit", (r, ids) => Submit(r, Member(ids[0]).Id)),
        new("DELETE", "system/members/{}/unusedTimeSheets", (_, ids) => NoneUnused(ids[0])),
        new("PUT", "system/members/{}/managedDeviceAccounts/bulk", (r, ids) => PutAccounts(r, Member(ids[0]).Id)),
        new("DELETE", "system/members/{}/managedDeviceAccounts/bulk", (r, ids) => DeleteAccounts(r, Member(ids[0]).Id)),
    ];

    private static Resource Accounts => Catalogue.Of("managedDeviceAccounts");

    private PsaAnswer Deactivate(PsaRequest request, int member)
    {
        var body = request.Json() as JsonObject ?? [];
        var answer = new JsonObject();
        psa.Store.Commit(request.By, change =>
        {
            foreach (var (name, table, reference) in Holdings) answer[name] = Hand(change, member, Json.Child(body, name), table, reference);
            foreach (var name in NotKept) answer[name] = new JsonObject { ["count"] = 0 };
            answer["companyTeam"] = Teams(change, member, Json.Child(body, "companyTeam") as JsonArray ?? []);
            answer["serviceStatusWorkflow"] = new JsonArray();
            answer["deleteOpenTimeSheetsFlag"] = Json.Flag(Json.Child(body, "deleteOpenTimeSheetsFlag"));
            Leave(change, member);
            return member;
        });
        return new PsaAnswer(200, answer);
    }

    // Counts what the member holds and, when somebody is named for it, gives it to them.
    private static JsonObject Hand(Change change, int member, JsonNode? wish, string table, string reference)
    {
        var held = change.All(table).Where(row => TicketRules.Id(row[reference]) == member).ToList();
        var item = new JsonObject { ["count"] = held.Count };
        if (Heir(change, wish) is not { } heir) return item;
        item["reAssignToMember"] = heir;
        foreach (var row in held) Give(change, table, row, reference, heir);
        return item;
    }

    private static JsonArray Teams(Change change, int member, JsonArray wishes)
    {
        var teams = new JsonArray();
        foreach (var row in change.All("companyTeams").Where(t => TicketRules.Id(t["member"]) == member).ToList())
        {
            var id = Json.Int(row["id"])!.Value;
            var team = new JsonObject { ["id"] = id, ["name"] = Json.Copy(change.Find("companies", TicketRules.Id(row["company"]))?["name"]), ["count"] = 1 };
            if (Heir(change, wishes.FirstOrDefault(w => Json.Int(Json.Child(w, "id")) == id)) is { } heir)
            {
                team["reAssignToMember"] = heir;
                Give(change, "companyTeams", row, "member", heir);
            }

            teams.Add(team);
        }

        return teams;
    }

    private static JsonObject? Heir(Change change, JsonNode? wish)
    {
        if (TicketRules.Id(Json.Child(wish, "reAssignToMember")) is not { } id) return null;
        var heir = change.Find("members", id) ?? throw PsaRefusal.Invalid("memberDeactivation", "NotFound", $"Member {id} not found", "reAssignToMember/id");
        return new JsonObject { ["id"] = id, ["identifier"] = Json.Copy(heir["identifier"]), ["name"] = $"{Json.Text(heir["firstName"])} {Json.Text(heir["lastName"])}" };
    }

    private static void Give(Change change, string table, JsonObject row, string reference, JsonObject heir)
    {
        var copy = Json.Copy(row);
        copy[reference] = Json.Copy(heir);
        change.Put(table, Json.Int(row["id"])!.Value, copy);
    }

    private PsaAnswer DeactivateIam(PsaRequest request, string user)
    {
        var member = psa.Store.Rows("members").FirstOrDefault(m => Json.Text(Json.Child(m.Body["ssoSettings"], "ssoUserId")) == user) ?? throw PsaRefusal.NotFound("Member", user);
        psa.Store.Commit(request.By, change => Leave(change, member.Id));
        return new PsaAnswer(201) { Bytes = [] };
    }

    private static int Leave(Change change, int member)
    {
        var body = Json.Copy(change.Find("members", member)!);
        body["inactiveFlag"] = true;
        body["inactiveDate"] ??= Json.Stamp(change.Now);
        change.Put("members", member, body);
        return member;
    }

    private PsaAnswer Link(PsaRequest request, int member)
    {
        if (Json.Text(Json.Child(request.Object(), "ssoUserId")) is not { Length: > 0 and <= 100 } user)
            throw PsaRefusal.Invalid("memberLinkSsoUser", "InvalidField", "The field ssoUserId must be a string with a length of 1 to 100.", "ssoUserId");
        return Save(request, member, "The single sign-on user was linked.", body => body["ssoSettings"] = new JsonObject { ["id"] = member, ["ssoUserId"] = user });
    }

    private PsaAnswer Submit(PsaRequest request, int member) => Json.Text(Json.Child(request.Object(), "token")) is { Length: > 0 }
        ? Save(request, member, "The token was submitted.", _ => { })
        : throw PsaRefusal.Invalid("memberSsoToken", "MissingRequiredField", "The token field is required.", "token");

    private PsaAnswer Save(PsaRequest request, int member, string message, Action<JsonObject> alter)
    {
        psa.Store.Commit(request.By, change =>
        {
            var body = Json.Copy(change.Find("members", member)!);
            alter(body);
            change.Put("members", member, body);
            return member;
        });
        return new PsaAnswer(200, new JsonObject { ["success"] = true, ["message"] = message });
    }

    // The sandbox keeps no time sheets, so none is unused.
    private PsaAnswer NoneUnused(string member)
    {
        Member(member);
        return new PsaAnswer(204);
    }

    private PsaAnswer PutAccounts(PsaRequest request, int member)
    {
        if (request.Json() is not JsonArray items) throw PsaRefusal.BadRequest("The body must be an array of accounts.");
        return Bulk.Answer(items, 200, item =>
        {
            var account = item as JsonObject ?? throw PsaRefusal.BadRequest("An account must be an object.");
            var id = Json.Int(Json.Child(account, "id")) is { } kept and > 0 ? Account(member, kept) : psa.Create(request.By, Accounts, account, member);
            if (Json.Int(Json.Child(account, "id")) == id) psa.Put(request.By, Accounts, id, account);
            return psa.Views.Build(Accounts, psa.Store.Find(Accounts.Table, id)!.Body);
        });
    }

    private PsaAnswer DeleteAccounts(PsaRequest request, int member)
    {
        if (Json.Child(request.Object(), "ids") is not JsonArray ids) throw PsaRefusal.Invalid("idCollection", "MissingRequiredField", "The ids field is required.", "ids");
        return Bulk.Answer(ids, 204, item =>
        {
            psa.Delete(request.By, Accounts, Account(member, Json.Int(item) ?? 0));
            return null;
        });
    }

    private int Account(int member, int id) => psa.Store.Find(Accounts.Table, id) is { } row && Json.Int(row.Body[Accounts.Parent!]) == member ? id : throw PsaRefusal.NotFound(Accounts.Title, id);

    private Row Member(string id) => psa.Store.Find("members", Route.Id(id)) ?? throw PsaRefusal.NotFound("Member", id);
}
