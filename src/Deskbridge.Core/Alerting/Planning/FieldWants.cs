using Deskbridge.Connectors;
using Deskbridge.Core.Sync;

namespace Deskbridge.Core.Alerting.Planning;

/// <summary>Collects the values one write shall set; what the ticket shows already, and markers it lacks, are left out.</summary>
internal sealed class FieldWants(RemoteTicket ticket)
{
    private readonly Dictionary<string, string?> _set = [];
    private readonly Dictionary<string, string> _names = [];

    /// <summary>Whether the written status counts as closed; null when no status is written.</summary>
    public bool? ClosedAfter { get; private set; }

    /// <summary>The values collected so far.</summary>
    public IReadOnlyDictionary<string, string?> Set => _set;

    /// <summary>Asks for a value that the ticket does not show.</summary>
    public void Want(string field, string? value, string name, bool? closedAfter = null)
    {
        if (ticket[field] != value) Command(field, value, name, closedAfter);
    }

    /// <summary>
    /// Asks for a value even if the ticket showed it when it was last observed: what a person commanded is settled by the sender's own
    /// read, so that a change nobody has seen yet is decided and named instead of passing for what was asked.
    /// </summary>
    public void Command(string field, string? value, string name, bool? closedAfter = null)
    {
        if (TicketFields.IsMarker(field) && (!ticket.CarriesMarkers || ticket.MissingMarkers.Contains(field))) return;
        _set[field] = value;
        _names[field] = name;
        if (field == TicketFields.Status) ClosedAfter = closedAfter;
    }

    /// <summary>Asks for the markers of a state: taken over, and its word.</summary>
    public void WantMarkers(AlertStatus status)
    {
        Want(TicketFields.MarkerRetrieved, "true", "yes");
        Want(TicketFields.MarkerStatus, MarkerWord.Of(status), MarkerWord.Of(status) ?? "empty");
    }

    /// <summary>The write; null when there is nothing to set.</summary>
    public FieldWrite? ToWrite(string why, bool mayReopen = false, bool forceStatus = false) =>
        _set.Count == 0
            ? null
            : new FieldWrite(_set, _set.Keys.ToDictionary(f => f, f => ticket[f]), _names, ClosedAfter, mayReopen, forceStatus, why);
}
