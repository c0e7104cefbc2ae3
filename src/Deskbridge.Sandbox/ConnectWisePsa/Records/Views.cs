using System.Globalization;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Records;

/// <summary>Turns stored records into what the API returns: references expanded, custom fields complete, links added.
/// Links are relative here and made absolute while writing (<see cref="ViewWriter"/>).</summary>
internal sealed class Views(PsaStore store)
{
    public JsonObject Of(Resource resource, Row row, JsonObject body) => row.View(body, store.Setup, b => Build(resource, b));

    public JsonObject Build(Resource resource, JsonObject body)
    {
        var view = new JsonObject();
        foreach (var member in resource.Model.Members)
        {
            if (member.WriteOnly || member.Kind == MemberKind.Custom) continue;
            if (body[member.Name] is not { } value)
            {
                if (member.Many) view[member.Name] = new JsonArray();
                continue;
            }

            view[member.Name] = member.Kind != MemberKind.Reference || member.Target is null ? value.DeepClone()
                : member.Many ? new JsonArray([.. ((JsonArray)value).Select(v => Expand(member, v))])
                : Expand(member, value);
        }

        NameParents(view, resource, body);
        view["_info"] = Info(resource, body);
        if (resource.Model.Custom is not null) view["customFields"] = CustomFields(resource, body);
        return view;
    }

    /// <summary>A light form of a record, as <c>/info</c> routes show it: id, the named members (see <see cref="Resource.Shown"/>) and _info.</summary>
    public static JsonObject Light(JsonObject view, string shown)
    {
        var light = Named(shown, view);
        light["_info"] = Json.Copy(view["_info"]);
        return light;
    }

    /// <summary>A reference as others show it: id, the shown members and a link.</summary>
    public JsonObject Reference(Resource target, JsonObject row, string hrefName, string? shown = null)
    {
        var reference = Named(shown ?? target.Shown, row);
        if (Link(target, row) is { } link) reference["_info"] = new JsonObject { [hrefName + "_href"] = link };
        return reference;
    }

    /// <summary>The route of a record below the API's root, or null for a table whose records are not served one by one.</summary>
    public string? Link(Resource resource, JsonObject row)
    {
        if (resource.Path.Length == 0) return null;
        var parents = Parents(resource, row);
        var next = parents.Count - resource.Segments.Count(s => s == "{}"); // a route may name only the nearest of its parents
        var segments = resource.Segments.Select(s => s == "{}" ? parents[next++].ToString(CultureInfo.InvariantCulture) : s);
        var link = $"/{string.Join('/', segments)}/{Json.Int(row["id"])}";
        return resource.Verbs.Contains('G', StringComparison.Ordinal) ? link : resource.Verbs.Contains('J', StringComparison.Ordinal) ? link + "/info" : null;
    }

    private static JsonObject Named(string list, JsonObject row)
    {
        var picked = new JsonObject { ["id"] = Json.Copy(row["id"]) };
        foreach (var shown in list.Split(' '))
        {
            var (name, source) = shown.Split('=') is [var n, var s] ? (n, s) : (shown, shown);
            if (Shown(row, source) is { } value && name != "id") picked[name] = name == "name" ? Json.Text(value) : value;
        }

        return picked;
    }

    private List<int> Parents(Resource resource, JsonObject row)
    {
        if (resource.Parent is null) return [];
        var id = Json.Int(Json.At(row, resource.Parent)) ?? 0;
        var parent = Catalogue.Of(resource.ParentTable!);
        var above = parent.Parent is not null && store.Find(parent.Table, id) is { } found ? Parents(parent, found.Body) : [];
        return [.. above, id];
    }

    private JsonNode? Expand(Member member, JsonNode? value)
    {
        foreach (var table in member.Targets)
        {
            if (Json.Int(value?["id"]) is { } id && store.Find(table, id) is { } row) return Reference(Catalogue.Of(table), row.Body, member.Name, member.Shown);
        }

        return Json.Copy(value);
    }

    private static JsonNode? Shown(JsonObject row, string source) => source.Contains('+', StringComparison.Ordinal)
        ? string.Join(' ', source.Split('+').Select(s => Json.Text(row[s])).Where(t => !string.IsNullOrEmpty(t)))
        : Json.Copy(Json.At(row, source));

    // What hangs on a workflow shows the GUIDs of what it hangs on.
    private void NameParents(JsonObject view, Resource resource, JsonObject body)
    {
        var model = resource.Model;
        foreach (var name in (string[])["parentConnectWiseId", "grandParentConnectWiseId"])
        {
            if (resource.ParentTable is null || model.Exact(name) is null || store.Find(resource.ParentTable, Json.Int(Json.At(body, resource.Parent!)) ?? 0) is not { } parent) return;
            if (Json.Copy(parent.Body["connectWiseID"]) is { } guid) view[name] = guid;
            (resource, body) = (Catalogue.Of(resource.ParentTable), parent.Body);
        }
    }

    private JsonObject Info(Resource resource, JsonObject body)
    {
        var info = body["_info"] is JsonObject kept ? Json.Copy(kept) : [];
        if (resource.Children.Count == 0 || Json.Int(body["id"]) is not > 0 || Link(resource, body) is not { } link) return info;
        foreach (var child in resource.Children) info[child + "_href"] = $"{link}/{child}";
        foreach (var list in resource.Related) info[list.Split('/')[1] + "_href"] = $"/{list}?conditions={resource.ModelName}/id={Json.Int(body["id"])}";
        if (resource.PodName is { } pod)
            info["documents_href"] = $"/system/documents?recordType={pod.Replace(" ", "", StringComparison.Ordinal)}&recordId={Json.Int(body["id"])}";
        return info;
    }

    private JsonArray CustomFields(Resource resource, JsonObject body)
    {
        var values = (body["customFields"] as JsonArray ?? []).ToDictionary(v => Json.Int(v!["id"]) ?? 0, v => v!["value"]);
        var fields = new JsonArray();
        foreach (var row in Defined(resource))
        {
            var field = row.Body;
            fields.Add(new JsonObject
            {
                ["id"] = row.Id,
                ["caption"] = Json.Copy(field["caption"]),
                ["type"] = Json.Copy(field["fieldTypeIdentifier"]),
                ["entryMethod"] = Json.Copy(field["entryTypeIdentifier"]) ?? "EntryField",
                ["numberOfDecimals"] = Json.Int(field["numberDecimals"]) ?? 0,
                ["value"] = Json.Copy(values.GetValueOrDefault(row.Id)),
                ["connectWiseId"] = Json.Copy(field["connectWiseID"]),
                ["rowNum"] = fields.Count + 1,
                ["userDefinedFieldRecId"] = row.Id,
                ["podId"] = resource.PodName!.ToLowerInvariant().Replace(' ', '_') + "_overview",
            });
        }

        return fields;
    }

    /// <summary>The custom fields defined for a kind of record.</summary>
    public IEnumerable<Row> Defined(Resource resource) => store.Rows("userDefinedFields")
        .Where(r => resource.PodName is { } pod && Json.Text(r.Body["podDescription"]) == pod);
}
