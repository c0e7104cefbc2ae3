using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.Control;

/// <summary>What an administrator of the PSA may do behind an integration's back.</summary>
internal sealed class ControlSetup(Psa psa)
{
    private const string Administrator = "pmorgan";

    public JsonNode Rename(string table, int id, string member, JsonObject body)
    {
        psa.Patch(Administrator, Catalogue.Of(table), id, new JsonArray(new JsonObject { ["op"] = "replace", ["path"] = member, ["value"] = body[member]?.DeepClone() }));
        return psa.Views.Build(Catalogue.Of(table), psa.Store.Find(table, id)!.Body);
    }

    public JsonNode Delete(string table, int id)
    {
        psa.Delete(Administrator, Catalogue.Of(table), id);
        return new JsonObject { ["deleted"] = id };
    }
}
