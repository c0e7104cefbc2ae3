using Deskbridge.Connectors;
using Deskbridge.Testing;

namespace Deskbridge.Simulation.World;

/// <summary>
/// The connector of a simulated Autotask: the list of changed tickets is read whole and put in order here, and a write answers only an id, so that
/// what it left behind is read in a call of its own, with whatever a technician did in between.
/// </summary>
internal sealed class SimulatedAutotask(SimulatedPsa psa, ConnectorContext context, ManualTime clock) : SimulatedConnector(psa, context, clock)
{
    public override bool SharesCalls => true;

    public override bool AnswersLater => true;

    public override bool SameStatuses => true;

    public override Task<TicketPage> ReadChangedAsync(DateTimeOffset since, int page, int pageSize, CancellationToken cancel) => CallAsync(
        "list", "", writes: false,
        () => Task.FromResult(new TicketPage(
            [.. Visible(Psa.ListLag).Where(ticket => ticket.UpdatedAt >= since).OrderBy(ticket => ticket.UpdatedAt).ThenBy(ticket => ticket.Id, StringComparer.Ordinal).Select(ticket => ticket.ToRemote())],
            Full: false)),
        cancel);

    public override async Task<RemoteTicket> UpdateTicketAsync(string remoteId, TicketUpdate update, CancellationToken cancel)
    {
        await base.UpdateTicketAsync(remoteId, update, cancel);
        return await AfterWriteAsync(() => ReadTicketAsync(remoteId, cancel));
    }

    public override async Task<RemoteNote> AddNoteAsync(string ticketId, NoteDraft draft, CancellationToken cancel)
    {
        var made = await base.AddNoteAsync(ticketId, draft, cancel);
        return await AfterWriteAsync(() => ReadNoteAsync(ticketId, made.Id, cancel));
    }

    public override async Task<RemoteNote> EditNoteAsync(string ticketId, string noteId, string text, CancellationToken cancel)
    {
        await base.EditNoteAsync(ticketId, noteId, text, cancel);
        return await AfterWriteAsync(() => ReadNoteAsync(ticketId, noteId, cancel));
    }

    private Task<RemoteNote?> ReadNoteAsync(string ticketId, string noteId, CancellationToken cancel) =>
        CallAsync("note", ticketId, writes: false, () => Task.FromResult(Psa.NoteOf(ticketId, noteId)), cancel);

    /// <summary>Whatever keeps it from being read, the write itself was taken.</summary>
    private static async Task<T> AfterWriteAsync<T>(Func<Task<T?>> read)
        where T : class
    {
        try
        {
            return await read() ?? throw new ConnectorUnavailableException("The record is not there.", mayHaveBeenApplied: true);
        }
        catch (ConnectorException failure) when (failure is not ConnectorUnavailableException { MayHaveBeenApplied: true })
        {
            throw new ConnectorUnavailableException(failure.Message, mayHaveBeenApplied: true, failure);
        }
    }
}
