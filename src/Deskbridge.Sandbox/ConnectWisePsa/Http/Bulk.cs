using System.Text.Json.Nodes;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>The answer of a call on many records: what became of each, in the order sent.</summary>
internal static class Bulk
{
    private const int MultiStatus = 207;

    public static PsaAnswer Answer(IEnumerable<JsonNode?> items, int status, Func<JsonNode?, JsonObject?> work)
    {
        var results = new JsonArray();
        foreach (var item in items)
        {
            var result = new JsonObject { ["originalIndex"] = results.Count };
            try
            {
                var data = work(item);
                (result["success"], result["statusCode"]) = (true, status);
                if (data is not null) result["data"] = data;
            }
            catch (PsaRefusal refusal)
            {
                (result["success"], result["statusCode"], result["error"]) = (false, refusal.Status, refusal.Body());
            }

            results.Add(result);
        }

        return new PsaAnswer(MultiStatus, new JsonObject { ["payload"] = results, ["_info"] = new JsonObject() });
    }
}
