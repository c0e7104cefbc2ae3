using System.Globalization;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa.Contract;

/// <summary>Calls every operation that the sandbox claims and compares what comes with the vendor's model. What follows no pattern
/// is called with a body of its own; of a collection that can be written, the first record is created anew, replaced, patched and deleted.</summary>
internal sealed class ContractWalk(PsaSandbox psa, IReadOnlyList<string> operations)
{
    private const string Blank = "/{}";
    private const int MostParents = 60;

    private static readonly string[] Own = ["name", "identifier", "caption", "url", "summary"];

    private readonly Dictionary<string, List<int>> _ids = new(StringComparer.Ordinal);
    private readonly HashSet<string> _called = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _shown = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];

    public IReadOnlyList<string> Faults => _faults;

    /// <summary>The members of each model that answers showed.</summary>
    public IReadOnlyDictionary<string, HashSet<string>> Shown => _shown;

    /// <summary>The operations that were not called.</summary>
    public IEnumerable<string> Left => operations.Except(_called, StringComparer.Ordinal);

    public async Task RunAsync()
    {
        foreach (var (key, body) in ContractBodies.First) await SpecialAsync(key, body);
        foreach (var key in Claimed("GET")) await ReadAsync(key["GET ".Length..]);
        foreach (var template in Claimed("POST").Select(key => key["POST ".Length..]).Union(Claimed("DELETE").Select(key => key["DELETE ".Length..^Blank.Length]), StringComparer.Ordinal)) await CreateAsync(template);
        foreach (var key in Claimed("PUT").Concat(Claimed("PATCH"))) await ChangeExistingAsync(key[(key.IndexOf(' ', StringComparison.Ordinal) + 1)..^Blank.Length]);
        foreach (var (key, body) in ContractBodies.Last) await SpecialAsync(key, body);
    }

    private List<string> Claimed(string method) => [.. Left.Where(key => key.StartsWith(method + " ", StringComparison.Ordinal) && ContractBodies.Last.All(last => last.Key != key))];

    private async Task SpecialAsync(string key, string? body)
    {
        if (!operations.Contains(key, StringComparer.Ordinal)) _faults.Add($"{key} is not served");
        var path = (await PathsAsync(key.Split(' ')[1])).FirstOrDefault();
        if (path is null) _faults.Add($"{key}: no record to call it on");
        else await CallAsync(key, path, body == ContractBodies.Same ? (await psa.GetAsync("/" + path)).ToJsonString() : body);
        _ids.Clear();
    }

    // A list that is empty shows nothing, so the parents are tried until one has something.
    private async Task ReadAsync(string template)
    {
        var key = "GET " + template;
        foreach (var path in await PathsAsync(template))
        {
            var answer = await CallAsync(key, path + ContractBodies.Query(template), null);
            if (answer is not JsonArray { Count: 0 }) return;
        }

        if (!ContractBodies.MayBeEmpty(template)) _faults.Add($"{key}: nothing to compare");
    }

    private async Task CreateAsync(string template)
    {
        foreach (var path in await PathsAsync(template))
        {
            if ((await psa.CallAsync(HttpMethod.Get, $"/{path}?pageSize=1")).Body is not JsonArray { Count: > 0 } found) continue;
            var made = await CallAsync("POST " + template, path, Renewed((JsonObject)found[0]!).ToJsonString());
            if (made is null) return;
            await ChangeAsync(template, path, (JsonObject)made);
            if (operations.Contains($"DELETE {template}{Blank}", StringComparer.Ordinal)) await CallAsync($"DELETE {template}{Blank}", $"{path}/{made["id"]}", null);
            return;
        }

        _faults.Add($"POST {template}: no record to copy");
    }

    private async Task ChangeExistingAsync(string template)
    {
        foreach (var path in await PathsAsync(template))
        {
            if (await psa.GetAsync($"/{path}?pageSize=1") is not JsonArray { Count: > 0 } found) continue;
            await ChangeAsync(template, path, (JsonObject)found[0]!);
            return;
        }
    }

    private async Task ChangeAsync(string template, string path, JsonObject record)
    {
        var one = $"{template}{Blank}";
        if (operations.Contains("PUT " + one, StringComparer.Ordinal)) await CallAsync("PUT " + one, $"{path}/{record["id"]}", record.ToJsonString());
        if (!operations.Contains("PATCH " + one, StringComparer.Ordinal)) return;
        var patch = await MissingAsync(VendorContract.Operations["PATCH " + one].Model);
        var member = record.Where(p => p.Key is not "id" and not "_info").OrderBy(p => p.Value is not JsonValue).First().Key;
        await CallAsync("PATCH " + one, $"{path}/{record["id"]}", new JsonArray([.. patch.Append(Replacing(member, record[member]))]).ToJsonString());
    }

    // A value for every member that no answer has shown yet, so that the answer shows that it is taken and kept.
    private async Task<List<JsonObject>> MissingAsync(string model)
    {
        var patch = new List<JsonObject>();
        if (Catalogue.All.FirstOrDefault(r => r.ModelName.Equals(model, StringComparison.OrdinalIgnoreCase)) is not { } resource) return patch;
        foreach (var (name, (type, _)) in VendorContract.Models[model])
        {
            if (_shown.GetValueOrDefault(model)?.Contains(name) == true || VendorContract.IsOnlySent(model, name)) continue;
            if (resource.Model.Exact(name) is not { ReadOnly: false, WriteOnly: false } member) continue;
            var value = ContractBodies.Value($"{model}.{name}") ?? (member.Target is { } target ? await ReferenceAsync(target) : VendorContract.Sample(member.Kind == MemberKind.Number ? "num" : type));
            patch.Add(Replacing(name, member is { Kind: MemberKind.Integer, Target: not null } ? value["id"] : value));
        }

        return patch;
    }

    private static JsonObject Replacing(string path, JsonNode? value) => new() { ["op"] = "replace", ["path"] = path, ["value"] = value?.DeepClone() };

    private async Task<JsonNode> ReferenceAsync(string table)
    {
        var path = Catalogue.Of(table).Path;
        foreach (var list in path.Length == 0 ? [] : await PathsAsync(path))
        {
            if (await IdsAsync(list) is [var id, ..]) return new JsonObject { ["id"] = id };
        }

        return new JsonObject { ["id"] = 1 };
    }

    private static JsonObject Renewed(JsonObject record)
    {
        var copy = (JsonObject)record.DeepClone();
        foreach (var name in (string[])["id", "_info", "mobileGuid", "connectWiseId", "connectWiseID", "activateFlag"]) copy.Remove(name);
        foreach (var name in Own.Where(n => copy[n] is JsonValue))
        {
            var text = (string)copy[name]!;
            copy[name] = text.Length == 1 ? "Z" : text.Length < 12 ? text[..^1] + "Z" : text[..^1];
        }

        return copy;
    }

    /// <summary>The paths that a template stands for, its blanks filled with the ids of what the lists show.</summary>
    private async Task<List<string>> PathsAsync(string template)
    {
        var blank = template.LastIndexOf(Blank, StringComparison.Ordinal);
        if (blank < 0) return [template];
        var paths = new List<string>();
        foreach (var above in await PathsAsync(template[..blank]))
        {
            foreach (var id in await IdsAsync(above))
            {
                paths.Add(string.Create(CultureInfo.InvariantCulture, $"{above}/{id}{template[(blank + Blank.Length)..]}"));
                if (paths.Count == MostParents) return paths;
            }
        }

        return paths;
    }

    private async Task<List<int>> IdsAsync(string path)
    {
        path = ContractBodies.Listed.GetValueOrDefault(path, path) + ContractBodies.Query(path);
        if (_ids.TryGetValue(path, out var known)) return known;
        var (status, body) = await psa.CallAsync(HttpMethod.Get, $"/{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}pageSize=1000");
        return _ids[path] = status == 200 && body is JsonArray list ? [.. list.Select(item => (int)item!["id"]!)] : [];
    }

    private async Task<JsonNode?> CallAsync(string key, string path, string? body)
    {
        _called.Add(key);
        var (expected, model) = VendorContract.Operations[key];
        using var form = body?.StartsWith(ContractBodies.Form, StringComparison.Ordinal) == true ? Form(body[ContractBodies.Form.Length..]) : null;
        using var response = await psa.SendAsync(new HttpMethod(key.Split(' ')[0]), "/" + path, form is null ? body : null, message => message.Content = form ?? message.Content);
        var text = await response.Content.ReadAsStringAsync();
        var status = ((int)response.StatusCode).ToString(CultureInfo.InvariantCulture);
        if (expected == "2xx" ? !response.IsSuccessStatusCode : status != expected)
        {
            _faults.Add($"{key}: {path} answered {status} for {expected}: {text} to {body}");
            return null;
        }

        var answer = response.Content.Headers.ContentType?.MediaType?.Contains("json", StringComparison.Ordinal) == true && text.Length > 0 ? JsonNode.Parse(text) : null;
        _faults.AddRange(model is "-" or "str" ? [] : VendorContract.Faults(model, answer, key).Distinct(StringComparer.Ordinal));
        Note(model.Replace("[]", "", StringComparison.Ordinal), answer);
        return answer;
    }

    private void Note(string model, JsonNode? answer)
    {
        if (!_shown.TryGetValue(model, out var shown)) _shown.Add(model, shown = new(StringComparer.Ordinal));
        foreach (var record in answer is JsonArray list ? list.OfType<JsonObject>() : answer is JsonObject one ? [one] : []) shown.UnionWith(record.Select(p => p.Key));
    }

    private static MultipartFormDataContent Form(string parts)
    {
        var form = new MultipartFormDataContent { { new ByteArrayContent("Hello"u8.ToArray()), "file", "hello.txt" } };
        foreach (var part in parts.Split('&').Select(p => p.Split('='))) form.Add(new StringContent(part[1]), part[0]);
        return form;
    }
}
