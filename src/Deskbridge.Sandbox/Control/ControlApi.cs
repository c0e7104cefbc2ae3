using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Deskbridge.Sandbox.ConnectWisePsa;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Security;
using Deskbridge.Sandbox.ConnectWisePsa.Seed;
using Deskbridge.Sandbox.Faults;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Deskbridge.Sandbox.Control;

/// <summary>The hand that plays the technician and breaks things: <c>/_control/*</c>, for bearers of the control token.
/// Described in docs/sandbox.md.</summary>
internal sealed class ControlApi(Psa psa, Router router, FaultBook faults, Journal journal, SandboxClock clock, string token)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    public void Map(WebApplication app)
    {
        app.MapGet("/_control/switches", http => AnswerAsync(http, _ => Node(psa.Settings.Current)));
        app.MapPut("/_control/switches", http => AnswerAsync(http, SetSwitches));
        app.MapGet("/_control/faults", http => AnswerAsync(http, _ => Node(faults.Rules)));
        app.MapPost("/_control/faults", http => AnswerAsync(http, body => Node(faults.Add(body.Deserialize<FaultRule>(Options)!.Checked()))));
        app.MapDelete("/_control/faults", http => AnswerAsync(http, _ => Removed(null)));
        app.MapDelete("/_control/faults/{id:int}", http => AnswerAsync(http, _ => Removed(Id(http))));
        app.MapGet("/_control/log", ReadLogAsync);
        app.MapGet("/_control/operations", http => AnswerAsync(http, _ => new JsonArray([.. router.Routes.Select(r => (JsonNode)$"{r.Method} /{r.Template}")])));
        var cells = new RoleCells(psa.Store);
        app.MapGet("/_control/rights", http => AnswerAsync(http, _ => cells.Get(http.Request.Query["role"])));
        app.MapPut("/_control/rights", http => AnswerAsync(http, cells.Put));
        var tickets = new ControlTickets(psa);
        app.MapGet("/_control/tickets", http => AnswerAsync(http, _ => tickets.List(http.Request.Query["q"])));
        app.MapGet("/_control/tickets/{id:int}", http => AnswerAsync(http, _ => tickets.Get(Id(http))));
        app.MapPost("/_control/tickets", http => AnswerAsync(http, tickets.Create));
        app.MapPatch("/_control/tickets/{id:int}", http => AnswerAsync(http, body => tickets.Change(Id(http), body)));
        app.MapDelete("/_control/tickets/{id:int}", http => AnswerAsync(http, _ => tickets.Delete(Id(http), http.Request.Query["member"])));
        app.MapPost("/_control/tickets/{id:int}/notes", http => AnswerAsync(http, body => tickets.AddNote(Id(http), body)));
        app.MapPost("/_control/tickets/{id:int}/merge", http => AnswerAsync(http, body => tickets.Merge(Id(http), body)));
        app.MapPost("/_control/seed", http => AnswerAsync(http, Seed));
        app.MapGet("/_control/setup", http => AnswerAsync(http, _ => tickets.Setup()));
        var setup = new ControlSetup(psa);
        app.MapPut("/_control/statuses/{id:int}", http => AnswerAsync(http, body => setup.Rename("statuses", Id(http), "name", body)));
        app.MapPut("/_control/custom-fields/{id:int}", http => AnswerAsync(http, body => setup.Rename("userDefinedFields", Id(http), "caption", body)));
        app.MapDelete("/_control/custom-fields/{id:int}", http => AnswerAsync(http, _ => setup.Delete("userDefinedFields", Id(http))));
    }

    private async Task AnswerAsync(HttpContext http, Func<JsonObject, JsonNode?> work)
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
        catch (JsonException broken)
        {
            await WriteAsync(http, 400, new JsonObject { ["message"] = broken.Message });
        }
    }

    private async Task ReadLogAsync(HttpContext http)
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

    private JsonNode? SetSwitches(JsonObject body)
    {
        var merged = (JsonObject)Node(psa.Settings.Current)!;
        foreach (var (name, value) in body) merged[name] = value?.DeepClone();
        psa.Settings.Current = merged.Deserialize<Switches>(Options)!.Checked();
        journal.Append(clock.Now, [("setting", new JsonObject { ["switches"] = Node(psa.Settings.Current) })]);
        return Node(psa.Settings.Current);
    }

    private JsonNode? Removed(int? id)
    {
        faults.Remove(id);
        return Node(faults.Rules);
    }

    private JsonNode? Seed(JsonObject body)
    {
        var count = Math.Clamp(Json.Int(body["count"]) ?? 10, 1, 100_000);
        var ids = psa.Store.Commit("sburke", change => new SeedTickets(psa, change, clock.Now).AddMore(count));
        return new JsonObject { ["count"] = ids.Count, ["first"] = ids[0], ["last"] = ids[^1] };
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

    private static JsonNode? Node<T>(T value) => JsonSerializer.SerializeToNode(value, Options);

    private static int Id(HttpContext http) => int.Parse((string)http.Request.RouteValues["id"]!, CultureInfo.InvariantCulture);
}
