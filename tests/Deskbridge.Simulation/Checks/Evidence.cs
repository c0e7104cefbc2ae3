using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Common;
using Deskbridge.Core.Sync;
using Deskbridge.Simulation.World;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Simulation.Checks;

/// <summary>All that the checkers look at: the tables, the oracles and what persons were told.</summary>
internal sealed class Evidence(SimulatedWorld world)
{
    private ILookup<Guid, Effect>? _effects;
    private ILookup<Guid?, Alert>? _alerts;
    private ILookup<Guid, AlertEvent>? _lines;
    private ILookup<Guid, AlertChange>? _changes;
    private Dictionary<(Guid, string), Link>? _links;

    public SimulatedWorld World { get; } = world;

    public required IReadOnlyCollection<Link> Links { get; init; }

    public required IReadOnlyCollection<Alert> Alerts { get; init; }

    public required IReadOnlyCollection<Effect> Effects { get; init; }

    public required IReadOnlyCollection<AlertEvent> Lines { get; init; }

    public required IReadOnlyCollection<Conflict> Conflicts { get; init; }

    public required IReadOnlyCollection<Mirror> Mirrors { get; init; }

    public required IReadOnlyCollection<Wake> Wakes { get; init; }

    public IReadOnlyCollection<Page> Pages { get; init; } = [];

    public IReadOnlyCollection<AlertNote> Notes { get; init; } = [];

    public IReadOnlyCollection<AlertFile> Files { get; init; } = [];

    /// <summary>Each link with its alert and its ticket as the remote has it; deleted tickets are left out.</summary>
    public IEnumerable<Pair> Pairs => Links.Where(link => World.RemoteOf(link.ConnectionId).Psa.Find(link.RemoteId) is not null).Select(PairOf);

    /// <summary>The tables as they stand when everything is quiet.</summary>
    public static Task<Evidence> CollectAsync(SimulatedWorld world) => world.Hub.ReadAsync(async db => new Evidence(world)
    {
        Links = await db.Links.ToListAsync(),
        Alerts = await db.Alerts.ToListAsync(),
        Effects = await db.Effects.OrderBy(effect => effect.Seq).ToListAsync(),
        Lines = await db.AlertEvents.OrderBy(line => line.Order).ToListAsync(),
        Conflicts = await db.Conflicts.ToListAsync(),
        Pages = await db.Pages.ToListAsync(),
        Notes = await db.AlertNotes.ToListAsync(),
        Files = await db.AlertFiles.ToListAsync(),
        Mirrors = await db.Mirrors.ToListAsync(),
        Wakes = await db.Wakes.ToListAsync(),
    });

    /// <summary>What is committed at this step, without asking the database; pages and notes are left out.</summary>
    public static Evidence Of(SimulatedWorld world) => new(world)
    {
        Links = world.Ledger.Shadow.Links.Values,
        Alerts = world.Ledger.Shadow.Alerts.Values,
        Effects = world.Ledger.Shadow.Effects.Values,
        Lines = world.Ledger.Lines,
        Conflicts = world.Ledger.Shadow.Conflicts.Values,
        Mirrors = world.Ledger.Shadow.Mirrors.Values,
        Wakes = world.Ledger.Shadow.Wakes.Values,
    };

    /// <summary>A link whose ticket exists, seen from both sides.</summary>
    public Pair PairOf(Link link)
    {
        var remote = World.RemoteOf(link.ConnectionId);
        return new Pair(this, remote, link, remote.Psa.Find(link.RemoteId)!, AlertsOf(link.Id).SingleOrDefault(alert => alert.Generation == link.Generation));
    }

    /// <summary>The link of a ticket; null when it has none.</summary>
    public Link? LinkOf(Guid connectionId, string remoteId) =>
        (_links ??= Links.ToDictionary(link => (link.ConnectionId, link.RemoteId))).GetValueOrDefault((connectionId, remoteId));

    public IEnumerable<Alert> AlertsOf(Guid linkId) => (_alerts ??= Alerts.ToLookup(alert => alert.LinkId))[linkId];

    public IEnumerable<Effect> EffectsOf(Guid linkId) => (_effects ??= Effects.ToLookup(effect => effect.LinkId))[linkId];

    public IEnumerable<AlertEvent> LinesOf(Guid alertId) => (_lines ??= Lines.ToLookup(line => line.AlertId))[alertId];

    public IEnumerable<AlertChange> ChangesOf(Guid linkId) => (_changes ??= World.Ledger.AlertChanges.ToLookup(change => change.LinkId))[linkId];
}

/// <summary>A link seen from both sides.</summary>
internal sealed record Pair(Evidence All, Remote Remote, Link Link, SimulatedTicket Ticket, Alert? Alert)
{
    public IEnumerable<Effect> Effects => All.EffectsOf(Link.Id);

    public IEnumerable<Entry> Log => Remote.Psa.Oracle.Of(Link.RemoteId);

    public IEnumerable<Entry> Edits => Log.Where(entry => entry.Kind == EntryKind.Edited);

    public IEnumerable<Entry> Writes => Log.Where(entry => entry.Kind == EntryKind.Written);

    public IEnumerable<AlertChange> Changes => All.ChangesOf(Link.Id);

    /// <summary>What persons did to any alert of the ticket.</summary>
    public IEnumerable<PersonAct> Acts => All.World.Told.Acts.Where(act => All.AlertsOf(Link.Id).Any(alert => alert.Id == act.AlertId));

    /// <summary>A value of this field was refused or given up, and the remote's log says that it had to be; or the field itself was gone.</summary>
    public bool WasRefused(string field) =>
        Remote.Psa.FieldsEverGone.Contains(field)
        || (Effects.Any(effect => effect is { State: EffectState.Rejected or EffectState.Dead, Kind: EffectKind.Transition or EffectKind.Field } && Json.Read<FieldWrite>(effect.Payload).Set.ContainsKey(field))
            && (LacksTheStatus(field) || Log.Any(entry => entry.Kind == EntryKind.Refused && (entry.Detail == field || (entry.Set.ContainsKey(field) && HadToBe(entry))))));

    /// <summary>Other custom fields that a write emptied could not be put back, people were told (decision 0034), and the log says that it had to be.</summary>
    public bool WasLeftEmpty =>
        Effects.Any(effect => effect is { State: EffectState.Rejected or EffectState.Dead, Error: { } error } && error.StartsWith(CustomFieldTrial.NotPutBack, StringComparison.Ordinal))
        && Log.Any(entry => entry.Kind == EntryKind.Refused && HadToBe(entry));

    private bool HadToBe(Entry refused) => refused.Detail == SimulatedPsa.ConnectorFails || Remote.Psa.ForbiddenFields.Contains(refused.Detail);

    /// <summary>The board has no status of that name, so that nothing was ever sent (engine.md §6.7).</summary>
    private bool LacksTheStatus(string field) => field == TicketFields.Status && Remote.Psa.Vendor == Vendor.ConnectWise && Edits.Any(edit => edit.After!.BoardId == "3");

    /// <summary>A decision about this field is a row that people can see.</summary>
    public bool HasConflict(string field) => All.Conflicts.Any(conflict => conflict.LinkId == Link.Id && conflict.Field == field);

    public override string ToString() => $"{Remote.Psa.Kind}/{Link.RemoteId}";
}
