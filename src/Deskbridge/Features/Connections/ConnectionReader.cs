using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Rules;
using Deskbridge.Core.Connections.Runs;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Features.Connections;

/// <summary>Puts the view of one connection together. No call leaves the hub.</summary>
internal sealed class ConnectionReader(
    ConnectionQueries connections, ConnectorPool pool, CallBudgets budgets, CallbackHeal callbacks, RemovalPreview removal, RuleQueries rules, ConnectionFindings findings, HubStore store)
{
    private static readonly (Type Capability, string Name)[] Known =
    [
        (typeof(IReadsTickets), "readsTickets"),
        (typeof(IWritesTickets), "writesTickets"),
        (typeof(ITicketNotes), "ticketNotes"),
        (typeof(IReadsTicketDetails), "readsTicketDetails"),
        (typeof(IReadsRules), "readsRules"),
        (typeof(IEditsRules), "editsRules"),
        (typeof(IReadsBoards), "readsBoards"),
        (typeof(IReadsMembers), "readsMembers"),
        (typeof(ISchedulesMembers), "schedulesMembers"),
        (typeof(IReceivesCallbacks), "receivesCallbacks"),
        (typeof(IProvisions), "provisions"),
    ];

    public async Task<ConnectionDetail?> FindAsync(Guid id, CancellationToken cancel)
    {
        if (await connections.FindAsync(id, cancel) is not { } view) return null;
        var (live, unusable) = await LiveAsync(id, cancel);
        var team = view.TeamId is { } teamId
            ? await store.ReadAsync(db => db.Teams.Where(t => t.Id == teamId).Select(t => t.Name).FirstOrDefaultAsync(cancel), cancel)
            : null;
        var what = live is null ? null : await removal.ReadAsync(live, cancel);
        return new ConnectionDetail(
            view.Id, view.Kind, view.KindName, view.Name, view.Description, view.TeamId, team, view.State, view.CreatedAt, view.InstalledAt,
            view.RuleChangeHeld, view.CustomFields, view.Settings, view.SecretsLost, ConnectionHealthView.Of(view.Health), budgets.Of(id).Usage(),
            live is null ? [] : [.. Known.Where(known => known.Capability.IsInstanceOfType(live.Connector)).Select(known => known.Name)],
            unusable,
            await CallbacksAsync(live, view.Health, cancel),
            [.. (what?.Objects ?? []).Select(InstalledView.Of)],
            what?.TicketsWithValues ?? 0,
            live is null ? null : RulesState.Of(await rules.ReadAsync(live, cancel)),
            await connections.RunningTwinsAsync(id, cancel),
            await findings.ReadAsync(id, cancel));
    }

    public async Task<ConnectionSavedView> AnswerAsync(ConnectionSaved saved, CancellationToken cancel) => new(
        (await FindAsync(saved.Id!.Value, cancel))!,
        [.. saved.Notices.Select(notice => new NoticeView(notice.Setting, notice.Message))]);

    private async Task<CallbackState> CallbacksAsync(LiveConnection? live, ConnectionHealth health, CancellationToken cancel)
    {
        if (live?.Connector is not IReceivesCallbacks) return new CallbackState(false, null, null, health.Callbacks, health.LastCallbackAt);
        var (url, problem) = await callbacks.AddressAsync(live.Connection, cancel);
        return new CallbackState(true, url, problem, health.Callbacks, health.LastCallbackAt);
    }

    private async Task<(LiveConnection? Live, string? Unusable)> LiveAsync(Guid id, CancellationToken cancel)
    {
        try
        {
            return (await pool.FindInAnyStateAsync(id, cancel), null);
        }
        catch (ConnectorException failure)
        {
            return (null, failure.Message);
        }
    }
}
