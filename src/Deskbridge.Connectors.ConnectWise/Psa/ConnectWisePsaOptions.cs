using System.ComponentModel;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>The settings of a ConnectWise PSA connection, in the order the form shows them.</summary>
public sealed class ConnectWisePsaOptions : IAlertingPreferences
{
    private const string RulesGroup = "Workflow rules";
    private const string FieldsGroup = "Custom fields";
    private const string AlertsGroup = "Alerts and tickets";
    private const string NewRulesGroup = "Conditions of newly created rules";

    /// <summary>Root address of the instance; stored as its origin, without <c>api-</c> on cloud hosts.</summary>
    [Setting("Instance URI", Required = true, Placeholder = "https://na.myconnectwise.net",
        Help = "The address you sign in at, without a path. On-premises servers may carry a port.")]
    public string InstanceUri { get; set; } = "";

    /// <summary>Login company.</summary>
    [Setting("Company ID", Required = true, Help = "The company you enter when signing in to ConnectWise.")]
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

    /// <summary>PEM certificates trusted for this connection instead of the system's. Default none.</summary>
    [Setting("Custom CA certificate", Multiline = true, Advanced = true,
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
    [Setting("Note options", Group = AlertsGroup, Help = "Comments on an alert become ticket notes of this kind.")]
    public NoteFlags NoteFlags { get; set; } = NoteFlags.Internal;

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
}
