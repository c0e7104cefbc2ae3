using System.Text.Json;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;

namespace Deskbridge.Sandbox.ConnectWisePsa.Security;

/// <summary>The cells of a role in the words of the vendor's screen: <c>"Service Tickets": "None/All/None/All"</c> for Add, Edit,
/// Delete and Inquire. An administrator sets them, here through the control API.</summary>
internal sealed class RoleCells(PsaStore store)
{
    private const string Administrator = "pmorgan";

    private static readonly Verb[] Columns = [Verb.Add, Verb.Edit, Verb.Delete, Verb.Inquire];

    /// <summary>The rows of a new role: everything granted.</summary>
    public static IEnumerable<JsonObject> Everything(int role) => Right.Functions.Select((right, i) => Row(role, right, i + 1));

    public JsonNode Get(string? role)
    {
        var found = Found(role);
        var rows = new Rights(store).Cells(found.Id);
        return new JsonObject
        {
            ["role"] = Json.Copy(found.Body["name"]),
            ["cells"] = new JsonObject(rows.Select(r => KeyValuePair.Create(Name(r.Body), (JsonNode?)string.Join('/', Columns.Select(c => Json.Text(r.Body[Rights.Column(c)])))))),
            ["customized"] = new JsonObject(rows.Where(r => r.Body[Rights.Items] is not null).Select(r => KeyValuePair.Create(Name(r.Body), Json.Copy(r.Body[Rights.Items])))),
        };
    }

    /// <summary>Sets the cells that are named; with <c>others</c> all the rest too.</summary>
    /// <exception cref="JsonException">A function or a level is not known.</exception>
    public JsonNode Put(JsonObject body)
    {
        var role = Found(Json.Text(body["role"]));
        var cells = Named(body["cells"], Levels);
        var customized = Named(body["customized"], items => (items as JsonArray)?.DeepClone());
        var others = body["others"] is { } rest ? Levels(rest) : null;
        store.Commit(Administrator, change =>
        {
            foreach (var right in Right.Functions)
            {
                var kept = change.All("securityRoleSettings").FirstOrDefault(r => Json.Int(r[Rights.Role]) == role.Id && Name(r) == right.Function);
                var row = kept is null ? Row(role.Id, right, change.All("securityRoleSettings").Count() + 1) : Json.Copy(kept);
                if ((cells.GetValueOrDefault(right.Function) ?? others) is string[] levels)
                {
                    for (var i = 0; i < Columns.Length; i++) row[Rights.Column(Columns[i])] = levels[i];
                }

                if (customized.TryGetValue(right.Function, out var items)) row[Rights.Items] = Json.Copy(items);
                row["customFlag"] = row[Rights.Items] is JsonArray;
                if (kept is null) change.Add("securityRoleSettings", row);
                else change.Put("securityRoleSettings", Json.Int(row["id"])!.Value, row);
            }

            return 0;
        });
        return Get(Json.Text(role.Body["name"]));
    }

    private static Dictionary<string, T> Named<T>(JsonNode? node, Func<JsonNode?, T> read) =>
        (node as JsonObject ?? []).ToDictionary(p => Known(p.Key), p => read(p.Value), StringComparer.Ordinal);

    // The vendor's pages write "Service Ticket - Dependencies", its screens without the dash.
    private static string Known(string function) =>
        Right.Functions.FirstOrDefault(r => Letters(r.Function).Equals(Letters(function), StringComparison.OrdinalIgnoreCase))?.Function
        ?? throw new JsonException($"The function '{function}' is not one of {string.Join(", ", Right.Functions.Select(r => r.Function))}.");

    private static string Letters(string text) => string.Concat(text.Where(char.IsLetter));

    private static string[] Levels(JsonNode? node)
    {
        var levels = (Json.Text(node) ?? "").Split('/', StringSplitOptions.TrimEntries);
        return levels.Length == Columns.Length && levels.All(l => Enum.TryParse<Level>(l, out _))
            ? levels
            : throw new JsonException($"'{Json.Text(node)}' is not four of None, My, All for Add/Edit/Delete/Inquire, such as None/All/None/All.");
    }

    private Row Found(string? role) => store.Rows("securityRoles").FirstOrDefault(r => Json.Text(r.Body["name"]) == (role ?? "API Integration"))
        ?? throw new JsonException($"There is no security role '{role}'.");

    private static string Name(JsonObject row) => Json.Text(row["moduleFunctionName"])!;

    private static JsonObject Row(int role, Right right, int order)
    {
        var row = new JsonObject { [Rights.Role] = role };
        foreach (var column in Columns) row[Rights.Column(column)] = nameof(Level.All);
        foreach (var name in (string[])["moduleFunctionName", "moduleFunctionDescription"]) row[name] = right.Function;
        foreach (var name in (string[])["moduleName", "moduleDescription"]) row[name] = right.Module;
        row["moduleFunctionIdentifier"] = Letters(right.Function);
        row["moduleIdentifier"] = Letters(right.Module);
        row["myAllFlag"] = true;
        row["sortOrder"] = order;
        return row;
    }
}
