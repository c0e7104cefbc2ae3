using Deskbridge.Connectors;

namespace Deskbridge.Testing;

/// <summary>Settings of the fake PSA: one of every kind of field.</summary>
public sealed class FakePsaOptions : IAlertingPreferences
{
    [Setting("Address", Required = true, Address = true, Placeholder = "https://psa.example.test")]
    public string Url { get; set; } = "";

    [Setting("Company", Fixed = true)]
    public string Company { get; set; } = "northbridge";

    [Setting("API key", Required = true, Secret = true)]
    public string ApiKey { get; set; } = "";

    [Setting("Second secret", Secret = true, Advanced = true)]
    public string? SecondSecret { get; set; }

    [Setting("Authority", Multiline = true, Advanced = true)]
    public string? Authority { get; set; }

    [Setting("Hours", Group = "Rules", Help = "Older tickets raise nothing.")]
    public int Hours { get; set; } = 360;

    [Setting("Owner assignment when", Group = "Alerts")]
    public OwnerAssignment OwnerAssignment { get; set; } = OwnerAssignment.OnAcknowledge;

    [Setting("Replace an owner whom somebody set", Group = "Alerts")]
    public bool OverwriteOwner { get; set; }

    [Setting("Status mappings", Group = "Alerts", Required = true)]
    public StatusFlows Flows { get; set; } = StatusFlows.All;

    [Setting("When a ticket comes back", Group = "Alerts")]
    public ReturnPolicy WhenTicketReturns { get; set; } = ReturnPolicy.ReopenAlert;

    [Setting("Hours closed before a new alert", Group = "Alerts")]
    public int NewAlertAfterHours { get; set; } = 24;

    [Setting("When a ticket comes back, by event", Group = "Alerts")]
    public IReadOnlyList<EventReturn> EventReturns { get; set; } = [];

    [Setting("Status by board", Group = "Alerts")]
    public IReadOnlyList<BoardStatus> BoardStatuses { get; set; } = [];

    [Setting("Note options", Group = "Alerts")]
    public NoteFlags NoteFlags { get; set; } = NoteFlags.Internal;

    [Setting("Note when acknowledged", Group = "Alerts")]
    public NoteFlags AcknowledgeNoteFlags { get; set; }

    [Setting("Note when closed", Group = "Alerts")]
    public NoteFlags CloseNoteFlags { get; set; }
}
