namespace Deskbridge.Connectors;

/// <summary>Reads, adds and changes ticket notes.</summary>
public interface ITicketNotes
{
    /// <summary>Every note of a ticket, oldest first.</summary>
    /// <param name="ticketId">Remote id of the ticket.</param>
    /// <param name="cancel">Ends the call.</param>
    Task<IReadOnlyList<RemoteNote>> ReadNotesAsync(string ticketId, CancellationToken cancel);

    /// <summary>Adds a note and answers it as the remote stored it.</summary>
    /// <param name="ticketId">Remote id of the ticket.</param>
    /// <param name="draft">Text, flags and author.</param>
    /// <param name="cancel">Ends the call; the write is then in doubt.</param>
    Task<RemoteNote> AddNoteAsync(string ticketId, NoteDraft draft, CancellationToken cancel);

    /// <summary>Changes the text of a note and nothing else of it; answers it as the remote stored it.</summary>
    /// <param name="ticketId">Remote id of the ticket.</param>
    /// <param name="noteId">Remote id of the note.</param>
    /// <param name="text">The whole text, marker line included.</param>
    /// <param name="cancel">Ends the call; the write is then in doubt.</param>
    /// <exception cref="ConnectorNotFoundException">The ticket has no such note.</exception>
    Task<RemoteNote> EditNoteAsync(string ticketId, string noteId, string text, CancellationToken cancel);
}

/// <summary>A ticket note as the remote holds it.</summary>
/// <param name="Id">Remote id.</param>
/// <param name="Text">The text.</param>
/// <param name="Author">Who wrote it, for display.</param>
/// <param name="AuthorId">The author's member id, when a member wrote it.</param>
/// <param name="CreatedAt">On the remote's clock.</param>
/// <param name="Flags">Where the note shows.</param>
public sealed record RemoteNote(string Id, string Text, string? Author, string? AuthorId, DateTimeOffset CreatedAt, NoteFlags Flags);

/// <summary>A note to add.</summary>
/// <param name="Text">The whole text, marker line included.</param>
/// <param name="Flags">Where it shows.</param>
/// <param name="MemberId">The member it is written for; null for the API member.</param>
public sealed record NoteDraft(string Text, NoteFlags Flags, string? MemberId);

/// <summary>Where a note shows. ConnectWise names: discussion, internal analysis, resolution.</summary>
[Flags]
public enum NoteFlags
{
    /// <summary>No flag.</summary>
    None = 0,

    /// <summary>Internal analysis: not visible to the customer.</summary>
    [System.ComponentModel.Description("Internal (not visible to the customer)")]
    Internal = 1,

    /// <summary>Discussion: visible to the customer.</summary>
    [System.ComponentModel.Description("Discussion (visible to the customer)")]
    Discussion = 2,

    /// <summary>Resolution.</summary>
    [System.ComponentModel.Description("Resolution")]
    Resolution = 4,
}

/// <summary>Reads details that an alert shows beside the ticket.</summary>
public interface IReadsTicketDetails
{
    /// <summary>Whether the connection's settings ask for any; otherwise nothing need be read.</summary>
    bool ReadsDetails => true;

    /// <summary>Reads the details the connection's settings ask for. Costs one call per kind of detail.</summary>
    /// <param name="ticket">The ticket as last read.</param>
    /// <param name="cancel">Ends the call.</param>
    Task<TicketDetails> ReadDetailsAsync(RemoteTicket ticket, CancellationToken cancel);

    /// <summary>The details that the ticket's own body holds, read without any call: priority, company, contact and so on.</summary>
    /// <param name="ticket">The ticket as last read.</param>
    IReadOnlyList<TicketDetail> DetailsInBody(RemoteTicket ticket);
}

/// <summary>Reads the details of many tickets in about as many calls as those of one.</summary>
public interface IReadsDetailsTogether : IReadsTicketDetails
{
    /// <summary>Reads the details of these tickets, in their order.</summary>
    /// <param name="tickets">The tickets as last read, at most 100.</param>
    /// <param name="cancel">Ends the call.</param>
    Task<IReadOnlyList<TicketDetails>> ReadDetailsAsync(IReadOnlyList<RemoteTicket> tickets, CancellationToken cancel);
}

/// <summary>Details beside a ticket.</summary>
/// <param name="Items">In the order they are shown.</param>
/// <param name="Notes">Notes, oldest first; null when the settings do not ask for them.</param>
/// <param name="Problems">Kinds of detail that could not be read, with the reason; shown instead of them.</param>
public sealed record TicketDetails(IReadOnlyList<TicketDetail> Items, IReadOnlyList<RemoteNote>? Notes, IReadOnlyList<string> Problems);

/// <summary>One detail.</summary>
/// <param name="Group">For example "Tasks", "Company".</param>
/// <param name="Name">Label.</param>
/// <param name="Value">Plain text.</param>
public sealed record TicketDetail(string Group, string Name, string Value)
{
    /// <summary>The neutral field that it is in the words of the remote system (<see cref="TicketFields"/>), for example its "Queue" for the board; null for one of its own.</summary>
    public string? Field { get; init; }

    /// <summary>When what it says is due; null where it is not, or cannot be told.</summary>
    public DateTimeOffset? Due { get; init; }
}

/// <summary>Reads people of the remote system.</summary>
public interface IReadsMembers
{
    /// <summary>Every active member.</summary>
    /// <param name="cancel">Ends the call.</param>
    Task<IReadOnlyList<RemoteMember>> ReadMembersAsync(CancellationToken cancel);

    /// <summary>Every member, inactive ones too, for a look at who is matched with whom.</summary>
    /// <param name="cancel">Ends the call.</param>
    Task<IReadOnlyList<RemoteMember>> ReadAllMembersAsync(CancellationToken cancel) => ReadMembersAsync(cancel);
}

/// <summary>A person's record in the remote system.</summary>
/// <param name="Id">Remote id.</param>
/// <param name="Identifier">Short sign-in name.</param>
/// <param name="Name">Display name.</param>
/// <param name="Email">Office email, the one people are matched by; null when empty.</param>
public sealed record RemoteMember(string Id, string Identifier, string Name, string? Email)
{
    /// <summary>False for a member who may not sign in any more.</summary>
    public bool Active { get; init; } = true;
}

/// <summary>Reads the boards (or queues) and their statuses.</summary>
public interface IReadsBoards
{
    /// <summary>Every board has the same statuses, so that none need be chosen by board. Default false.</summary>
    bool SameStatuses => false;

    /// <summary>Every active board.</summary>
    /// <param name="cancel">Ends the call.</param>
    Task<IReadOnlyList<RemoteRef>> ReadBoardsAsync(CancellationToken cancel);

    /// <summary>The statuses of one board, inactive ones left out.</summary>
    /// <param name="boardId">Remote id of the board.</param>
    /// <param name="cancel">Ends the call.</param>
    Task<IReadOnlyList<RemoteStatus>> ReadStatusesAsync(string boardId, CancellationToken cancel);
}

/// <summary>A status of a board.</summary>
/// <param name="Id">Remote id.</param>
/// <param name="Name">Display name; names repeat across boards.</param>
/// <param name="Closed">A ticket in it counts as closed.</param>
public sealed record RemoteStatus(string Id, string Name, bool Closed);

/// <summary>Assigns people to tickets by schedule entries.</summary>
public interface ISchedulesMembers
{
    /// <summary>The members who have an open (not done) entry on the ticket.</summary>
    /// <param name="ticketId">Remote id of the ticket.</param>
    /// <param name="cancel">Ends the call.</param>
    Task<IReadOnlyList<RemoteScheduleEntry>> ReadScheduleAsync(string ticketId, CancellationToken cancel);

    /// <summary>Schedules a member on a ticket, without a time slot.</summary>
    /// <param name="ticketId">Remote id of the ticket.</param>
    /// <param name="memberId">Remote id of the member.</param>
    /// <param name="cancel">Ends the call; the write is then in doubt.</param>
    Task<RemoteScheduleEntry> AddScheduleAsync(string ticketId, string memberId, CancellationToken cancel);

    /// <summary>Marks an entry done. Doing it twice is doing it once.</summary>
    /// <param name="ticketId">Remote id of the ticket.</param>
    /// <param name="entryId">Remote id of the entry.</param>
    /// <param name="cancel">Ends the call; the write is then in doubt.</param>
    Task EndScheduleAsync(string ticketId, string entryId, CancellationToken cancel);
}

/// <summary>An entry of a ticket's schedule.</summary>
/// <param name="Id">Remote id.</param>
/// <param name="MemberId">Who is scheduled.</param>
/// <param name="Done">Finished.</param>
public sealed record RemoteScheduleEntry(string Id, string MemberId, bool Done)
{
    /// <summary>It is more than <see cref="ISchedulesMembers.AddScheduleAsync"/> makes it: somebody planned time for it, or the member confirmed it.</summary>
    public bool Worked { get; init; }
}
