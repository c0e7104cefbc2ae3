using System.Collections.Concurrent;
using System.Globalization;
using Deskbridge.Connectors;

namespace Deskbridge.Testing;

/// <summary>
/// A whole PSA in memory, with switches for what can go wrong. Tests act as its technicians through <see cref="Add"/>,
/// <see cref="Edit"/> and <see cref="Delete"/>; the hub talks to it through the connectors it makes.
/// </summary>
public sealed class FakePsa(TimeProvider clock) : IConnectorType
{
    public const string Board = "1";
    public const string New = "1";
    public const string InProgress = "2";
    public const string Assigned = "3";
    public const string Closed = "4";
    public const string GoodSignature = "good";

    private readonly Lock _gate = new();
    private readonly Dictionary<string, FakeTicket> _tickets = new(StringComparer.Ordinal);
    private int _lastId = 1000;
    private int _lastChildId = 5000;

    public static IReadOnlyList<RemoteStatus> Statuses { get; } =
    [
        new(New, "New", false), new(InProgress, "In Progress", false), new(Assigned, "Assigned", false), new(Closed, "Closed", true),
    ];

    public string Kind => "fake-psa";

    public string Name => "Fake PSA";

    public string Summary => "A PSA for tests.";

    public string Category => "PSA";

    public Type OptionsType => typeof(FakePsaOptions);

    /// <summary>The remote's clock is ahead of the hub's by this much.</summary>
    public TimeSpan Skew { get; set; }

    /// <summary>What the hub believes the skew to be; null for the truth. A Date header shows less than two seconds no better than this.</summary>
    public TimeSpan? SkewAsLearned { get; set; }

    /// <summary>Its present instant, whole seconds as PSAs store them.</summary>
    public DateTimeOffset Now => DateTimeOffset.FromUnixTimeSeconds((clock.GetUtcNow() + Skew).ToUnixTimeSeconds());

    /// <summary>Every rule event. Raise on New, acknowledge on In Progress, close on a closed status by default.</summary>
    public IList<FakeRule> Rules { get; } =
    [
        new("e1", InboundEventKind.Raise, "status is New", static (ticket, _) => ticket.Status?.Id == New),
        new("e2", InboundEventKind.Acknowledge, "status is In Progress", static (ticket, _) => ticket.Status?.Id == InProgress),
        new("e3", InboundEventKind.Close, "status is closed", static (ticket, _) => ticket.Closed),
    ];

    /// <summary>Every rule that ever existed: stored rule books are parsed with it.</summary>
    public ConcurrentDictionary<string, FakeRule> KnownConditions { get; } = new(StringComparer.Ordinal);

    public IList<TicketAction> OnAcknowledge { get; } = [new(TicketFields.Status, new RemoteRef(Assigned, "Assigned"), "Write")];

    public IList<TicketAction> OnClose { get; } = [new(TicketFields.Status, new RemoteRef(Closed, "Closed"), "Write")];

    /// <summary>Problems of the rules, as the next read tells them.</summary>
    public IList<RuleProblem> RuleProblems { get; } = [];

    /// <summary>Whether the rules exist; Install makes them.</summary>
    public bool RulesExist { get; set; } = true;

    public TimeSpan AgeWindow { get; set; } = TimeSpan.FromHours(360);

    /// <summary>The release that every answer tells.</summary>
    public string Release { get; set; } = "2025.1";

    /// <summary>Boards that rules name and the hub's member does not see, a sentence each.</summary>
    public ConcurrentDictionary<string, bool> UnseenBoards { get; } = new(StringComparer.Ordinal);

    /// <summary>Cells that the hub's role lacks, as "Tickets Edit". What they guard is not refused by itself; <see cref="FailBefore"/> does that.</summary>
    public ConcurrentDictionary<string, bool> LackingRights { get; } = new(StringComparer.Ordinal);

    public IReadOnlyList<NeededRight> NeededRights(object options) =>
    [
        new("Service Desk", "Tickets", "Reading and changing tickets", RightNeed.Never, RightNeed.Always, RightNeed.Never, RightNeed.Always),
        new("Service Desk", "Resource Scheduling", "Owner assignment", RightNeed.Always, RightNeed.Always, RightNeed.Always, RightNeed.Always),
        new("System", "Table Setup", "Rules are read; Install writes them", RightNeed.Setup, RightNeed.Setup, RightNeed.Setup, RightNeed.Always) { Items = ["General / Rules"] },
        new("System", "Reports", "The hub asks for no reports", RightNeed.Never, RightNeed.Never, RightNeed.Never, RightNeed.Never),
        new("Companies", "Contacts", "Additional details: contact", RightNeed.Never, RightNeed.Never, RightNeed.Never, RightNeed.Always) { Without = "alerts show no contact" },
    ];

    public IList<RemoteMember> Members { get; } = [new("7", "mchen", "Mia Chen", "mia.chen@example.test")];

    /// <summary>What Install finds or makes, by role.</summary>
    public ConcurrentDictionary<string, ProvisionedObject> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Problems that the plan reports.</summary>
    public IList<string> PlanProblems { get; } = [];

    public IList<Uri> Subscriptions { get; } = [];

    /// <summary>Removes the subscriptions that a connector does not want any more; answers how many.</summary>
    internal int Unsubscribe(Func<Uri, bool> which)
    {
        lock (Subscriptions)
        {
            var unwanted = Subscriptions.Where(which).ToList();
            foreach (var url in unwanted) Subscriptions.Remove(url);
            return unwanted.Count;
        }
    }

    public ConcurrentDictionary<string, IList<RemoteNote>> Notes { get; } = new(StringComparer.Ordinal);

    /// <summary>Documents, by ticket.</summary>
    public ConcurrentQueue<(string Ticket, RemoteDocument Stored, byte[] Content)> Documents { get; } = new();

    /// <summary>Titles of documents are cut to this length.</summary>
    public int LongestTitle { get; set; } = 250;

    /// <summary>Its calls are counted together with those of other programs.</summary>
    public bool SharesCalls { get; set; }

    /// <summary>Whether the connection's settings let files go to tickets.</summary>
    public bool TakesDocuments { get; set; } = true;

    /// <summary>Changes the text of a note, as a technician does; null when it is not there.</summary>
    public RemoteNote? EditNote(string ticketId, string noteId, string text)
    {
        var notes = Notes.GetOrAdd(ticketId, static _ => []);
        lock (notes)
        {
            for (var i = 0; i < notes.Count; i++)
            {
                if (notes[i].Id == noteId) return notes[i] = notes[i] with { Text = text };
            }
        }

        return null;
    }

    public ConcurrentDictionary<string, IList<RemoteScheduleEntry>> Schedules { get; } = new(StringComparer.Ordinal);

    /// <summary>Every call made, as <c>operation id</c>: the oracle of the tests.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>The calls that changed something.</summary>
    public ConcurrentQueue<string> Writes { get; } = new();

    /// <summary>Asked before every call with its operation; what it answers is thrown and nothing happens.</summary>
    public Func<string, Exception?>? FailBefore { get; set; }

    /// <summary>Asked after every write took effect; what it answers is thrown, so that the caller is in doubt.</summary>
    public Func<string, ConnectorException?>? FailAfter { get; set; }

    /// <summary>Run before a call does its work, outside every lock: a technician may act here.</summary>
    public Func<string, Task>? Before { get; set; }

    /// <summary>Fields that writes accept and silently drop (a false success).</summary>
    public ISet<string> DroppedFields { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Marker fields (neutral names) that somebody deleted; Install makes them again.</summary>
    public ISet<string> DeletedFields { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Statuses that the board does not have (yet).</summary>
    public ISet<string> LackingStatuses { get; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Writing part of the custom fields wipes the others.</summary>
    public bool PartialArraysWipe { get; set; }

    /// <summary>Connectors made and not yet disposed.</summary>
    public int LiveConnectors { get; internal set; }

    /// <summary>A new ticket, entered by a technician.</summary>
    public FakeTicket Add(string title = "Server room too warm", string statusId = New, Func<FakeTicket, FakeTicket>? with = null)
    {
        lock (_gate)
        {
            var ticket = new FakeTicket { Id = (++_lastId).ToString(CultureInfo.InvariantCulture), Title = title, StatusId = statusId, EnteredAt = Now, UpdatedAt = Now };
            ticket = with?.Invoke(ticket) ?? ticket;
            return _tickets[ticket.Id] = ticket;
        }
    }

    /// <summary>A technician's change.</summary>
    public FakeTicket Edit(string id, Func<FakeTicket, FakeTicket> change, string by = "technician")
    {
        lock (_gate) return _tickets[id] = change(_tickets[id]) with { UpdatedAt = Now, UpdatedBy = by };
    }

    /// <summary>A technician's deletion.</summary>
    public void Delete(string id)
    {
        lock (_gate) _tickets.Remove(id);
    }

    /// <summary>Somebody deletes one of the marker fields, by neutral name.</summary>
    public void DeleteField(string marker)
    {
        DeletedFields.Add(marker);
        Objects.TryRemove(marker, out _);
    }

    /// <summary>A deleted ticket shows again, just as it was.</summary>
    public void Restore(FakeTicket ticket)
    {
        lock (_gate) _tickets[ticket.Id] = ticket;
    }

    /// <summary>A ticket as it stands; null when there is none.</summary>
    public FakeTicket? Find(string id)
    {
        lock (_gate) return _tickets.GetValueOrDefault(id);
    }

    /// <summary>All tickets in id order.</summary>
    public IReadOnlyList<FakeTicket> All()
    {
        lock (_gate) return [.. _tickets.Values.OrderBy(ticket => long.Parse(ticket.Id, CultureInfo.InvariantCulture))];
    }

    public string NextChildId() => Interlocked.Increment(ref _lastChildId).ToString(CultureInfo.InvariantCulture);

    public IReadOnlyList<SettingProblem> Check(object options)
    {
        var given = (FakePsaOptions)options;
        var problems = new List<SettingProblem>();
        if (given.Url.EndsWith('/'))
        {
            given.Url = given.Url.TrimEnd('/');
            problems.Add(new(nameof(given.Url), "The slash at the end was left out.", IsNotice: true));
        }

        if (given.Hours is < 1 or > 87_600) problems.Add(new(nameof(given.Hours), "Enter between 1 and 87600 hours."));
        return problems;
    }

    public string InstanceKey(object options) => ((FakePsaOptions)options).Url;

    public IConnector Create(ConnectorContext context)
    {
        foreach (var rule in Rules) KnownConditions[rule.Condition] = rule;
        LiveConnectors++;
        return new FakePsaConnector(this, context);
    }

    /// <summary>The rules as a connector reads them.</summary>
    internal RuleBook Book() => FakeRuleBook.Write(this);
}
