namespace Deskbridge.Core.Connections;

/// <summary>A kind of entry in the event log.</summary>
/// <param name="Name">As it is stored and filtered by.</param>
/// <param name="Meaning">What entries of it say, for people.</param>
internal sealed record EventKind(string Name, string Meaning);

/// <summary>The kinds of entries, in the order in which a page offers them. Pages, API and the dispatcher's guide take them from here.</summary>
internal static class EventKinds
{
    public static IReadOnlyList<EventKind> All { get; } =
    [
        new("callback", "the remote system said that a ticket changed; the body is kept"),
        new("refused-callback", "a callback whose signature, company or address is wrong; nothing was believed"),
        new("received", "a mail or a callout came to a team, and what became of it; as it came"),
        new("ignored", "a mail that raises nothing, such as an automatic reply or a copy, and why; as it came"),
        new("refused-intake", "something that is no mail of that provider, or no callout, with the reason"),
        new("raised", "a ticket became an alert, with the clauses"),
        new("adopted", "a connection took over an alert that a mail or a callout had raised"),
        new("acknowledged", "somebody took an alert, or its ticket did: who, or which clauses; with a link to the alert"),
        new("unacknowledged", "an alert was given back, or its ticket came back"),
        new("closed", "an alert was closed: by whom, or by which clauses of its ticket"),
        new("reopened", "a closed alert was opened again"),
        new("escalated", "somebody escalated an alert"),
        new("ticket-updated", "somebody chose a status for the ticket of an alert"),
        new("note", "somebody wrote a note"),
        new("note-edited", "somebody edited a note"),
        new("file", "somebody attached a file"),
        new("replay", "somebody replayed an event, and what came of it"),
        new("rejected", "the remote system refused a write, with the reason"),
        new("failure", "a read failed, with the reason"),
        new("missing", "a ticket was not found; many were not found at once; what somebody answered"),
        new("custom-fields", "the remote system wiped custom fields that a write had left out; the ticket as it was is kept"),
        new("markers", "another program wrote a marker field, and which"),
        new("alarm", "the hub raised or closed an alert of its own, such as *cannot be read*"),
        new("keys", "the second key took the place of the first, or was refused"),
        new("rights", "the account's rights changed, with the cells"),
        new("rules", "the rules were read anew and changed, wait for a confirmation, or cannot be read"),
        new("rule-edit", "somebody changed a rule here, with both texts"),
        new("sweep", "the daily comparison, with what differed"),
        new("subscriptions", "callbacks were registered or mended"),
        new("state", "somebody paused, resumed or disabled the connection"),
        new("version", "the remote system was updated"),
        new("test", "a test that failed, with what to mend"),
        new("dryrun", "a dry run that failed, with what to mend"),
        new("preview", "a preview of a rule that failed"),
        new("install", "somebody installed the connection, and what came of it"),
        new("sync", "somebody read everything again"),
        new("remove", "somebody removed the connection, and what was left in the remote system"),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(kind => kind.Name)];
}
