namespace Deskbridge.Connectors;

/// <summary>Lists the documents of tickets and adds some.</summary>
public interface ITicketDocuments
{
    /// <summary>Whether the connection's settings let files go to tickets.</summary>
    bool TakesDocuments { get; }

    /// <summary>Every document of a ticket.</summary>
    /// <param name="ticketId">Remote id of the ticket.</param>
    /// <param name="cancel">Ends the call.</param>
    Task<IReadOnlyList<RemoteDocument>> ReadDocumentsAsync(string ticketId, CancellationToken cancel);

    /// <summary>Adds a document and answers it as the remote stored it.</summary>
    /// <param name="ticketId">Remote id of the ticket.</param>
    /// <param name="draft">Title, name and content.</param>
    /// <param name="cancel">Ends the call; the write is then in doubt.</param>
    Task<RemoteDocument> AddDocumentAsync(string ticketId, DocumentDraft draft, CancellationToken cancel);
}

/// <summary>A document as the remote holds it, without its content.</summary>
/// <param name="Id">Remote id.</param>
/// <param name="Title">Its title; the hub's own carry their mark there.</param>
/// <param name="FileName">The name of the file.</param>
/// <param name="Size">Bytes; null when the remote does not say.</param>
public sealed record RemoteDocument(string Id, string Title, string FileName, long? Size);

/// <summary>A document to add.</summary>
/// <param name="Title">Its title, the mark included.</param>
/// <param name="FileName">The name of the file, without any folder.</param>
/// <param name="Content">Its bytes.</param>
public sealed record DocumentDraft(string Title, string FileName, ReadOnlyMemory<byte> Content);
