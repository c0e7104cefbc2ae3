namespace Deskbridge.Connectors;

/// <summary>What alerting needs to know of a connection's settings; implemented by options types of connectors that carry tickets.</summary>
public interface IAlertingPreferences
{
    /// <summary>Which state changes flow, and which way.</summary>
    StatusFlows Flows { get; }

    /// <summary>When the acting person becomes the ticket's owner.</summary>
    OwnerAssignment OwnerAssignment { get; }

    /// <summary>Whether an owner that a person set may be replaced. Default false.</summary>
    bool OverwriteOwner { get; }

    /// <summary>Flags of notes that come from alert comments. Default internal.</summary>
    NoteFlags NoteFlags { get; }
}

/// <summary>The four status mappings of the source document (S38).</summary>
[Flags]
public enum StatusFlows
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>A ticket change acknowledges the alert.</summary>
    [System.ComponentModel.Description("Updated in the ticket → acknowledged in Deskbridge")]
    TicketAcknowledges = 1,

    /// <summary>A ticket change closes the alert.</summary>
    [System.ComponentModel.Description("Updated in the ticket → closed in Deskbridge")]
    TicketCloses = 2,

    /// <summary>An acknowledge in the hub changes the ticket.</summary>
    [System.ComponentModel.Description("Acknowledged in Deskbridge → update the ticket")]
    AcknowledgeUpdates = 4,

    /// <summary>A close in the hub changes the ticket.</summary>
    [System.ComponentModel.Description("Closed in Deskbridge → update the ticket")]
    CloseUpdates = 8,

    /// <summary>All four.</summary>
    All = TicketAcknowledges | TicketCloses | AcknowledgeUpdates | CloseUpdates,
}

/// <summary>When the acting person becomes the ticket's owner (S36).</summary>
public enum OwnerAssignment
{
    /// <summary>Never.</summary>
    [System.ComponentModel.Description("Never")]
    Never,

    /// <summary>When the alert is acknowledged.</summary>
    [System.ComponentModel.Description("Alert is acknowledged")]
    OnAcknowledge,

    /// <summary>When the alert is closed.</summary>
    [System.ComponentModel.Description("Alert is closed")]
    OnClose,

    /// <summary>At either.</summary>
    [System.ComponentModel.Description("Alert is acknowledged or closed")]
    Both,
}
