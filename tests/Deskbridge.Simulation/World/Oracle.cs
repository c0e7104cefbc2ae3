namespace Deskbridge.Simulation.World;

/// <summary>What happened at the remote, in order; nothing is ever taken back. The checkers believe this and nothing else.</summary>
internal sealed class Oracle
{
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<string, List<Entry>> _byTicket = new(StringComparer.Ordinal);

    public IReadOnlyList<Entry> Entries => _entries;

    public IReadOnlyList<Entry> Of(string ticketId) => _byTicket.GetValueOrDefault(ticketId) ?? [];

    public Entry Add(Entry entry)
    {
        entry = entry with { Seq = _entries.Count };
        _entries.Add(entry);
        if (!_byTicket.TryGetValue(entry.TicketId, out var ofTicket)) _byTicket[entry.TicketId] = ofTicket = [];
        ofTicket.Add(entry);
        return entry;
    }
}

/// <summary>What an entry of the log is.</summary>
internal enum EntryKind
{
    /// <summary>A ticket as a read by id was answered.</summary>
    Served,

    /// <summary>A technician's commit.</summary>
    Edited,

    /// <summary>A commit of the hub.</summary>
    Written,

    /// <summary>A note of the hub.</summary>
    NoteAdded,

    /// <summary>Another text for a note of the hub, by it.</summary>
    NoteEdited,

    /// <summary>Another text for a note of the hub, by a technician.</summary>
    NoteChanged,

    /// <summary>A document of the hub.</summary>
    DocumentAdded,

    /// <summary>A schedule entry of the hub.</summary>
    Scheduled,

    /// <summary>A schedule entry of the hub was ended by it.</summary>
    Unscheduled,

    /// <summary>A field or rule that the hub created.</summary>
    Provisioned,

    /// <summary>A field or rule that the hub removed.</summary>
    Unprovisioned,

    /// <summary>A call that failed on purpose.</summary>
    Fault,

    /// <summary>A value that the remote refused.</summary>
    Refused,
}

/// <summary>One line of the log.</summary>
internal sealed record Entry(EntryKind Kind, DateTimeOffset At, string TicketId)
{
    public int Seq { get; init; }

    /// <summary>Which connection's connector made the call.</summary>
    public Guid ConnectionId { get; init; }

    public SimulatedTicket? Before { get; init; }

    public SimulatedTicket? After { get; init; }

    /// <summary>The fields that the hub set.</summary>
    public IReadOnlyDictionary<string, string?> Set { get; init; } = new Dictionary<string, string?>();

    /// <summary>The effect row that stood in state Sent when the request came; null when there was none.</summary>
    public SentEffect? Effect { get; init; }

    /// <summary>Fault, field or text, by kind.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Read or write on behalf of the sender.</summary>
    public bool Guards { get; init; }
}

/// <summary>The row of the ledger behind a request.</summary>
internal sealed record SentEffect(Guid Id, string Key, int Attempts, bool MayReopen, bool ForceStatus, string? BaseStatus);
