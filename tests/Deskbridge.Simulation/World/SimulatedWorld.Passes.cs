using System.Text;
using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Rules;
using Deskbridge.Core.Connections.Runs;
using Deskbridge.Core.Sync;
using Deskbridge.Simulation.Checks;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Simulation.World;

/// <content>One pass of each part of the hub, and what persons and remotes do to it. Each answers true when the hub died in it.</content>
internal sealed partial class SimulatedWorld
{
    private int _keys;

    public Task<bool> PollAsync(Remote remote) => LiveAsync((hub, cancel) => hub.Get<TicketPoller>().PollAsync(remote.Id, cancel));

    public Task<bool> WorkAsync() => LiveAsync((hub, cancel) => hub.Get<TicketWorker>().RunOnceAsync(cancel));

    public Task<bool> SendAsync() => LiveAsync((hub, cancel) => hub.Get<EffectSender>().RunOnceAsync(cancel));

    public Task<bool> PageAsync() => LiveAsync((hub, cancel) => hub.Get<PageSender>().RunOnceAsync(cancel));

    public Task<bool> DetailsAsync() => LiveAsync((hub, cancel) => hub.Get<DetailReader>().RunOnceAsync(cancel));

    public Task<bool> SweepAsync(Remote remote) => LiveAsync((hub, cancel) => hub.Get<TicketSweep>().SweepAsync(remote.Id, cancel));

    public async Task<bool> LookForSilenceAsync()
    {
        var died = await LiveAsync((hub, cancel) => hub.Get<SilenceAlarm>().CheckAsync(cancel));
        if (!died) Judge(await SilenceCheckers.JudgeAsync(this));
        return died;
    }

    /// <summary>The administrator takes the connection away; the custom fields are to stay.</summary>
    public Task<bool> RemoveAsync(Remote remote)
    {
        var run = new ConnectionRun { Id = Ids.NewId(), ConnectionId = remote.Id, Kind = ConnectionRunKind.Remove, StartedAt = Time.GetUtcNow() };
        return LiveAsync((hub, cancel) => hub.RunAsync(hub.Make<RunRemove>(), run, "Ada", cancel));
    }

    /// <summary>Reads the rules again; a change that would raise many alerts is confirmed by the administrator.</summary>
    public Task<bool> RefreshRulesAsync(Remote remote) => LiveAsync(async (hub, cancel) =>
    {
        if (await hub.Get<RefreshRules>().RunAsync(remote.Id, cancel) == RuleRefresh.Held) await hub.Get<ConfirmRuleChange>().RunAsync(remote.Id, Ada, cancel);
    });

    /// <summary>The administrator answers whether what is missing was deleted, if that is asked.</summary>
    public Task<bool> ConfirmDeletionsAsync(Remote remote) => LiveAsync(async (hub, cancel) =>
    {
        var missing = await hub.Get<MissingTickets>().ReadAsync(remote.Id, cancel);
        if (missing.Tickets.Count > 0) await hub.Get<AnswerDeletion>().ConfirmAsync(remote.Id, [.. missing.Tickets.Select(ticket => ticket.RemoteId)], Ada, cancel);
    });

    /// <summary>Mia goes off duty, or comes back.</summary>
    public Task<bool> TogglePunchAsync() => LiveAsync(async (hub, cancel) =>
    {
        var isOn = await hub.ReadAsync(db => db.DutyPeriods.AnyAsync(period => period.PersonId == Mia.Id && period.EndedAt == null));
        if (isOn) await hub.Get<PunchOut>().RunAsync(Team.Id, Mia.Id, Mia, cancel);
        else await hub.Get<PunchIn>().RunAsync(Team.Id, Mia.Id, Mia, cancel);
    });

    /// <summary>Hands the hub a callback of a ticket. The same key again is a double delivery.</summary>
    public Task<bool> CallBackAsync(Remote remote, string ticketId, string? key = null, DateTimeOffset? updatedAt = null)
    {
        var body = new CallbackText(key ?? $"k{++_keys}", ticketId, updatedAt ?? remote.Psa.Find(ticketId)?.UpdatedAt ?? remote.Psa.Now);
        var request = new CallbackRequest(Encoding.UTF8.GetBytes(Json.Write(body)), new Dictionary<string, string>());
        return LiveAsync((hub, cancel) => hub.Get<CallbackIntake>().AcceptAsync(remote.Connection.CallbackToken, request, cancel));
    }

    public Task<bool> AcknowledgeAsync(Guid alertId) => ActAsync(alertId, AlertStatus.Acknowledged, false, (hub, cancel) => hub.Get<AcknowledgeAlert>().RunAsync(alertId, Mia, cancel));

    public Task<bool> UnacknowledgeAsync(Guid alertId) => ActAsync(alertId, AlertStatus.Open, false, (hub, cancel) => hub.Get<UnacknowledgeAlert>().RunAsync(alertId, Mia, cancel));

    public Task<bool> CloseAsync(Guid alertId) => ActAsync(alertId, AlertStatus.Closed, false, (hub, cancel) => hub.Get<CloseAlert>().RunAsync(alertId, Mia, cancel));

    public Task<bool> ReopenAsync(Guid alertId) => ActAsync(alertId, AlertStatus.Open, true, (hub, cancel) => hub.Get<ReopenAlert>().RunAsync(alertId, Mia, cancel));

    /// <summary>A person adds a note; told that it is written down means it must arrive once.</summary>
    public async Task<bool> NoteAsync(Guid alertId, string text)
    {
        var key = $"n{++_keys}";
        var written = false;
        var died = await LiveAsync(async (hub, cancel) => written = (await hub.Get<AddAlertNote>().RunAsync(alertId, Mia, text, key, cancel)).Failure is null);
        if (died) written = await Hub.ReadAsync(db => db.AlertNotes.AnyAsync(note => note.ClientKey == $"{Mia.Id:N}:{key}"));
        if (written) Told.Notes.Add(new PersonNote(alertId, text, key));
        return died;
    }

    /// <summary>The person attaches a file; told that it is attached means that it must arrive once.</summary>
    public async Task<bool> AttachAsync(Guid alertId)
    {
        var key = $"f{++_keys}";
        var died = await LiveAsync(async (hub, cancel) => await hub.Get<AddAlertFile>().RunAsync(alertId, "photo.jpg", [1, 2, 3], Mia, key, cancel));
        if (await Hub.ReadAsync(db => db.AlertFiles.SingleOrDefaultAsync(file => file.ClientKey == $"{Mia.Id:N}:{key}")) is { } stored) Told.Files.Add(stored.Id);
        return died;
    }

    /// <summary>The person edits a note of theirs; told that it is written down means that it must arrive, or that they are told why not.</summary>
    public async Task<bool> EditNoteAsync(PersonNote told, string text)
    {
        var written = false;
        Task<AlertNote?> FindAsync(Hub hub) => hub.ReadAsync(db => db.AlertNotes.SingleOrDefaultAsync(note => note.ClientKey == $"{Mia.Id:N}:{told.Key}"));
        var died = await LiveAsync(async (hub, cancel) =>
        {
            if (await FindAsync(hub) is not { } note) return;
            written = (await hub.Get<EditAlertNote>().RunAsync(told.AlertId, note.Id, note.Version, text, Mia, cancel)).Failure is null;
        });
        if (died) written = (await FindAsync(Hub))?.Text == text;
        if (written) told.Text = text;
        return died;
    }

    /// <summary>The current alert of a ticket, or null.</summary>
    public Task<Alert?> AlertAsync(Remote remote, string ticketId) => Hub.ReadAsync(db =>
        (from link in db.Links
         join alert in db.Alerts on new { LinkId = (Guid?)link.Id, link.Generation } equals new { alert.LinkId, alert.Generation }
         where link.ConnectionId == remote.Id && link.RemoteId == ticketId
         select alert).SingleOrDefaultAsync());

    private async Task<bool> ActAsync(Guid alertId, AlertStatus to, bool reopen, Func<Hub, CancellationToken, Task<Result<AlertActed>>> action)
    {
        var before = await TransitionAsync(alertId);
        var at = Time.GetUtcNow();
        var seq = Remotes.Sum(remote => remote.Psa.Oracle.Entries.Count);
        var died = await LiveAsync(action);
        var after = await TransitionAsync(alertId);
        if (after > before) Told.Acts.Add(new PersonAct(alertId, after, to, reopen, at, seq));
        return died;
    }

    private Task<int> TransitionAsync(Guid alertId) => Hub.ReadAsync(db => db.Alerts.Where(alert => alert.Id == alertId).Select(alert => alert.Transition).SingleAsync());
}
