using System.Text.Json.Nodes;

namespace Deskbridge.Sandbox.Autotask.Webhooks;

/// <summary>How far each webhook has counted and how many of its events failed in a row. The journal's lines tell it again at the next start.</summary>
internal sealed class HookState
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Sequence, int Failed)> _known = new(StringComparer.Ordinal);

    /// <summary>The number of a webhook's next event.</summary>
    public long Next(string webhook)
    {
        lock (_gate)
        {
            var (sequence, failed) = _known.GetValueOrDefault(webhook);
            _known[webhook] = (sequence + 1, failed);
            return sequence + 1;
        }
    }

    /// <summary>Takes note of an event that was delivered or given up.</summary>
    /// <returns>How many have been given up in a row.</returns>
    public int Ended(string webhook, bool delivered)
    {
        lock (_gate)
        {
            var (sequence, failed) = _known.GetValueOrDefault(webhook);
            failed = delivered ? 0 : failed + 1;
            _known[webhook] = (sequence, failed);
            return failed;
        }
    }

    /// <summary>A webhook that is switched on again starts afresh.</summary>
    public void Forget(string webhook)
    {
        lock (_gate) _known[webhook] = (_known.GetValueOrDefault(webhook).Sequence, 0);
    }

    /// <summary>Takes one line of the journal back.</summary>
    public void Replay(JsonObject line)
    {
        if ((string?)line["kind"] != "webhook") return;
        var webhook = (string)line["webhook"]!;
        lock (_gate) _known[webhook] = (Math.Max(_known.GetValueOrDefault(webhook).Sequence, (long)line["sequence"]!), _known.GetValueOrDefault(webhook).Failed);
        if ((string?)line["outcome"] is "delivered" or "dropped") Ended(webhook, (string?)line["outcome"] == "delivered");
    }
}
