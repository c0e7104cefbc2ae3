using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Security;

/// <summary>Reads the cells of members' security roles and refuses what they do not grant.</summary>
internal sealed class Rights(PsaStore store)
{
    /// <summary>The member that makes a row of a role's cells: its role.</summary>
    public const string Role = "_role";

    /// <summary>The items that a function is customised to; absent when it is not.</summary>
    public const string Items = "_items";

    /// <summary>The request, of a route with this template, as the caller's role allows it.</summary>
    /// <exception cref="PsaRefusal">403: the cell is None, or the function is customised to other items.</exception>
    public PsaRequest Checked(PsaRequest request, string method, string template) =>
        Right.Of(method, template) is not var (right, verb) ? request
        : request with { OnlyMine = Demand(request.By, right, verb) == Level.My };

    /// <summary>The level of a cell.</summary>
    /// <exception cref="PsaRefusal">403, as above.</exception>
    public Level Demand(string by, Right right, Verb verb)
    {
        if (RoleOf(by) is not { } role || Json.Flag(role.Body["adminFlag"]) || Cells(role.Id) is not { Count: > 0 } cells) return Level.All;
        var row = cells.Find(c => Json.Text(c.Body["moduleFunctionName"]) == right.Function)?.Body;
        var level = Enum.TryParse<Level>(Json.Text(row?[Column(verb)]), out var granted) ? granted : Level.None;
        var excluded = right.Item is { } item && row?[Items] is JsonArray items && !items.Any(i => Json.Text(i) == item);
        return level == Level.None || excluded ? throw PsaRefusal.Forbidden(right, verb, Json.Text(role.Body["name"])!) : level;
    }

    /// <summary>Whether a record belongs to a member: as owner, resource, member or author.</summary>
    public bool IsMine(string by, Resource resource, JsonObject body)
    {
        var me = MemberOf(by)?.Id;
        return Json.Text(Json.At(body, "_info/enteredBy")) == by
            || (resource.Table == "members" && Json.Int(body["id"]) == me)
            || (Json.Text(body["resources"]) ?? "").Split(", ").Contains(by, StringComparer.Ordinal)
            || resource.Model.References.Any(m => m.Target == "members" && Json.Int(Json.Child(body[m.Name], "id")) == me);
    }

    /// <summary>The security role of a member.</summary>
    public Row? RoleOf(string by) => MemberOf(by) is { } member && Json.Int(Json.At(member.Body, "securityRole/id")) is { } id ? store.Find("securityRoles", id) : null;

    /// <summary>The rows of a role.</summary>
    public List<Row> Cells(int role) => [.. store.Rows("securityRoleSettings").Where(r => Json.Int(r.Body[Role]) == role)];

    /// <summary>The member of a row that holds a verb's level.</summary>
    public static string Column(Verb verb) => verb switch { Verb.Add => "addLevel", Verb.Edit => "editLevel", Verb.Delete => "deleteLevel", _ => "inquireLevel" };

    private Row? MemberOf(string by) => store.Rows("members").FirstOrDefault(m => Json.Text(m.Body["identifier"]) == by);
}
