using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Deskbridge.Sandbox.Autotask;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Microsoft.AspNetCore.Http;

namespace Deskbridge.Sandbox.Control;

/// <summary>Lets bearers of the control token in, and turns bodies and refusals of both systems into JSON.</summary>
internal sealed class ControlDoor(string token)
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public async Task AnswerAsync(HttpContext http, Func<JsonObject, JsonNode?> work)
    {
        if (!await AllowedAsync(http)) return;
        try
        {
            using var sent = new MemoryStream();
            await http.Request.Body.CopyToAsync(sent, http.RequestAborted);
            var body = sent.Length == 0 ? [] : JsonBody.Read(sent.GetBuffer().AsMemory(0, (int)sent.Length)) as JsonObject ?? throw new JsonException("The body must be a JSON object.");
            await WriteAsync(http, 200, work(body));
        }
        catch (PsaRefusal refusal)
        {
            await WriteAsync(http, refusal.Status, refusal.Body());
        }
        catch (Refusal refusal)
        {
            await WriteAsync(http, 400, new JsonObject { ["message"] = refusal.Message });
        }
        catch (JsonException broken)
        {
            await WriteAsync(http, 400, new JsonObject { ["message"] = broken.Message });
        }
    }

    public async Task ReadLogAsync(HttpContext http, Journal journal)
    {
        if (!await AllowedAsync(http)) return;
        var after = long.TryParse(http.Request.Query["after"], NumberStyles.Integer, CultureInfo.InvariantCulture, out var seq) ? seq : 0;
        var limit = int.TryParse(http.Request.Query["limit"], NumberStyles.None, CultureInfo.InvariantCulture, out var most) ? Math.Clamp(most, 1, 10_000) : 100;
        var kind = http.Request.Query["kind"].ToString() is { Length: > 0 } wanted ? wanted : null;
        if (after < 0) after = Math.Max(0, journal.Last + after);
        http.Response.ContentType = "application/json; charset=utf-8";
        var lines = journal.Read(after, kind, limit);
        await http.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"{{\"last\":{journal.Last},\"items\":[{string.Join(',', lines)}]}}"), http.RequestAborted);
    }

    public static JsonNode? Node<T>(T value) => JsonSerializer.SerializeToNode(value, Options);

    /// <summary>A value with the members changed that a body names.</summary>
    public static T Merged<T>(T current, JsonObject body)
    {
        var merged = (JsonObject)Node(current)!;
        foreach (var (name, value) in body) merged[name] = value?.DeepClone();
        return merged.Deserialize<T>(Options)!;
    }

    private async Task<bool> AllowedAsync(HttpContext http)
    {
        var given = http.Request.Headers.Authorization.ToString();
        if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes("Bearer " + token))) return true;
        await WriteAsync(http, 401, new JsonObject { ["message"] = "Send the control token as 'Authorization: Bearer …'; it is in the data folder, file control-token." });
        return false;
    }

    private static async Task WriteAsync(HttpContext http, int status, JsonNode? node)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        await http.Response.Body.WriteAsync(ViewWriter.Bytes(node, $"{http.Request.Scheme}://{http.Request.Host}/v4_6_release/apis/3.0"), http.RequestAborted);
    }
}
