using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Connections;

/// <summary>
/// Keeps an installed connection at the system it was installed on. Its links know tickets by their numbers, and the same numbers are other
/// tickets elsewhere: what was meant for one would be written into the other.
/// </summary>
internal sealed class SameSystem(ConnectorCatalog catalog, StoredSettings stored, CallBudgets budgets, HubStore store, TimeProvider clock)
{
    private const string OfItsOwn = "Add it as a connection of its own, and remove this one when it is no longer needed.";

    /// <summary>Why changed settings lead an installed connection to another system; null when they do not. A new address is asked for what Install recorded.</summary>
    public async Task<Failure?> CheckAsync(Guid id, ConnectionDraft draft, CancellationToken cancel)
    {
        if (draft is { Form: null, Settings: null }) return null;
        var (connection, installed) = await store.ReadAsync(
            async db => (
                await db.Connections.SingleOrDefaultAsync(row => row.Id == id && row.InstalledAt != null && row.State != ConnectionState.Removed, cancel),
                await db.InstalledObjects.Where(thing => thing.ConnectionId == id && thing.RemoteId != "").OrderBy(thing => thing.Role).ToListAsync(cancel)),
            cancel);
        if (connection is null || catalog.Find(connection.Kind) is not { } type) return null;
        var (before, after) = (stored.ReadForChange(connection, type), stored.ReadForChange(connection, type));
        if (ConnectionRules.ApplyAndCheck(type, after, draft).Any(problem => !problem.IsNotice)) return null; // refused with its own reasons
        if (CheckFixed(before, after) is { } moved) return new SettingsRefused([moved]);
        return SettingProperty.AddressOf(before) is { } address && Origin.Moves(address.Text(before), address.Text(after))
            && await WhyOtherAsync(connection.Id, type, after, installed, cancel) is { } why
            ? new SettingsRefused([new SettingProblem(address.Name, $"Nothing was saved: {why}")])
            : null;
    }

    /// <summary>A setting that cannot change once a connection is installed, and does.</summary>
    public static SettingProblem? CheckFixed(object before, object after) =>
        SettingProperty.Of(before.GetType()).FirstOrDefault(setting => setting.Setting.Fixed && !setting.Text(before).Equals(setting.Text(after), StringComparison.OrdinalIgnoreCase)) is { } changed
            ? new SettingProblem(changed.Name, $"{changed.Setting.Label} cannot change any more: the connection is installed and linked to the tickets of {changed.Text(before)}. {OfItsOwn}")
            : null;

    private async Task<string?> WhyOtherAsync(Guid id, IConnectorType type, object options, IReadOnlyList<InstalledObject> installed, CancellationToken cancel)
    {
        var roles = installed.ToDictionary(thing => thing.Role, thing => thing.RemoteId, StringComparer.Ordinal);
        using var connector = type.Create(new ConnectorContext(id, options, roles, clock, budgets.GateOf(id)));
        if (connector is not IProvisions provisions) return null;
        try
        {
            var there = (await provisions.PlanAsync(cancel)).Steps;
            return installed.FirstOrDefault(thing => there.FirstOrDefault(step => step.Role == thing.Role) is { } step && (step.ExistingId != thing.RemoteId || step.Name != thing.Name)) is { } missing
                ? $"that is another system, for it does not have the {missing.Kind.ToLowerInvariant()} '{missing.Name}' with the id {missing.RemoteId}, which belongs to this connection. {OfItsOwn}"
                : null;
        }
        catch (ConnectorException failure)
        {
            return $"the connection is installed, and the new address could not be asked whether it is the same system. {failure.Message}";
        }
    }
}
