using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
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
internal sealed class ControlApi(Psa psa, Router router, FaultBook faults, Journal journal, SandboxClock clock, ControlDoor door)
{
    public void Map(WebApplication app)
    {
        app.MapGet("/_control/switches", http => door.AnswerAsync(http, _ => ControlDoor.Node(psa.Settings.Current)));
        app.MapPut("/_control/switches", http => door.AnswerAsync(http, SetSwitches));
        app.MapGet("/_control/faults", http => door.AnswerAsync(http, _ => ControlDoor.Node(faults.Rules)));
        app.MapPost("/_control/faults", http => door.AnswerAsync(http, body => ControlDoor.Node(faults.Add(body.Deserialize<FaultRule>(ControlDoor.Options)!.Checked()))));
        app.MapDelete("/_control/faults", http => door.AnswerAsync(http, _ => Removed(null)));
        app.MapDelete("/_control/faults/{id:int}", http => door.AnswerAsync(http, _ => Removed(Id(http))));
        app.MapGet("/_control/log", http => door.ReadLogAsync(http, journal));
        app.MapGet("/_control/operations", http => door.AnswerAsync(http, _ => new JsonArray([.. router.Routes.Select(r => (JsonNode)$"{r.Method} /{r.Template}")])));
        var cells = new RoleCells(psa.Store);
        app.MapGet("/_control/rights", http => door.AnswerAsync(http, _ => cells.Get(http.Request.Query["role"])));
        app.MapPut("/_control/rights", http => door.AnswerAsync(http, cells.Put));
        var tickets = new ControlTickets(psa);
        app.MapGet("/_control/tickets", http => door.AnswerAsync(http, _ => tickets.List(http.Request.Query["q"])));
        app.MapGet("/_control/tickets/{id:int}", http => door.AnswerAsync(http, _ => tickets.Get(Id(http))));
        app.MapPost("/_control/tickets", http => door.AnswerAsync(http, tickets.Create));
        app.MapPatch("/_control/tickets/{id:int}", http => door.AnswerAsync(http, body => tickets.Change(Id(http), body)));
        app.MapDelete("/_control/tickets/{id:int}", http => door.AnswerAsync(http, _ => tickets.Delete(Id(http), http.Request.Query["member"])));
        app.MapPost("/_control/tickets/{id:int}/notes", http => door.AnswerAsync(http, body => tickets.AddNote(Id(http), body)));
        app.MapPost("/_control/tickets/{id:int}/merge", http => door.AnswerAsync(http, body => tickets.Merge(Id(http), body)));
        app.MapPost("/_control/seed", http => door.AnswerAsync(http, Seed));
        app.MapGet("/_control/setup", http => door.AnswerAsync(http, _ => tickets.Setup()));
        var setup = new ControlSetup(psa);
        app.MapPut("/_control/statuses/{id:int}", http => door.AnswerAsync(http, body => setup.Rename("statuses", Id(http), "name", body)));
        app.MapPut("/_control/custom-fields/{id:int}", http => door.AnswerAsync(http, body => setup.Rename("userDefinedFields", Id(http), "caption", body)));
        app.MapDelete("/_control/custom-fields/{id:int}", http => door.AnswerAsync(http, _ => setup.Delete("userDefinedFields", Id(http))));
    }

    private JsonNode? SetSwitches(JsonObject body)
    {
        psa.Settings.Current = ControlDoor.Merged(psa.Settings.Current, body).Checked();
        journal.Append(clock.Now, [("setting", new JsonObject { ["switches"] = ControlDoor.Node(psa.Settings.Current) })]);
        return ControlDoor.Node(psa.Settings.Current);
    }

    private JsonNode? Removed(int? id)
    {
        faults.Remove(id);
        return ControlDoor.Node(faults.Rules);
    }

    private JsonNode? Seed(JsonObject body)
    {
        var count = Math.Clamp(Json.Int(body["count"]) ?? 10, 1, 100_000);
        var ids = psa.Store.Commit("sburke", change => new SeedTickets(psa, change, clock.Now).AddMore(count));
        return new JsonObject { ["count"] = ids.Count, ["first"] = ids[0], ["last"] = ids[^1] };
    }

    private static int Id(HttpContext http) => int.Parse((string)http.Request.RouteValues["id"]!, CultureInfo.InvariantCulture);
}
