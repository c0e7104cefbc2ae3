using Deskbridge.Core.Alerting;
using Deskbridge.Core.Common;
using Deskbridge.Core.Sync;
using Deskbridge.Simulation.World;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Simulation.Checks;

/// <summary>All that the checkers look at: the tables as they stand when everything is quiet, the oracles and what persons were told.</summary>
internal sealed class Evidence
{
    public required SimulatedWorld World { get; init; }

    public required List<Link> Links { get; init; }

    public required List<Alert> Alerts { get; init; }

    public required List<Effect> Effects { get; init; }

    public required List<AlertEvent> Lines { get; init; }

    public required List<Conflict> Conflicts { get; init; }

    public required List<Page> Pages { get; init; }

    public required List<AlertNote> Notes { get; init; }

    public required List<Mirror> Mirrors { get; init; }

    public required List<Wake> Wakes { get; init; }

    /// <summary>Each link with its alert and its ticket as the remote has it; deleted tickets are left out.</summary>
    public IEnumerable<Pair> Pairs =>
        from link in Links
        let remote = World.Remotes.Single(remote => remote.Id == link.ConnectionId)
        let ticket = remote.Psa.Find(link.RemoteId)
        where ticket is not null
        select new Pair(this, remote, link, ticket, Alerts.SingleOrDefault(alert => alert.LinkId == link.Id && alert.Generation == link.Generation));

    public static Task<Evidence> CollectAsync(SimulatedWorld world) => world.Hub.ReadAsync(async db => new Evidence
    {
        World = world,
        Links = await db.Links.ToListAsync(),
        Alerts = await db.Alerts.ToListAsync(),
        Effects = await db.Effects.OrderBy(effect => effect.Seq).ToListAsync(),
        Lines = await db.AlertEvents.OrderBy(line => line.Order).ToListAsync(),
        Conflicts = await db.Conflicts.ToListAsync(),
        Pages = await db.Pages.ToListAsync(),
        Notes = await db.AlertNotes.ToListAsync(),
        Mirrors = await db.Mirrors.ToListAsync(),
        Wakes = await db.Wakes.ToListAsync(),
    });
}

/// <summary>A link seen from both sides.</summary>
internal sealed record Pair(Evidence All, Remote Remote, Link Link, SimulatedTicket Ticket, Alert? Alert)
{
    public IEnumerable<Effect> Effects => All.Effects.Where(effect => effect.LinkId == Link.Id);

    public IEnumerable<Entry> Log => Remote.Psa.Oracle.Of(Link.RemoteId);

    public IEnumerable<Entry> Edits => Log.Where(entry => entry.Kind == EntryKind.Edited);

    public IEnumerable<Entry> Writes => Log.Where(entry => entry.Kind == EntryKind.Written);

    public IEnumerable<AlertChange> Changes => All.World.Ledger.AlertChanges.Where(change => change.LinkId == Link.Id);

    public IEnumerable<PersonAct> Acts => All.World.Told.Acts.Where(act => act.AlertId == Alert?.Id);

    /// <summary>A value of this field was refused, and the remote's log or the lack of the status on the board says that it had to be.</summary>
    public bool WasRefused(string field) =>
        Effects.Any(effect => effect.State == EffectState.Rejected && effect.Kind is EffectKind.Transition or EffectKind.Field
            && Json.Read<FieldWrite>(effect.Payload).Set.ContainsKey(field))
        && Log.Any(entry => entry.Kind == EntryKind.Refused && (entry.Detail == field || entry.Set.ContainsKey(field) && Remote.Psa.ForbiddenFields.Contains(entry.Detail)));

    /// <summary>A decision about this field is a row that people can see.</summary>
    public bool HasConflict(string field) => All.Conflicts.Any(conflict => conflict.LinkId == Link.Id && conflict.Field == field);

    public override string ToString() => $"{Remote.Psa.Kind}/{Link.RemoteId}";
}
