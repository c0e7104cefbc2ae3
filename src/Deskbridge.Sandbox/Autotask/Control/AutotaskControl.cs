using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.Autotask.Http;
using Deskbridge.Sandbox.Autotask.Records;
using Deskbridge.Sandbox.Autotask.Schema;
using Deskbridge.Sandbox.Autotask.Seed;
using Deskbridge.Sandbox.Control;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Json = Deskbridge.Sandbox.ConnectWisePsa.Records.Json;

namespace Deskbridge.Sandbox.Autotask.Control;

/// <summary>The hand that plays Autotask's technician and administrator: <c>/_control/autotask/*</c>. Records of every entity, picklists and
/// extension callouts too, are written by the system's own rules. Described in docs/sandbox.md.</summary>
internal sealed class AutotaskControl(Lazy<AutotaskSystem> system, ControlDoor door)
{
    private const int Shown = 200;

    private AutotaskSystem Autotask => system.Value;

    public void Map(WebApplication app)
    {
        app.MapGet("/_control/autotask/switches", http => door.AnswerAsync(http, _ => ControlDoor.Node(Autotask.Settings.Current)));
        app.MapPut("/_control/autotask/switches", http => door.AnswerAsync(http, SetSwitches));
        app.MapGet("/_control/autotask/log", http => door.ReadLogAsync(http, Autotask.Journal));
        app.MapGet("/_control/autotask/operations", http => door.AnswerAsync(http, _ => new JsonArray([.. Router.Operations.Select(o => (JsonNode)o)])));
        app.MapPost("/_control/autotask/seed", http => door.AnswerAsync(http, Seed));
        app.MapGet("/_control/autotask/records/{entity}", http => door.AnswerAsync(http, _ => List(EntityOf(http), http.Request.Query["q"].ToString())));
        app.MapPost("/_control/autotask/records/{entity}", http => door.AnswerAsync(http, body => Create(EntityOf(http), body)));
        app.MapGet("/_control/autotask/records/{entity}/{id:long}", http => door.AnswerAsync(http, _ => Get(EntityOf(http), Id(http))));
        app.MapPatch("/_control/autotask/records/{entity}/{id:long}", http => door.AnswerAsync(http, body => Change(EntityOf(http), Id(http), body)));
        app.MapDelete("/_control/autotask/records/{entity}/{id:long}", http => door.AnswerAsync(http, _ => Delete(EntityOf(http), Id(http), http.Request.Query["by"].ToString())));
    }

    private JsonNode? SetSwitches(JsonObject body)
    {
        Autotask.Settings.Current = ControlDoor.Merged(Autotask.Settings.Current, body).Checked();
        Autotask.Journal.Append(Autotask.Clock.Now, [("setting", new JsonObject { ["switches"] = ControlDoor.Node(Autotask.Settings.Current) })]);
        return ControlDoor.Node(Autotask.Settings.Current);
    }

    private JsonObject Seed(JsonObject body)
    {
        var count = Math.Clamp(Json.Int(body["count"]) ?? 10, 1, 100_000);
        var ids = Autotask.Store.Commit(new Actor(SeedPeople.Dispatcher), change => new SeedTickets(Autotask.Writer, change).AddMore(count));
        return new JsonObject { ["count"] = ids.Count, ["first"] = ids[0], ["last"] = ids[^1] };
    }

    // Newest first; what is searched is every text of the record.
    private JsonArray List(Entity entity, string search) => new([.. Autotask.Store.Rows(entity).Reverse()
        .Where(r => search.Length == 0 || r.Names.Any(n => r.Text(n)?.Contains(search, StringComparison.OrdinalIgnoreCase) == true))
        .Take(entity.IsInternal ? int.MaxValue : Shown)
        .Select(r => (JsonNode)Autotask.Views.Of(entity, r))]);

    private JsonObject Get(Entity entity, long id) =>
        Autotask.Store.Find(entity, id) is { } record ? Autotask.Views.Of(entity, record) : throw new JsonException($"There is no {entity.Singular} {id}.");

    private JsonObject Create(Entity entity, JsonObject body)
    {
        var by = Take(body);
        var parent = entity.Parent is { } link ? Json.Int(Json.Child(body, link.Field)) ?? throw new JsonException($"Name the {link.Field}.") : (long?)null;
        return Get(entity, Autotask.Writer.Create(by, entity, body, parent));
    }

    private JsonObject Change(Entity entity, long id, JsonObject body)
    {
        var by = Take(body);
        body["id"] = id;
        return Get(entity, Autotask.Writer.Update(by, entity, body, null, whole: false));
    }

    private JsonObject Delete(Entity entity, long id, string by) => new() { ["deleted"] = Autotask.Writer.Delete(Person(by), entity, id, null) };

    private Actor Take(JsonObject body)
    {
        var by = Person(Json.Text(body["by"]) ?? "");
        body.Remove("by");
        return by;
    }

    // A person by number or user name; the dispatcher when nobody is named.
    private Actor Person(string name) => name.Length == 0 ? new Actor(SeedPeople.Dispatcher)
        : new Actor(Autotask.Store.Rows(Entities.Of("Resources")).FirstOrDefault(r => r.Text("userName") == name || Values.Text(r.Id) == name)?.Id ?? throw new JsonException($"There is no resource '{name}'."));

    private static Entity EntityOf(HttpContext http) =>
        Entities.Find((string)http.Request.RouteValues["entity"]!) ?? throw new JsonException($"There is no entity '{http.Request.RouteValues["entity"]}'.");

    private static long Id(HttpContext http) => long.Parse((string)http.Request.RouteValues["id"]!, CultureInfo.InvariantCulture);
}
