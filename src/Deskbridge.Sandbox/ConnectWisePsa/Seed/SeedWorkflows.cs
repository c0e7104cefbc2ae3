using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;

namespace Deskbridge.Sandbox.ConnectWisePsa.Seed;

/// <summary>Rules that the MSP has had for years.</summary>
internal static class SeedWorkflows
{
    public static void Add(Func<string, JsonObject, int> put)
    {
        var stale = Rule(put, "Stale tickets - remind owner", true);
        var reminder = Event(put, stale, "Ticket Actual Age is more than 72 hours and Ticket is in Assigned (responded) status", "Continuously");
        put("workflowActions", new JsonObject
        {
            ["notifyType"] = Json.Ref(2),
            ["notifyWho"] = Json.Ref(1),
            ["subject"] = "Ticket without progress for three days",
            ["parentId"] = reminder,
            ["grandParentId"] = stale,
        });
        var waiting = Rule(put, "Client did not answer - close", false);
        var closing = Event(put, waiting, "Ticket is in Waiting on client status and Ticket Actual Age is more than 336 hours", "Once");
        put("workflowActions", new JsonObject
        {
            ["notifyType"] = Json.Ref(12),
            ["boardStatus"] = Json.Ref(25),
            ["parentId"] = closing,
            ["grandParentId"] = waiting,
        });
    }

    private static int Rule(Func<string, JsonObject, int> put, string name, bool active) => put("workflows", new JsonObject
    {
        ["name"] = name,
        ["tableType"] = Json.Ref(1),
        ["location"] = Json.Ref(2),
        ["department"] = Json.Ref(10),
        ["board"] = Json.Ref(1),
        ["activateFlag"] = active,
        ["batchInterval"] = 30,
        ["batchFrequencyUnit"] = "Minutes",
        ["batchSchedule"] = "AnyTime",
        ["batchLastRan"] = active ? "2026-11-02T08:30:00Z" : null,
    });

    private static int Event(Func<string, JsonObject, int> put, int rule, string condition, string execution)
    {
        var body = new JsonObject { ["eventCondition"] = condition, ["executionTime"] = execution, ["parentId"] = rule };
        if (execution == "Continuously")
        {
            body["frequencyUnit"] = "Days";
            body["frequencyOfExecution"] = 1;
        }

        return put("workflowEvents", body);
    }
}
