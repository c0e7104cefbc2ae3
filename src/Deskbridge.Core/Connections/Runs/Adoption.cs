using Deskbridge.Connectors;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Connections.Runs;

/// <summary>
/// Fields and rules that were there before a connection and that it would use: those of an installation of SIGNL4, or of another hub
/// (engine.md §6.11). They are used as they are, after a person's word; Remove leaves them.
/// </summary>
internal static class Adoption
{
    /// <summary>What a run calls such a step.</summary>
    public const string Outcome = "adopts";

    /// <summary>The steps whose object is neither this connection's own nor known to it from an earlier Install.</summary>
    public static async Task<IReadOnlyList<ProvisionStep>> AmongAsync(HubStore store, Guid connectionId, ProvisionPlan plan, CancellationToken cancel)
    {
        var known = await store.ReadAsync(db => db.InstalledObjects.Where(thing => thing.ConnectionId == connectionId).ToDictionaryAsync(thing => thing.Role, StringComparer.Ordinal, cancel), cancel);
        return [.. plan.Steps.Where(step => step.ExistingId is { } id && !IsKnown(known.GetValueOrDefault(step.Role), id))];
    }

    /// <summary>What is told of such a step.</summary>
    public static string Describe(ProvisionStep step) =>
        $"{step.Description} (id {step.ExistingId}) It was there before this connection: it is used as it is, and Remove leaves it.{(step.Differs is { } differs ? " " + differs : "")}";

    /// <summary>Tells what other programs have there, which stays as it is.</summary>
    public static async Task TellOfOthersAsync(RunScope run, ProvisionPlan plan, CancellationToken cancel)
    {
        foreach (var theirs in plan.OfOthers) await run.AddAsync("Another program", "kept", theirs, null, cancel);
    }

    /// <summary>What a person must know before they say yes.</summary>
    public static string Ask(int count) =>
        $"{(count == 1 ? "1 object was" : $"{count} objects were")} there before this connection and would be used as {(count == 1 ? "it is" : "they are")}; the steps name {(count == 1 ? "it" : "each")}. "
        + "Open tickets that carry the marker are linked in its state and page nobody. Switch the program off that made them, such as SIGNL4's connector: with both at work a ticket pages twice, and each overwrites the other's marks. Then confirm.";

    /// <summary>An id that is empty belongs to a step that was begun and cut off: what is found then is our own.</summary>
    private static bool IsKnown(InstalledObject? row, string id) => row is not null && (row.RemoteId == id || (row.Created && row.RemoteId.Length == 0));
}
