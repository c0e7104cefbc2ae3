using Deskbridge.Connectors;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Connections.Runs;

/// <summary>Takes away what this connection created and nobody changed since (engine.md §10). Custom fields go only when that was confirmed.</summary>
internal sealed class RunRemove(ConnectorPool pool, RemovalPreview preview, RemovalRule rule, ConnectionChanges changes, HubStore store, TimeProvider clock) : IRun
{
    public ConnectionRunKind Kind => ConnectionRunKind.Remove;

    public async Task<RunResult> RunAsync(RunScope run, CancellationToken cancel)
    {
        var live = await pool.FindInAnyStateAsync(run.ConnectionId, cancel) ?? throw new ConnectorNotFoundException("The connection was removed already.");
        var what = await preview.ReadAsync(live, cancel);
        if (run.Request.DeleteFields && run.Request.ConfirmedTickets != what.TicketsWithValues)
        {
            return new RunResult(
                false,
                $"Nothing was removed: {what.TicketsWithValues} tickets hold a value in the custom fields, but {run.Request.ConfirmedTickets} were confirmed. Confirm the present number.");
        }

        await SetStateAsync(run.ConnectionId, ConnectionState.Disabled, cancel);
        await run.SetTotalAsync(what.Objects.Count + 1, cancel);
        await run.AddAsync("Callbacks", "removed", await CallbackHeal.RemoveAsync(live, cancel), null, cancel);
        var kept = 0;
        foreach (var thing in what.Objects) kept += await RemoveAsync(run, live, thing, cancel) ? 0 : 1;
        await SetStateAsync(run.ConnectionId, ConnectionState.Removed, cancel);
        return new RunResult(true, kept == 0 ? "Removed, with everything it had created." : $"Removed; {(kept == 1 ? "1 object was kept, with its reason" : $"{kept} objects were kept, each with its reason")} above.");
    }

    private async Task<bool> RemoveAsync(RunScope run, LiveConnection live, InstalledObject thing, CancellationToken cancel)
    {
        var outcome = thing switch
        {
            { Created: true, RemoteId: "" } => new RemovalOutcome(true, "It was never created."),
            _ when rule.Keep(thing, run.Request.DeleteFields) is { } why => new RemovalOutcome(false, why),
            _ when live.Connector is IProvisions provisions =>
                await provisions.RemoveAsync(new ProvisionedObject(thing.Role, thing.Kind, thing.Name, thing.RemoteId, thing.Created, thing.Fingerprint), cancel),
            _ => new RemovalOutcome(false, "This connector cannot remove objects."),
        };
        await store.WriteAsync(
            async db =>
            {
                run.Add(db, $"{thing.Kind}: {thing.Name}", outcome.Removed ? "removed" : "kept", outcome.Message);
                if (outcome.Removed && await db.InstalledObjects.FindAsync([thing.ConnectionId, thing.Role], cancel) is { } row) db.InstalledObjects.Remove(row);
            },
            cancel);
        return outcome.Removed;
    }

    private async Task SetStateAsync(Guid id, ConnectionState state, CancellationToken cancel)
    {
        await store.WriteAsync(
            async db =>
            {
                (await db.Connections.FindAsync([id], cancel))!.State = state;
                await SetConnectionState.DropQueueAsync(db, id, clock.GetUtcNow(), cancel);
            },
            cancel);
        if (state != ConnectionState.Removed) changes.Raise(id);
    }
}

/// <summary>Decides what Remove leaves where it is (engine.md §10).</summary>
internal class RemovalRule
{
    /// <summary>Why an object stays; null when it may go. What was there before the connection stays, and a custom field unless its loss was confirmed.</summary>
    public virtual string? Keep(InstalledObject thing, bool deleteFields) => thing switch
    {
        { Created: false } => "It was there before this connection.",
        _ when TicketFields.IsMarker(thing.Role) && !deleteFields => "Deleting a custom field deletes its values on every ticket; that was not confirmed.",
        _ => null,
    };
}

/// <summary>What Remove would take away, for the page that asks.</summary>
internal sealed class RemovalPreview(HubStore store)
{
    /// <summary>Reads it.</summary>
    public async Task<Removal> ReadAsync(LiveConnection live, CancellationToken cancel)
    {
        var (objects, bodies) = await store.ReadAsync(
            async db => (
                await db.InstalledObjects.Where(thing => thing.ConnectionId == live.Id).ToListAsync(cancel),
                await db.Mirrors.Where(mirror => mirror.ConnectionId == live.Id && mirror.Type == RecordTypes.Ticket && mirror.TombstonedAt == null).Select(mirror => mirror.Body).ToListAsync(cancel)),
            cancel);
        var holding = live.Connector is IReadsTickets reader ? bodies.Select(reader.ParseTicket).Count(HoldsValue) : 0;
        return new Removal([.. objects.OrderByDescending(thing => thing.At).ThenByDescending(thing => thing.Role, StringComparer.Ordinal)], holding);
    }

    private static bool HoldsValue(RemoteTicket ticket) =>
        ticket.MarkerRetrieved == true || !string.IsNullOrEmpty(ticket.MarkerStatus) || !string.IsNullOrEmpty(ticket.MarkerUser);
}

/// <summary>What Remove would take away.</summary>
/// <param name="Objects">Installed objects, last created first.</param>
/// <param name="TicketsWithValues">Known tickets that hold a value in one of the custom fields.</param>
internal sealed record Removal(IReadOnlyList<InstalledObject> Objects, int TicketsWithValues);
