using System.Globalization;
using Deskbridge.Connectors;
using Deskbridge.Testing;

namespace Deskbridge.Simulation.World;

/// <summary>
/// A PSA in memory that remembers every version of every ticket, so that reads can lag, and writes down whatever reaches it.
/// Technicians act through <see cref="Enter"/>, <see cref="Edit"/> and <see cref="Delete"/>.
/// </summary>
internal sealed class SimulatedPsa(string kind, Vendor vendor, ManualTime clock, Random random) : IConnectorType
{
    public const string New = "New";
    public const string InProgress = "In Progress";
    public const string Assigned = "Assigned";
    public const string Waiting = "Waiting";
    public const string Done = "Closed";

    /// <summary>A status that no rule names.</summary>
    public const string Scheduled = "Scheduled";

    /// <summary>What the log says of a write that died inside the connector.</summary>
    public const string ConnectorFails = "the connector fails";

    /// <summary>Content of an object as the hub creates it.</summary>
    public const string AsCreated = "as created";

    private readonly Dictionary<string, List<TicketVersion>> _tickets = new(StringComparer.Ordinal);
    private int _lastTicket = 100;
    private int _lastChild = 5000;

    public string Kind => kind;

    public Vendor Vendor => vendor;

    /// <summary>Tickets have our marker fields, and Install makes what is missing of them.</summary>
    public bool CarriesMarkers => vendor == Vendor.ConnectWise;

    public string Name => kind;

    public string Summary => "A PSA of the simulation.";

    public string Category => "PSA";

    public Type OptionsType => typeof(FakePsaOptions);

    public Oracle Oracle { get; } = new();

    public Faults Faults { get; } = new(random);

    public SimulatedRules Rules { get; } = new(vendor);

    /// <summary>The boards with their statuses. Of ConnectWise ids differ from board to board, names repeat, and the third cannot be acknowledged on; Autotask's queues share one list.</summary>
    public Dictionary<string, List<RemoteStatus>> Boards { get; } = BoardsOf(vendor);

    /// <summary>Custom fields and rules that the hub needs, by role, with their content; here before the hub, unless a scenario takes them away.</summary>
    public Dictionary<string, string> Objects { get; } = NeededBy(vendor).ToDictionary(needed => needed.Role, _ => "by hand", StringComparer.Ordinal);

    /// <summary>Marker fields that were deleted at some time.</summary>
    public HashSet<string> FieldsEverGone { get; } = new(StringComparer.Ordinal);

    /// <summary>Tickets on which every write ends in an error of the connector itself.</summary>
    public HashSet<string> Broken { get; } = new(StringComparer.Ordinal);

    /// <summary>After this many hours closed, <see cref="ReturnPolicy.NewAlertLater"/> raises a new alert.</summary>
    public const int HoursClosed = 1;

    /// <summary>What the connection's settings say of tickets that come back; chosen before the hub starts.</summary>
    public ReturnPolicy Returns { get; set; }

    /// <summary>Which state changes flow; chosen before the hub starts.</summary>
    public StatusFlows Flows { get; set; } = StatusFlows.All;

    /// <summary>The note that tells of an acknowledge or a close; Autotask's connector writes one unless it is told otherwise.</summary>
    private NoteFlags StateNotes => vendor == Vendor.Autotask ? NoteFlags.Internal : NoteFlags.None;

    /// <summary>The connection's settings as its row keeps them.</summary>
    public string Settings => Core.Common.Json.Write(new Dictionary<string, string[]>
    {
        [nameof(FakePsaOptions.WhenTicketReturns)] = [$"{Returns}"],
        [nameof(FakePsaOptions.NewAlertAfterHours)] = [$"{HoursClosed}"],
        [nameof(FakePsaOptions.Flows)] = [$"{Flows}"],
        [nameof(FakePsaOptions.AcknowledgeNoteFlags)] = [$"{StateNotes}"],
        [nameof(FakePsaOptions.CloseNoteFlags)] = [$"{StateNotes}"],
    });

    /// <summary>A connector that creates while it should only plan.</summary>
    public bool PlansByDoing { get; set; }

    public List<RemoteMember> Members { get; } = [new("7", "mia", "Mia Chen", "mia@example.test")];

    public Dictionary<string, List<RemoteNote>> Notes { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, List<RemoteDocument>> Documents { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, List<RemoteScheduleEntry>> Schedules { get; } = new(StringComparer.Ordinal);

    /// <summary>The remote's clock is ahead of the hub's by this much.</summary>
    public TimeSpan Skew { get; set; }

    /// <summary>How old the answers of the list are.</summary>
    public TimeSpan ListLag { get; set; }

    /// <summary>How old the answers of reads by id are, but of those that guard a write (the rest of that window is documented, engine.md §4).</summary>
    public TimeSpan GetLag { get; set; }

    /// <summary>How long a note is on the ticket before the list of notes shows it.</summary>
    public TimeSpan NotesLag { get; set; }

    /// <summary>Most rows that a list of changed tickets answers at once.</summary>
    public int PageLimit { get; set; } = int.MaxValue;

    /// <summary>A part of the custom fields empties the others.</summary>
    public bool PartialArraysWipe { get; set; }

    /// <summary>Fields that the remote refuses to change, naming them.</summary>
    public HashSet<string> RefusedFields { get; } = new(StringComparer.Ordinal);

    /// <summary>Fields that the remote forbids to change, naming nothing (403).</summary>
    public HashSet<string> ForbiddenFields { get; } = new(StringComparer.Ordinal);

    /// <summary>Fields that the remote leaves as they are, though it answers success.</summary>
    public HashSet<string> KeptFields { get; } = new(StringComparer.Ordinal);

    /// <summary>Lists answer nothing at all.</summary>
    public bool ListsAreDown { get; set; }

    /// <summary>The API member may not see tickets: lists are empty and reads by id find nothing.</summary>
    public bool RightsAreLost { get; set; }

    /// <summary>Asked inside every call, before and after its work: technicians and the rest of the hub may act here.</summary>
    public Func<Call, Task>? Inside { get; set; }

    /// <summary>Which effect row stands behind a write that comes in.</summary>
    public Func<Guid, string, string, Task<SentEffect?>>? EffectBehind { get; set; }

    /// <summary>When each call came in.</summary>
    public List<DateTimeOffset> CallTimes { get; } = [];

    /// <summary>How long a call takes.</summary>
    public TimeSpan CallTime { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>What Install needs.</summary>
    public IReadOnlyList<(string Role, string Kind, string Id)> NeededObjects => NeededBy(vendor);

    private static readonly IReadOnlyList<(string Role, string Kind, string Id)> NeededByConnectWise =
    [
        (TicketFields.MarkerRetrieved, "Custom field", "1"), (TicketFields.MarkerStatus, "Custom field", "2"), (TicketFields.MarkerUser, "Custom field", "3"),
        ("rule.trigger", "Workflow rule", "r1"), ("rule.update", "Workflow rule", "r2"),
    ];

    public DateTimeOffset HubNow => clock.GetUtcNow();

    /// <summary>Its own clock, in whole seconds.</summary>
    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeSeconds((clock.GetUtcNow() + Skew).ToUnixTimeSeconds());

    public IEnumerable<string> TicketIds => _tickets.Keys;

    public IReadOnlyList<SettingProblem> Check(object options) => [];

    public string InstanceKey(object options) => kind;

    public IConnector Create(ConnectorContext context) => vendor == Vendor.Autotask ? new SimulatedAutotask(this, context, clock) : new SimulatedConnectWise(this, context, clock);

    /// <summary>A technician enters a ticket.</summary>
    public SimulatedTicket Enter(string status = New, Func<SimulatedTicket, SimulatedTicket>? with = null)
    {
        var id = (++_lastTicket).ToString(CultureInfo.InvariantCulture);
        var ticket = new SimulatedTicket { Id = id, Title = $"Ticket {id} of {kind}", BoardId = "1", StatusId = StatusId("1", status), EnteredAt = Now, Colour = "red", CarriesMarkers = CarriesMarkers };
        ticket = with?.Invoke(ticket) ?? ticket;
        _tickets[id] = [];
        return Commit(ticket, EntryKind.Edited, "technician");
    }

    /// <summary>A technician changes a ticket.</summary>
    public SimulatedTicket Edit(string id, Func<SimulatedTicket, SimulatedTicket> change) => Commit(change(Find(id)!), EntryKind.Edited, "technician");

    /// <summary>A technician sets a status by its name on the ticket's board.</summary>
    public SimulatedTicket SetStatus(string id, string name) => Edit(id, ticket => ticket with { StatusId = StatusId(ticket.BoardId, name) });

    /// <summary>A note of a ticket; null when it has none of that id.</summary>
    public RemoteNote? NoteOf(string ticketId, string noteId) => Notes.GetValueOrDefault(ticketId)?.Find(note => note.Id == noteId);

    /// <summary>Gives a note another text.</summary>
    public RemoteNote EditNote(string ticketId, string noteId, string text)
    {
        var notes = Notes[ticketId];
        var place = notes.FindIndex(note => note.Id == noteId);
        return notes[place] = notes[place] with { Text = text };
    }

    /// <summary>A technician gives a note another text.</summary>
    public void ChangeNote(string ticketId, RemoteNote note, string text)
    {
        EditNote(ticketId, note.Id, text);
        Commit(Find(ticketId)!, EntryKind.NoteChanged, "technician", new Entry(EntryKind.NoteChanged, clock.GetUtcNow(), ticketId) { Detail = text });
    }

    public void Delete(string id) => Edit(id, ticket => ticket with { Deleted = true });

    /// <summary>A technician moves a ticket; it takes the status of the same name there.</summary>
    public void Move(string id, string board) =>
        Edit(id, ticket => ticket with { BoardId = board, StatusId = StatusId(board, ticket.StatusName) });

    /// <summary>An administrator renames a status; tickets keep it by id.</summary>
    public void Rename(string board, string from, string to)
    {
        var index = Boards[board].FindIndex(status => status.Name == from);
        if (index >= 0) Boards[board][index] = Boards[board][index] with { Name = to };
    }

    public string StatusId(string board, string name) =>
        (Boards[board].FirstOrDefault(status => status.Name == name) ?? Boards[board][0]).Id;

    /// <summary>The name of a status, whichever board it is on; as it is now.</summary>
    public string? StatusNamed(string id) => Boards.Values.SelectMany(statuses => statuses).FirstOrDefault(status => status.Id == id)?.Name;

    /// <summary>The ticket as it stands; null when there is none.</summary>
    public SimulatedTicket? Find(string id) => At(id, clock.GetUtcNow());

    public IReadOnlyList<TicketVersion> History(string id) => _tickets[id];

    /// <summary>Every version of a ticket that stood at this instant or later.</summary>
    public IEnumerable<SimulatedTicket> ShownSince(string id, DateTimeOffset instant)
    {
        var versions = _tickets[id];
        return versions.Where((version, index) => index == versions.Count - 1 || versions[index + 1].At >= instant).Select(version => version.Ticket);
    }

    /// <summary>The ticket as it stood then; null when there was none.</summary>
    public SimulatedTicket? At(string id, DateTimeOffset instant) =>
        _tickets.GetValueOrDefault(id)?.LastOrDefault(version => version.At <= instant)?.Ticket is { Deleted: false } ticket ? Named(ticket) : null;

    /// <summary>How many linked tickets are deleted here and not buried there yet.</summary>
    public int MissingTickets(Shadow shadow, Guid connectionId) =>
        shadow.Links.Values.Count(link => link.ConnectionId == connectionId && link.State != Core.Sync.LinkState.Tombstoned && Find(link.RemoteId) is null);

    public void ProvisionAll(Guid connectionId)
    {
        foreach (var (role, _, _) in NeededObjects)
            if (Objects.TryAdd(role, AsCreated)) Oracle.Add(new Entry(EntryKind.Provisioned, clock.GetUtcNow(), "") { Detail = role, ConnectionId = connectionId });
    }

    public string NextChildId() => (++_lastChild).ToString(CultureInfo.InvariantCulture);

    public SimulatedTicket Commit(SimulatedTicket ticket, EntryKind kind, string by, Entry? entry = null)
    {
        var before = Find(ticket.Id);
        var after = Named(ticket) with { UpdatedAt = Now, UpdatedBy = by };
        _tickets[ticket.Id].Add(new TicketVersion(clock.GetUtcNow(), after));
        Oracle.Add((entry ?? new Entry(kind, clock.GetUtcNow(), ticket.Id)) with { Before = before, After = after });
        return after;
    }

    private SimulatedTicket Named(SimulatedTicket ticket)
    {
        var status = Boards[ticket.BoardId].First(known => known.Id == ticket.StatusId);
        var missing = string.Join(',', NeededObjects.Select(needed => needed.Role).Where(role => TicketFields.IsMarker(role) && !Objects.ContainsKey(role)));
        return ticket with { StatusName = status.Name, Closed = status.Closed, MissingFields = missing.Length == 0 ? null : missing };
    }

    private static IReadOnlyList<(string Role, string Kind, string Id)> NeededBy(Vendor vendor) => vendor == Vendor.ConnectWise ? NeededByConnectWise : [];

    private static Dictionary<string, List<RemoteStatus>> BoardsOf(Vendor vendor)
    {
        var first = StatusesOf(10);
        return new(StringComparer.Ordinal)
        {
            ["1"] = first,
            ["2"] = vendor == Vendor.Autotask ? first : StatusesOf(20),
            ["3"] = vendor == Vendor.Autotask ? first : [.. StatusesOf(30).Where(status => status.Name != Assigned)],
        };
    }

    private static List<RemoteStatus> StatusesOf(int first) =>
    [
        new($"{first}", New, false), new($"{first + 1}", InProgress, false), new($"{first + 2}", Assigned, false),
        new($"{first + 3}", Waiting, false), new($"{first + 4}", Done, true), new($"{first + 5}", Scheduled, false),
    ];
}

/// <summary>A place inside a call.</summary>
/// <param name="Operation">list, get, update, notes, add-note, schedule, add-schedule, statuses, members, details.</param>
/// <param name="TicketId">The ticket; empty for lists.</param>
/// <param name="Done">False before the work, true when it is done and not answered yet.</param>
internal sealed record Call(string Operation, string TicketId, bool Done);
