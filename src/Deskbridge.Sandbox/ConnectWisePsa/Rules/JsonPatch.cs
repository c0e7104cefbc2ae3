using System.Globalization;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Rules;

/// <summary>Applies a PATCH body (reference 4.3) to a copy of a record and tells which members it names.</summary>
internal static class JsonPatch
{
    private const int MostOperations = 1_000;

    public static HashSet<string> Apply(Resource resource, JsonNode? body, JsonObject record)
    {
        if (body is JsonArray { Count: > MostOperations }) throw PsaRefusal.BadRequest($"A PATCH body may hold at most {MostOperations} operations.");
        if (body is not JsonArray operations) throw PsaRefusal.BadRequest("A PATCH body must be an array of operations.");
        var named = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in operations)
        {
            if (item is not JsonObject operation) throw PsaRefusal.BadRequest("A PATCH operation must be an object with op, path and value.");
            var path = (Json.Text(operation["path"]) ?? "").TrimStart('/').Split('/');
            var op = Json.Text(operation["op"]);
            if (op is not ("add" or "replace" or "remove")) throw PsaRefusal.BadRequest($"The operation '{op}' is not one of add, replace, remove.");
            if (resource.Model.Exact(path[0]) is not { } member)
                throw PsaRefusal.Invalid(resource.ModelName, "InvalidField", $"The path '{string.Join('/', path)}' does not exist.", string.Join('/', path));
            named.Add(member.Name);
            Apply(record, member, path, op, op == "remove" ? null : Json.Copy(operation["value"]));
        }

        return named;
    }

    private static void Apply(JsonObject record, Member member, string[] path, string op, JsonNode? value)
    {
        if (path.Length == 1) record[member.Name] = value;
        else if (member is { Kind: MemberKind.Reference, Many: false }) IntoReference(record, member, path[1], value);
        else Into(record, path, op, value);
    }

    // The vendor warns that company/identifier answers 200 and changes nothing; id and the other identifiers work in practice.
    private static void IntoReference(JsonObject record, Member member, string part, JsonNode? value)
    {
        if (member.Name == "company" && part != "id") return;
        record[member.Name] = value is null ? null : new JsonObject { [part] = value };
    }

    private static void Into(JsonNode record, ReadOnlySpan<string> path, string op, JsonNode? value)
    {
        var node = record;
        foreach (var name in path[..^1])
        {
            node = node is JsonArray list ? list[Index(name, list.Count - 1)] : (node as JsonObject)?[name];
            if (node is not (JsonObject or JsonArray)) throw PsaRefusal.BadRequest($"The path '{string.Join('/', path.ToArray())}' does not exist.");
        }

        var last = path[^1];
        if (node is not JsonArray array)
        {
            if (op == "remove") ((JsonObject)node).Remove(last);
            else node[last] = value;
        }
        else if (op == "remove") array.RemoveAt(Index(last, array.Count - 1));
        else if (op == "replace") array[Index(last, array.Count - 1)] = value;
        else if (last == "-") array.Add(value);
        else array.Insert(Index(last, array.Count), value);
    }

    private static int Index(string text, int largest) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index <= largest
            ? index
            : throw PsaRefusal.BadRequest($"The index '{text}' is outside the list.");
}
