using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Workflows;

/// <summary>The values of custom fields that an action sets: their routes follow no table's pattern (reference 7.1).</summary>
internal sealed class ActionFieldRoutes(Psa psa, ResourceEndpoint endpoint)
{
    private const string Root = "system/workflows/userdefinedfields";

    public IEnumerable<Route> All() =>
    [
        ResourceEndpoint.Only(Root + "/events/actions", (_, _) => Of(_ => true)),
        ResourceEndpoint.Only(Root + "/events/{}/actions/{}", (_, ids) => Of(row => Json.Text(row["eventId"]) == ids[0] && Json.Text(row["actionId"]) == ids[1])),
        new("POST", Root + "/events/{}", Add),
        new("DELETE", Root + "/actions/{}", Remove),
    ];

    private static Resource Fields => Catalogue.Of("workflowActionFields");

    private IEnumerable<JsonObject> Of(Func<JsonObject, bool> wanted) =>
        psa.Store.Rows(Fields.Table).Where(r => wanted(r.Body)).Select(r => psa.Views.Of(Fields, r, r.Body));

    private PsaAnswer Add(PsaRequest request, string[] ids)
    {
        var input = request.Object();
        var actionId = Json.Int(Json.Child(input, "actionId")) ?? throw PsaRefusal.Invalid(Fields.ModelName, "MissingRequiredField", "The actionId field is required.", "actionId");
        if (psa.Store.Find("workflowActions", actionId) is not { } action || Json.Text(action.Body["parentId"]) != ids[0]) throw PsaRefusal.NotFound("Workflow Action", actionId);
        return endpoint.Now(request, Fields, psa.Create(request.By, Fields, input, null), 201);
    }

    private PsaAnswer Remove(PsaRequest request, string[] ids)
    {
        var action = Route.Id(ids[0]);
        if (psa.Store.Find("workflowActions", action) is null) throw PsaRefusal.NotFound("Workflow Action", action);
        psa.Store.Commit(request.By, change =>
        {
            foreach (var row in change.All(Fields.Table).Where(r => Json.Int(r["actionId"]) == action).ToList()) change.Remove(Fields.Table, Json.Int(row["id"])!.Value);
            return action;
        });
        return new PsaAnswer(204);
    }
}
