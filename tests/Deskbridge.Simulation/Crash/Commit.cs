using Deskbridge.Connectors;

namespace Deskbridge.Simulation.Crash;

/// <summary>What a commit of the sandbox is about.</summary>
internal enum Thing
{
    /// <summary>A ticket.</summary>
    Ticket,

    /// <summary>A note of a ticket.</summary>
    Note,

    /// <summary>A file of a ticket.</summary>
    File,

    /// <summary>A schedule entry for a ticket.</summary>
    ScheduleEntry,

    /// <summary>Whatever else there is.</summary>
    Other,
}

/// <summary>One line of the sandbox's log, in words that fit any vendor: a record as a commit left it.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="Thing">What it is about.</param>
/// <param name="Table">The vendor's word for that.</param>
/// <param name="Id">The record.</param>
/// <param name="Added">The record is new.</param>
/// <param name="IsHub">The hub made it.</param>
/// <param name="Line">The line itself.</param>
internal sealed record Commit(long Seq, Thing Thing, string Table, string Id, bool Added, bool IsHub, string Line)
{
    /// <summary>The ticket that it is about, or that the record hangs on; null for none.</summary>
    public string? Ticket { get; init; }

    /// <summary>The record is there no more.</summary>
    public bool Gone { get; init; }

    /// <summary>Of a ticket: the status was changed.</summary>
    public bool ChangesStatus { get; init; }

    /// <summary>Of a ticket: status, owner or markers were changed, which nothing but a write of fields does.</summary>
    public bool ChangesFields { get; init; }

    /// <summary>Of a ticket: neutral field name to value, as the commit left them.</summary>
    public IReadOnlyDictionary<string, string?> Fields { get; init; } = new Dictionary<string, string?>();

    /// <summary>Of a ticket: the name of its status.</summary>
    public string StatusName { get; init; } = "none";

    /// <summary>Text of a note, title of a file or ticket.</summary>
    public string Text { get; init; } = "";

    /// <summary>Of a schedule entry: it was ended.</summary>
    public bool Done { get; init; }

    public bool Closed => this[TicketFields.Closed] == "true";

    public string? this[string field] => Fields.GetValueOrDefault(field);

    public string Shown => Thing == Thing.Ticket
        ? $"{Seq} {(IsHub ? "hub" : "technician")} {(Added ? "added" : "changed")} status \"{StatusName}\" owner {this[TicketFields.Owner]} marker \"{this[TicketFields.MarkerStatus]}\" user {this[TicketFields.MarkerUser]}"
        : Line;
}
