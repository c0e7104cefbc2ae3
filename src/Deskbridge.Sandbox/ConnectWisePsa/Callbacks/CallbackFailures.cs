using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;

namespace Deskbridge.Sandbox.ConnectWisePsa.Callbacks;

/// <summary>Since when each callback entry has only failed (reference 8.4). The journal's lines of deliveries tell it again at the next start.</summary>
internal sealed class CallbackFailures
{
    private static readonly TimeSpan Patience = TimeSpan.FromDays(3);

    private readonly Lock _gate = new();
    private readonly Dictionary<int, DateTimeOffset> _since = [];

    /// <summary>Takes note of the answer to one delivery.</summary>
    /// <returns>Whether the entry has failed for so long that it is to be disabled.</returns>
    public bool Answered(int entry, int status, DateTimeOffset at)
    {
        lock (_gate)
        {
            if (status is < 200 or >= 300) return !_since.TryAdd(entry, at) && at - _since[entry] >= Patience;
            _since.Remove(entry);
            return false;
        }
    }

    /// <summary>An entry that is written anew, disabled or deleted starts afresh.</summary>
    public void Forget(int entry)
    {
        lock (_gate) _since.Remove(entry);
    }

    /// <summary>Takes one line of the journal back.</summary>
    public void Replay(JsonObject line)
    {
        if ((string?)line["kind"] == "commit" && (string?)line["table"] == "callbacks") Forget((int)line["id"]!);
        if ((string?)line["kind"] == "callback" && (string?)line["outcome"] == "sent" && Json.Int(line["entry"]) is { } entry)
            Answered(entry, (int)line["status"]!, Json.Instant(line["time"])!.Value);
    }
}
