using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;
using Deskbridge.Sandbox.ConnectWisePsa.Security;

namespace Deskbridge.Sandbox.ConnectWisePsa.Seed;

/// <summary>Fills an empty PSA with a believable MSP, in one commit, with dates in the past.</summary>
internal sealed class Seeder(Psa psa, SandboxClock clock, string apiMember, string documents)
{
    private const string By = "pmorgan";

    public void Fill() => psa.Store.Commit(By, change =>
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

    private static void Table(Change change, DateTimeOffset at, string text)
    {
        foreach (var (table, rows) in (JsonObject)JsonNode.Parse(text)!)
        {
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
