using System.ComponentModel;
using Deskbridge.Connectors.Http;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>The settings of a ConnectWise PSA connection, in the order the form shows them.</summary>
public sealed class ConnectWisePsaOptions : IAlertingPreferences, IProxySettings
{
    private const string KeysGroup = "Changing keys";
    private const string NetworkGroup = "Network";
    private const string RulesGroup = "Workflow rules";
    private const string FieldsGroup = "Custom fields";
    private const string AlertsGroup = "Alerts and tickets";
    private const string NewRulesGroup = "Conditions of newly created rules";

    /// <summary>Root address of the instance; stored as its origin, without <c>api-</c> on cloud hosts.</summary>
    [Setting("Instance URI", Required = true, Address = true, Placeholder = "https://na.myconnectwise.net",
        Help = "The address you sign in at, without a path. On-premises servers may carry a port.")]
    public string InstanceUri { get; set; } = "";

    /// <summary>Login company.</summary>
    [Setting("Company ID", Required = true, Fixed = true, Help = "The company you enter when signing in to ConnectWise.")]
    public string CompanyId { get; set; } = "";

    /// <summary>Identifier of the API member, to confirm whose keys these are.</summary>
    [Setting("API Member ID", Required = true, Placeholder = "deskbridge", Help = "System > Members > API Members tab.")]
    public string MemberId { get; set; } = "";

    /// <summary>Public half of the API member's key.</summary>
    [Setting("Public API Key", Required = true, Help = "API Keys tab of the API member.")]
    public string PublicKey { get; set; } = "";

    /// <summary>Private half of the API member's key.</summary>
    [Setting("Private API Key", Required = true, Secret = true, Help = "Shown by ConnectWise once, when the key is made.")]
    public string PrivateKey { get; set; } = "";

    /// <summary>The integration's client id, a GUID.</summary>
    [Setting("Client ID", Required = true, Placeholder = "00000000-0000-0000-0000-000000000000",
        Help = "From developer.connectwise.com > My Account > ClientID. ConnectWise demands it with every call.")]
    public string ClientId { get; set; } = "";

    /// <summary>Public half of a second key, while keys are changed.</summary>
    [Setting("Second Public API Key", Group = KeysGroup, Advanced = true,
        Help = "To change keys without a gap: enter the new pair here, Test, then Use the second key. Empty it to drop the pair.")]
    public string? SecondPublicKey { get; set; }

    /// <summary>Private half of the second key.</summary>
    [Setting("Second Private API Key", Group = KeysGroup, Advanced = true, Secret = true, Help = "Used when ConnectWise refuses the first.")]
    public string? SecondPrivateKey { get; set; }

    /// <inheritdoc/>
    [Setting("Proxy", Group = NetworkGroup, Advanced = true, Placeholder = "http://proxy.example.com:3128",
        Help = "Every call of this connection goes through it. Empty: the proxy of this machine's environment, if there is one.")]
    public string? Proxy { get; set; }

    /// <inheritdoc/>
    [Setting("Proxy user", Group = NetworkGroup, Advanced = true)]
    public string? ProxyUser { get; set; }

    /// <inheritdoc/>
    [Setting("Proxy password", Group = NetworkGroup, Advanced = true, Secret = true, GoesTo = nameof(Proxy))]
    public string? ProxyPassword { get; set; }

    /// <summary>PEM certificates trusted for this connection instead of the system's. Default none.</summary>
    [Setting("Custom CA certificate", Group = NetworkGroup, Multiline = true, Advanced = true, Trust = true,
        Help = "PEM text of the authority that signed the server's certificate, when it is not a public one.")]
    public string? CertificateAuthority { get; set; }

    /// <summary>Rule that says which tickets become alerts.</summary>
    [Setting("Workflow name: trigger alerts", Group = RulesGroup, Required = true, Help = "Created when it does not exist. It stays deactivated.")]
    public string TriggerRule { get; set; } = "SIGNL4 - Trigger Signls";

    /// <summary>Rule that says when a ticket acknowledges or closes its alert.</summary>
    [Setting("Workflow name: update alerts", Group = RulesGroup, Required = true, Help = "Created when it does not exist. It stays deactivated.")]
    public string UpdateRule { get; set; } = "SIGNL4 - Update Signls";

    /// <summary>Rule that says what an acknowledge or close changes in the ticket.</summary>
    [Setting("Workflow name: update tickets", Group = RulesGroup, Required = true, Help = "Created when it does not exist. It stays deactivated.")]
    public string WriteRule { get; set; } = "SIGNL4 - Update CW Tickets";

    /// <summary>Checkbox field: the ticket was taken over.</summary>
    [Setting("Custom field: retrieved", Group = FieldsGroup, Required = true, Help = "Checkbox, hidden on the ticket. Created when it does not exist.")]
    public string RetrievedField { get; set; } = "Signl4Retrieved_c";

    /// <summary>Text field: the alert's state word.</summary>
    [Setting("Custom field: status", Group = FieldsGroup, Required = true, Help = "Text, hidden on the ticket. Created when it does not exist.")]
    public string StatusField { get; set; } = "Signl4Status_c";

    /// <summary>Text field: who acted last.</summary>
    [Setting("Custom field: user", Group = FieldsGroup, Required = true, Help = "Text, hidden on the ticket. Created when it does not exist.")]
    public string UserField { get; set; } = "Signl4User_c";

    /// <inheritdoc/>
    [Setting("Owner assignment when", Group = AlertsGroup, Help = "People and members are matched by the member's office email.")]
    public OwnerAssignment OwnerAssignment { get; set; } = OwnerAssignment.OnAcknowledge;

    /// <inheritdoc/>
    [Setting("Replace an owner whom somebody set", Group = AlertsGroup, Advanced = true)]
    public bool OverwriteOwner { get; set; }

    /// <inheritdoc/>
    [Setting("Status mappings", Group = AlertsGroup, Required = true, Help = "Which changes of state flow, and which way.")]
    public StatusFlows Flows { get; set; } = StatusFlows.All;

    /// <inheritdoc/>
    [Setting("Status by board", Group = AlertsGroup, Help = "Chosen on a page of its own: Status by board.")]
    public IReadOnlyList<BoardStatus> BoardStatuses { get; set; } = [];

    /// <inheritdoc/>
    [Setting("When a ticket comes back", Group = AlertsGroup,
        Help = "It was closed and is open again, or it matches the trigger rule again. An open alert only gets a line in its timeline.")]
    public ReturnPolicy WhenTicketReturns { get; set; } = ReturnPolicy.ReopenAlert;

    /// <inheritdoc/>
    [Setting("Hours closed before a new alert", Group = AlertsGroup, Advanced = true, Help = "Counts only for the third choice above.")]
    public int NewAlertAfterHours { get; set; } = 24;

    /// <inheritdoc/>
    [Setting("When a ticket comes back, by event", Group = AlertsGroup, Help = "Chosen on the page of each raising event: Rules, Edit.")]
    public IReadOnlyList<EventReturn> EventReturns { get; set; } = [];

    /// <inheritdoc/>
    [Setting("Note options", Group = AlertsGroup, Help = "Comments on an alert become ticket notes of this kind.")]
    public NoteFlags NoteFlags { get; set; } = NoteFlags.Internal;

    /// <inheritdoc/>
    [Setting("Note when the alert is acknowledged", Group = AlertsGroup, Advanced = true, Help = "None ticked: no note is written.")]
    public NoteFlags AcknowledgeNoteFlags { get; set; }

    /// <inheritdoc/>
    [Setting("Note when the alert is closed", Group = AlertsGroup, Advanced = true, Help = "None ticked: no note is written.")]
    public NoteFlags CloseNoteFlags { get; set; }

    /// <inheritdoc/>
    [Setting("Note when the alert is given back or re-opened", Group = AlertsGroup, Advanced = true, Help = "None ticked: no note is written.")]
    public NoteFlags BackNoteFlags { get; set; }

    /// <summary>Whether files that people attach to alerts become documents of the ticket. Default true.</summary>
    [Setting("Files of alerts become documents of the ticket", Group = AlertsGroup, Advanced = true, Help = "Off: nobody can attach files to alerts of this connection, and the role needs no right for documents but to show them.")]
    public bool Attachments { get; set; } = true;

    /// <summary>Linked details read for an alert. Default notes, tasks, company and contact.</summary>
    [Setting("Additional details", Group = AlertsGroup, Help = "Read from ConnectWise and shown beside the ticket; each costs one or two calls per alert.")]
    public PsaDetails Details { get; set; } = PsaDetails.Notes | PsaDetails.Tasks | PsaDetails.Company | PsaDetails.Contact;

    /// <summary>Age limit written into new rules, in hours. Default 360.</summary>
    [Setting("Age limit in hours", Group = NewRulesGroup, Advanced = true, Help = "Older tickets raise no alert. Afterwards the rule itself counts.")]
    public int AgeHours { get; set; } = 360;

    /// <summary>Status that raises an alert in a new trigger rule.</summary>
    [Setting("Status that raises an alert", Group = NewRulesGroup, Advanced = true)]
    public string NewStatus { get; set; } = "New (not responded)";

    /// <summary>Status that acknowledges an alert in a new update rule.</summary>
    [Setting("Status that acknowledges the alert", Group = NewRulesGroup, Advanced = true)]
    public string InProgressStatus { get; set; } = "In Progress (plan of action)";

    /// <summary>Status set on acknowledge by a new write rule.</summary>
    [Setting("Status set when the alert is acknowledged", Group = NewRulesGroup, Advanced = true)]
    public string AssignedStatus { get; set; } = "Assigned (responded)";

    /// <summary>Status that closes an alert, and that a new write rule sets on close.</summary>
    [Setting("Status of closed tickets", Group = NewRulesGroup, Advanced = true)]
    public string ClosedStatus { get; set; } = "Closed (resolved)";

    /// <summary>The same settings with the second key in the place of the first, and no second.</summary>
    internal ConnectWisePsaOptions WithSecondKey()
    {
        var changed = (ConnectWisePsaOptions)MemberwiseClone();
        changed.PromoteSecondKey();
        return changed;
    }

    /// <summary>The same settings with the first key alone.</summary>
    internal ConnectWisePsaOptions WithoutSecondKey()
    {
        var changed = (ConnectWisePsaOptions)MemberwiseClone();
        (changed.SecondPublicKey, changed.SecondPrivateKey) = (null, null);
        return changed;
    }

    /// <summary>The second key takes the place of the first, which is dropped.</summary>
    internal void PromoteSecondKey() => (PublicKey, PrivateKey, SecondPublicKey, SecondPrivateKey) = (SecondPublicKey ?? "", SecondPrivateKey ?? "", null, null);
}

/// <summary>Details that are read beside the ticket (S42).</summary>
[Flags]
public enum PsaDetails
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Notes.</summary>
    [Description("Notes")]
    Notes = 1,

    /// <summary>Tasks.</summary>
    [Description("Tasks")]
    Tasks = 2,

    /// <summary>Company: address, phone, website.</summary>
    [Description("Company")]
    Company = 4,

    /// <summary>Contact: phone numbers and addresses.</summary>
    [Description("Contact")]
    Contact = 8,

    /// <summary>Configurations attached to the ticket.</summary>
    [Description("Configurations")]
    Configurations = 16,

    /// <summary>Site: address and phone.</summary>
    [Description("Site")]
    Site = 32,

    /// <summary>Documents: names and sizes.</summary>
    [Description("Documents (names and sizes)")]
    Documents = 64,
}
