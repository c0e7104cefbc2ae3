using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>The parts of schedule and time entries that are not tables (reference 5.8 and 5.9).</summary>
internal sealed class ScheduleRoutes(Psa psa, ResourceEndpoint endpoint, AuditTrail audit)
{
    private const string SchedulingMember = "identifier firstName middleInitial lastName fullName=firstName+lastName defaultEmail=primaryEmail inactiveFlag";

    public IEnumerable<Route> All() =>
    [
        new("DELETE", "schedule/entries/{}/{*}", (r, ids) => endpoint.Delete(r, Entries, null, Route.Id(ids[0]))), // the second says whether to tell the resource
        .. ResourceEndpoint.Listed("schedule/details", (_, _) => psa.Store.Rows("scheduleEntries").Where(Dated).Select(Hours)),
        new("GET", "schedule/details/{}", (_, ids) => new PsaAnswer(200, Hours(Entry(ids[0])))),
        .. ResourceEndpoint.Listed("schedule/entries/{}/details", (_, ids) => new[] { Entry(ids[0]) }.Where(Dated).Select(Detail)),
        new("GET", "schedule/entries/{}/details/{}", (_, ids) => ids[0] == ids[1] ? new PsaAnswer(200, Detail(Entry(ids[0]))) : throw PsaRefusal.NotFound("Schedule Detail", ids[1])),
        new("GET", "service/scheduling/members/info", (r, _) => endpoint.List(r, Members, null, SchedulingMember)),
        new("GET", "service/scheduling/members/info/count", (r, _) => endpoint.Count(r, Members, null)),
        new("GET", "service/scheduling/members/{}/info", (r, ids) => endpoint.Get(r, Members, null, Route.Id(ids[0]), SchedulingMember)),
        new("POST", "time/entries/{}/reject", (r, ids) => Alter(r, ids[0], entry => entry["status"] = "Rejected")),
        new("POST", "time/entries/{}/cancelReject", (r, ids) => Alter(r, ids[0], entry => entry["status"] = "Open")),
        new("POST", "time/entries/{}/detach", (r, ids) => Alter(r, ids[0], entry => entry.Remove("invoice"))), // the sandbox reads it as: from its invoice
        .. ResourceEndpoint.Listed("time/entries/{}/audits", (_, ids) => Audits(ids[0])),
        new("GET", "time/entries/{}/audits/{}", (_, ids) => new PsaAnswer(200, Audits(ids[0]).FirstOrDefault(a => Json.Text(a["id"]) == ids[1]) ?? throw PsaRefusal.NotFound("Audit", ids[1]))),
    ];

    private static Resource Entries => Catalogue.Of("scheduleEntries");

    private static Resource Members => Catalogue.Of("members");

    // An approver sets what the member who entered the time may not.
    private PsaAnswer Alter(PsaRequest request, string id, Action<JsonObject> alter)
    {
        var times = Catalogue.Of("timeEntries");
        var entry = psa.Store.Find(times.Table, Route.Id(id)) ?? throw PsaRefusal.NotFound(times.Title, id);
        psa.Store.Commit(request.By, change =>
        {
            var body = Json.Copy(entry.Body);
            alter(body);
            change.Put(times.Table, entry.Id, body);
            return entry.Id;
        });
        return endpoint.Now(request, times, entry.Id, 200);
    }

    private static bool Dated(Row entry) => entry.Body["dateStart"] is not null;

    private JsonObject Hours(Row entry)
    {
        var hours = Detail(entry);
        hours.Remove("member");
        hours["hoursScheduled"] = Json.Copy(entry.Body["hours"]);
        return hours;
    }

    private JsonObject Detail(Row entry)
    {
        var view = psa.Views.Of(Entries, entry, entry.Body);
        var detail = new JsonObject { ["id"] = entry.Id, ["scheduleEntry"] = psa.Views.Reference(Entries, entry.Body, "scheduleEntry") };
        foreach (var name in (string[])["dateStart", "dateEnd", "member", "_info"])
        {
            if (view[name] is { } value) detail[name] = value.DeepClone();
        }

        return detail;
    }

    private IEnumerable<JsonObject> Audits(string id)
    {
        if (psa.Store.Find("timeEntries", Route.Id(id)) is null) throw PsaRefusal.NotFound("Time Entry", id);
        return audit.Entries("timeEntry", id).Select((entry, i) =>
        {
            var who = psa.Store.Rows("members").FirstOrDefault(m => Json.Same(m.Body["identifier"], entry["enteredBy"]));
            return new JsonObject
            {
                ["id"] = i + 1,
                ["member"] = who is null ? null : psa.Views.Reference(Members, who.Body, "member"),
                ["source"] = "API",
                ["type"] = "TimeEntry",
                ["message"] = Json.Copy(entry["text"]),
                ["value"] = Json.Copy(entry["text"]),
                ["_info"] = new JsonObject { ["lastUpdated"] = Json.Copy(entry["enteredDate"]), ["updatedBy"] = Json.Copy(entry["enteredBy"]) },
            };
        });
    }

    private Row Entry(string id) => psa.Store.Find("scheduleEntries", Route.Id(id)) ?? throw PsaRefusal.NotFound("Schedule Entry", id);
}
