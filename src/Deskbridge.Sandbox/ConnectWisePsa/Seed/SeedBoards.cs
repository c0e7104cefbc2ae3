using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;

namespace Deskbridge.Sandbox.ConnectWisePsa.Seed;

/// <summary>Four boards. The second repeats status names under other ids and lacks one; the third is for internal work, the fourth for projects.</summary>
internal static class SeedBoards
{
    private sealed record Status(int Id, string Name, string Escalation, bool Closed = false, bool Default = false);

    public static void Add(Func<string, JsonObject, int> put)
    {
        Board(put, 1, "Service Desk", [
            new(16, "New (not responded)", "NotResponded", Default: true),
            new(17, "New (email connector)", "NotResponded"),
            new(18, "In Progress (plan of action)", "ResolutionPlan"),
            new(20, "Assigned (responded)", "Responded"),
            new(21, "Waiting on client", "NoEscalation"),
            new(22, "Waiting on vendor", "NoEscalation"),
            new(23, "Completed (to be reviewed)", "Resolved"),
            new(24, "Closed (resolved)", "Resolved", Closed: true),
            new(25, "Closed (no response)", "Resolved", Closed: true)]);
        Board(put, 2, "Network Operations", [
            new(31, "New (not responded)", "NotResponded", Default: true),
            new(32, "In Progress (plan of action)", "ResolutionPlan"),
            new(34, "Monitoring", "NoEscalation"),
            new(35, "Closed (resolved)", "Resolved", Closed: true)]);
        Board(put, 3, "Internal", [
            new(41, "New", "NotResponded", Default: true),
            new(42, "Working", "Responded"),
            new(43, "Done", "Resolved", Closed: true)]);
        Board(put, 4, "Projects", [
            new(51, "New", "NotResponded", Default: true),
            new(52, "In Progress", "ResolutionPlan"),
            new(53, "Completed", "Resolved", Closed: true)], project: true);
        Types(put, 1, [(8, "Incident"), (9, "Service Request"), (10, "Change")], [(1, "Backup"), (2, "Email"), (3, "Network"), (4, "Workstation")], [(1, "Access"), (2, "Failure"), (3, "Slow")]);
        Types(put, 2, [(14, "Alert"), (15, "Maintenance")], [(11, "Connectivity"), (12, "Server")], [(11, "Down"), (12, "Threshold")]);
        Types(put, 3, [(21, "Task")], [], []);
        Types(put, 4, [(31, "Project Task")], [(31, "Setup")], [(31, "Hardware")]);
        Team(put, 25, 1, "Service Team", 171, [176, 179, 180]);
        Team(put, 26, 1, "After Hours", 176, [176, 183]);
        Team(put, 27, 2, "NOC", 183, [183, 179]);
        Team(put, 28, 3, "Office", 186, [186, 171]);
    }

    private static void Board(Func<string, JsonObject, int> put, int id, string name, IReadOnlyList<Status> statuses, bool project = false)
    {
        put("boards", new JsonObject
        {
            ["id"] = id,
            ["name"] = name,
            ["location"] = Json.Ref(2),
            ["department"] = Json.Ref(10),
            ["billTime"] = "Billable",
            ["dispatchMember"] = Json.Ref(186),
            ["serviceManagerMember"] = Json.Ref(171),
            ["problemSort"] = "Ascending",
            ["projectFlag"] = project,
        });
        for (var i = 0; i < statuses.Count; i++)
        {
            var status = statuses[i];
            put("statuses", new JsonObject
            {
                ["id"] = status.Id,
                ["name"] = status.Name,
                ["board"] = new JsonObject { ["id"] = id, ["name"] = name },
                ["sortOrder"] = i + 1,
                ["displayOnBoard"] = !status.Closed,
                ["closedStatus"] = status.Closed,
                ["timeEntryNotAllowed"] = status.Closed,
                ["defaultFlag"] = status.Default,
                ["escalationStatus"] = status.Escalation,
                ["customerPortalDescription"] = status.Name.Split('(')[0].Trim(),
            });
        }
    }

    private static void Types(Func<string, JsonObject, int> put, int board, (int Id, string Name)[] types, (int Id, string Name)[] subTypes, (int Id, string Name)[] items)
    {
        foreach (var (id, name) in types)
            put("types", Named(id, name, board, ("category", "Reactive"), ("defaultFlag", id == types[0].Id), ("requestForChangeFlag", name == "Change")));
        foreach (var (id, name) in subTypes)
            put("subTypes", Named(id, name, board, ("typeAssociationIds", new JsonArray([.. types.Select(t => (JsonNode)t.Id)]))));
        foreach (var (id, name) in items) put("items", Named(id, name, board));
        foreach (var type in types)
        {
            foreach (var subType in subTypes)
            {
                foreach (var item in items)
                {
                    put("associations", new JsonObject
                    {
                        ["type"] = Json.Ref(type.Id),
                        ["subType"] = Json.Ref(subType.Id),
                        ["item"] = Json.Ref(item.Id),
                        ["board"] = Json.Ref(board),
                    });
                }
            }
        }
    }

    private static JsonObject Named(int id, string name, int board, params (string Name, JsonNode Value)[] more)
    {
        var row = new JsonObject { ["id"] = id, ["name"] = name, ["board"] = Json.Ref(board) };
        foreach (var (member, value) in more) row[member] = value;
        return row;
    }

    private static void Team(Func<string, JsonObject, int> put, int id, int board, string name, int leader, int[] members) => put("teams", new JsonObject
    {
        ["id"] = id,
        ["name"] = name,
        ["teamLeader"] = Json.Ref(leader),
        ["members"] = new JsonArray([.. members.Select(m => (JsonNode)m)]),
        ["defaultFlag"] = id is 25 or 27 or 28,
        ["boardId"] = board,
        ["locationId"] = 2,
        ["businessUnitId"] = 10,
    });
}
