namespace Deskbridge.Core.Data;

/// <summary>This hub among those that share a database.</summary>
/// <param name="Id">Stays the same over restarts, so that a hub knows its own former claims.</param>
/// <param name="Name">What people call it: the machine's name.</param>
/// <param name="Alone">No other hub can be on the database: it is a SQLite file under a lock.</param>
public sealed record ThisNode(Guid Id, string Name, bool Alone);
