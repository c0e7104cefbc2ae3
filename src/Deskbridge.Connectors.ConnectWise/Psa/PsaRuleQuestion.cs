using System.Text.Json;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>Has ConnectWise test an event: <c>GET /system/workflows/{rule}/events/{event}/test</c> answers the records that match.</summary>
internal sealed class PsaRuleQuestion(PsaClient client)
{
    /// <summary>More matches than this are no rule that anybody wants to be paged by.</summary>
    private const int MostPages = 10;

    /// <summary>One call, and one more for every thousand matches.</summary>
    /// <exception cref="ConnectorRejectedException">ConnectWise does not test the event, or it matches without end.</exception>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset?>> AskAsync(InboundEvent inbound, CancellationToken cancel)
    {
        var matched = new Dictionary<string, DateTimeOffset?>(StringComparer.Ordinal);
        for (var page = 1; page <= MostPages; page++)
        {
            var known = matched.Count;
            var rows = await client.PageAsync(
                $"system/workflows/{PsaMap.Number(inbound.RuleId)}/events/{PsaMap.Number(inbound.Id)}/test",
                new() { Fields = "id,_info", Page = page, PageSize = PsaQuery.LargestPage },
                Row,
                cancel);
            foreach (var (id, changed) in rows) matched[id] = changed;

            // A server that does not page gives everything, and gives it again.
            if (rows.Count != PsaQuery.LargestPage || matched.Count == known) return matched;
        }

        throw new ConnectorRejectedException($"Event {inbound.Id} of the workflow rule \"{inbound.Rule}\" matches more than {MostPages * PsaQuery.LargestPage} tickets. Narrow its condition.");
    }

    private static (string Id, DateTimeOffset? Changed) Row(JsonElement record) => PsaMap.Text(record, "id") is { Length: > 0 } id
        ? (id, PsaMap.Instant(PsaMap.Text(PsaMap.Member(record, "_info"), "lastUpdated")))
        : throw new ConnectorRejectedException("ConnectWise's test of the event names no ticket ids, so its answer cannot be used.");
}
