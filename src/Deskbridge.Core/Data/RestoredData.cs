using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Planning;
using Deskbridge.Core.Common;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Data;

/// <summary>That the data came from a backup.</summary>
/// <param name="At">When it was restored.</param>
/// <param name="TakenAt">When the backup was taken: what happened since is lost here, and found again on the tickets.</param>
/// <param name="TakenUp">The hub has put everything unfinished in doubt.</param>
public sealed record Restoration(DateTimeOffset At, DateTimeOffset TakenAt, bool TakenUp);

/// <summary>
/// What a hub does first on data from a backup (engine.md §10). A later life of the hub went on after the backup: whatever the backup shows
/// as unfinished may be done, and every ticket may tell more than the hub knows.
/// </summary>
internal sealed class RestoredData(HubStore store, AlertSafeties safeties, RandomIds ids, TimeProvider clock)
{
    /// <summary>A page that fell due before the restore waits so long for its ticket to be read.</summary>
    public static TimeSpan PagesWait { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Puts everything unfinished in doubt, once per restore. Only while no worker runs. Answers the restore; null when the data never came from a backup.</summary>
    public Task<Restoration?> TakeUpAsync(CancellationToken cancel) =>
        store.WriteAsync(
            async db =>
            {
                if (await db.Settings.FindAsync([SettingKeys.Restoration], cancel) is not { } row) return null;
                var restoration = Json.Read<Restoration>(row.Value);
                if (restoration.TakenUp) return restoration;
                var now = clock.GetUtcNow();
                await DoubtLinksAsync(db, now, cancel);
                await HoldPagesAsync(db, now + PagesWait, cancel);
                restoration = restoration with { TakenUp = true };
                row.Value = Json.Write(restoration);
                return restoration;
            },
            cancel);

    /// <summary>Gives data that is new an id of its own; a restore gives it another one.</summary>
    public Task NameAsync(CancellationToken cancel) =>
        store.WriteAsync(
            async db =>
            {
                if (await db.Settings.FindAsync([SettingKeys.InstanceId], cancel) is null) db.Settings.Add(new Setting { Key = SettingKeys.InstanceId, Value = ids.NewId().ToString() });
            },
            cancel);

    /// <summary>The last restore; null when there was none.</summary>
    public Task<Restoration?> LastAsync(CancellationToken cancel) =>
        store.ReadAsync(async db => await db.Settings.SingleOrDefaultAsync(row => row.Key == SettingKeys.Restoration, cancel) is { } row ? Json.Read<Restoration>(row.Value) : null, cancel);

    private async Task DoubtLinksAsync(HubDb db, DateTimeOffset now, CancellationToken cancel)
    {
        await db.Links.Where(link => link.State != LinkState.Tombstoned).ExecuteUpdateAsync(set => set.SetProperty(link => link.Restored, "[]"), cancel);
        var unfinished = await db.Effects.Where(effect => EffectStates.Unsettled.Contains(effect.State)).ToListAsync(cancel);
        if (!safeties.RestoredWork.MayBeDone) unfinished.Clear();
        foreach (var onLink in unfinished.GroupBy(effect => effect.LinkId))
        {
            var link = await db.Links.SingleAsync(row => row.Id == onLink.Key, cancel);
            if (link.Restored is not null) link.Restored = Json.Write(onLink.SelectMany(MarkerWords).Distinct().ToList());
            foreach (var effect in onLink) Doubt(effect, link, now);
        }

        await WakeAsync(db, unfinished, now, cancel);
    }

    /// <summary>A note or file is looked for by its mark, and a note that was edited by its text. A write of fields is planned again from a fresh read, which is its probe: after so long the image it was sent over proves nothing.</summary>
    private static void Doubt(Effect effect, Link link, DateTimeOffset now)
    {
        if (effect.Kind is EffectKind.Note or EffectKind.NoteEdit or EffectKind.Document)
        {
            effect.PutInDoubt(now);
            return;
        }

        effect.State = EffectState.Superseded;
        effect.Error = "The hub was restored from a backup; planned again from what the ticket shows.";
        effect.LeaseUntil = null;
        effect.SettledAt = now;
        link.PlanAgain = true;
    }

    private static IEnumerable<string?> MarkerWords(Effect effect) =>
        effect.Kind is EffectKind.Transition or EffectKind.Field && Json.Read<FieldWrite>(effect.Payload).Set.TryGetValue(TicketFields.MarkerStatus, out var word) ? [word] : [];

    /// <summary>Tickets with something to do are read at once; all others when the stream, a sweep or a person brings them up.</summary>
    private static async Task WakeAsync(HubDb db, List<Effect> unfinished, DateTimeOffset now, CancellationToken cancel)
    {
        var busy = unfinished.Select(effect => effect.LinkId).ToHashSet();
        var open = await (from alert in db.Alerts
                          where alert.LinkId != null
                              && (alert.Status != AlertStatus.Closed || db.AlertNotes.Any(note => note.AlertId == alert.Id && !note.Planned))
                          select alert.LinkId!.Value).Distinct().ToListAsync(cancel);
        busy.UnionWith(open);
        var links = (await db.Links.Where(link => link.State == LinkState.Active).Select(link => new { link.Id, link.ConnectionId, link.RemoteId, link.PlannedTransition }).ToListAsync(cancel))
            .Where(link => busy.Contains(link.Id));
        foreach (var group in links.GroupBy(link => link.ConnectionId))
            await db.WakeManyAsync(group.Key, [.. group.Select(link => link.RemoteId)], now, "restored", needsRead: true, cancel);
    }

    /// <summary>Overdue pages and steps wait for the read of their ticket, which may say that somebody has it; alerts of the hub's own have none.</summary>
    private static async Task HoldPagesAsync(HubDb db, DateTimeOffset until, CancellationToken cancel)
    {
        var ofTickets = db.Alerts.Where(alert => alert.LinkId != null).Select(alert => alert.Id);
        var overdue = await db.Pages
            .Where(page => (page.State == PageState.Pending || page.State == PageState.Sending) && ofTickets.Contains(page.AlertId))
            .ToListAsync(cancel);
        foreach (var page in overdue)
        {
            if (page.State == PageState.Sending) page.LeaseUntil = until;
            else if (page.DueAt < until) page.DueAt = until;
        }

        await db.DueSteps.Where(step => ofTickets.Contains(step.AlertId)).ExecuteUpdateAsync(set => set.SetProperty(step => step.HeldUntil, (DateTimeOffset?)until), cancel);
    }
}
