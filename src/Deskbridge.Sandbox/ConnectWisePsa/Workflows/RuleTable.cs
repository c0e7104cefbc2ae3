using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Workflows;

/// <summary>What the rules of one table look at: whose records, by which name, in which statuses, with which priorities and custom fields (captions with types), and when.</summary>
internal sealed record RuleTable(Resource Resource, string Noun, string Statuses, IReadOnlyList<string> Priorities, IReadOnlyDictionary<string, string> Fields, DateTimeOffset Now)
{
    private static readonly Dictionary<string, (string Table, string Noun, string Statuses)> Known = new(StringComparer.Ordinal)
    {
        ["ServiceTicket"] = ("tickets", "Ticket", "statuses"),
        ["Activity"] = ("activities", "Activity", "activityStatuses"),
        ["Opportunity"] = ("opportunities", "Opportunity", "opportunityStatuses"),
        ["Configuration"] = ("configurations", "Configuration", "configurationStatuses"),
    };

    public bool IsTickets => Resource.Table == "tickets";

    /// <summary>The table that a workflow rule is about.</summary>
    public static RuleTable Of(Psa psa, Row workflow)
    {
        var type = psa.Store.Find("workflowTableTypes", Json.Int(Json.Child(workflow.Body["tableType"], "id")) ?? 0);
        var (table, noun, statuses) = Known[Json.Text(type?.Body["identifier"]) ?? "ServiceTicket"];
        var resource = Catalogue.Of(table);
        var priorities = table == "tickets" ? psa.Store.Rows("priorities").Select(p => Json.Text(p.Body["name"])!).OrderByDescending(p => p.Length) : Enumerable.Empty<string>();
        return new RuleTable(resource, noun, statuses, [.. priorities], psa.Views.Defined(resource).ToDictionary(f => Json.Text(f.Body["caption"])!, f => Kind(f.Body), StringComparer.Ordinal), psa.Now);
    }

    /// <summary>The type of a custom field, as rules see it.</summary>
    public static string Kind(JsonObject field) => Json.Text(field["fieldTypeIdentifier"])!;
}
