using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;
using Deskbridge.Sandbox.ConnectWisePsa.Security;

namespace Deskbridge.Sandbox.ConnectWisePsa.Seed;

/// <summary>Fills an empty PSA with a believable MSP, in one commit, with dates in the past, and gives one that an earlier version filled what has come since.</summary>
internal sealed class Seeder(Psa psa, SandboxClock clock, string apiMember, string documents)
{
    private const string By = "pmorgan";

    private static readonly string[] Tables = [SeedNames.Rows, SeedTables.Lookups, SeedDetails.Rows];

    public void Fill()
    {
        if (psa.Store.Rows("boards").Length == 0) FillEmpty();
        else Complete();
    }

    private void FillEmpty() => psa.Store.Commit(By, change =>
    {
        var start = clock.Now.AddDays(-400);
        Table(change, start, SeedNames.Rows);
        Table(change, start, SeedTables.Lookups);
        Table(change, start, SeedTables.People(apiMember));
        foreach (var row in SeedTables.Roles.SelectMany(RoleCells.Everything)) Put(change, start, "securityRoleSettings", row);
        SeedBoards.Add((table, body) => Put(change, start, table, body));
        SeedCompanies.Add((table, body) => Put(change, start, table, body));
        Table(change, start, SeedTables.CustomFields);
        SeedWorkflows.Add((table, body) => Put(change, start, table, body));
        Table(change, start, SeedDetails.Rows);
        new SeedTickets(psa, change, clock.Now).Add();
        new SeedDocuments(change, clock.Now, documents).Add();
        return 0;
    }, keepsStamps: true);

    /// <summary>Tables that never had a record, and the functions that the seeded roles have no row for: without one a role is refused everything there.</summary>
    private void Complete() => psa.Store.Commit(By, change =>
    {
        var start = clock.Now.AddDays(-400);
        foreach (var text in Tables) Table(change, start, text, table => !psa.Store.Table(table).WasUsed);
        foreach (var role in SeedTables.Roles)
        {
            var there = change.All("securityRoleSettings").Where(row => Json.Int(row[Rights.Role]) == role).Select(row => Json.Text(row["moduleFunctionName"])).ToHashSet(StringComparer.Ordinal);
            foreach (var row in RoleCells.Everything(role).Where(row => !there.Contains(Json.Text(row["moduleFunctionName"])))) Put(change, start, "securityRoleSettings", row);
        }

        return 0;
    }, keepsStamps: true);

    private static void Table(Change change, DateTimeOffset at, string text, Func<string, bool>? wanted = null)
    {
        foreach (var (table, rows) in (JsonObject)JsonNode.Parse(text)!)
        {
            if (wanted?.Invoke(table) == false) continue;
            foreach (var row in (JsonArray)rows!) Put(change, at, table, Json.Copy((JsonObject)row!));
        }
    }

    private static int Put(Change change, DateTimeOffset at, string table, JsonObject body)
    {
        foreach (var member in Catalogue.Of(table).Model.Members)
        {
            if (member is { Kind: MemberKind.Flag, WriteOnly: false } && body[member.Name] is null) body[member.Name] = false;
        }

        body["_info"] ??= Stamps(at, By);
        return change.Add(table, body);
    }

    /// <summary>The _info of a record written in the past.</summary>
    public static JsonObject Stamps(DateTimeOffset at, string by) => new()
    {
        ["dateEntered"] = Json.Stamp(at),
        ["enteredBy"] = by,
        ["lastUpdated"] = Json.Stamp(at),
        ["updatedBy"] = by,
    };
}
