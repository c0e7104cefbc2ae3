using System.ComponentModel;
using Deskbridge.Connectors.Http;

namespace Deskbridge.Connectors.Autotask;

/// <summary>The settings of an Autotask connection, in the order the form shows them.</summary>
public sealed class AutotaskOptions : IAlertingPreferences, IProxySettings
{
    /// <summary>The host that tells every tenant's zone.</summary>
    public const string VendorAddress = "https://webservices.autotask.net";

    private const string NetworkGroup = "Network";
    private const string TicketsGroup = "Which tickets raise alerts";
    private const string StatusGroup = "Statuses";
    private const string AlertsGroup = "Alerts and tickets";

    /// <summary>API user's user name; it also tells the zone.</summary>
    [Setting("Username", Required = true, Fixed = true, Placeholder = "hub@contoso.com",
        Help = "The user name (key) of the API user: Admin > Resources/Users (HR) > New > New API User.")]
    public string UserName { get; set; } = "";

    /// <summary>API user's password.</summary>
    [Setting("Secret", Required = true, Secret = true, Help = "The password that Autotask showed when the API user was made. It is kept as it is, with every sign in it.")]
    public string Secret { get; set; } = "";

    /// <summary>Tracking identifier.</summary>
    [Setting("API integration code", Required = true,
        Help = "The tracking identifier of the API user: choose \"Custom (internal integration)\" at the API user, which makes one.")]
    public string IntegrationCode { get; set; } = "";

    /// <summary>Where the zone is asked for; a zone's own address where that cannot be asked.</summary>
    [Setting("Web services address", Required = true, Address = true, Advanced = true, Placeholder = VendorAddress,
        Help = "Leave it: the zone of your Autotask is found by the user name. Enter a zone's address, such as https://webservices3.autotask.net, only where that fails.")]
    public string Address { get; set; } = VendorAddress;

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

    /// <summary>Calls an hour that all integrations may have made before this connection holds back what can wait. Default 10,000, the vendor's limit.</summary>
    [Setting("Hourly calls of the database", Group = NetworkGroup, Advanced = true,
        Help = "Autotask counts the calls of all integrations together. At half of it sweeps pause, at three quarters notes and other details; tickets and their changes go on to the end.")]
    public int HourlyCalls { get; set; } = 10_000;

    /// <summary>Companies whose tickets count (T10); empty for all.</summary>
    [Setting("Companies", Group = TicketsGroup, Help = "Comma-separated names or ids. Empty: every company.")]
    public string Companies { get; set; } = "";

    /// <summary>Filter in Autotask's own form (T10).</summary>
    [Setting("Query Filter", Group = TicketsGroup, Required = true, Multiline = true, RuleEvent = RuleSource.RaiseId,
        Help = "Autotask's own JSON form. Names of statuses, priorities, queues and other lists may stand in place of their API values, for example {\"op\":\"eq\",\"field\":\"priority\",\"value\":\"Critical\"}. Dry run shows which tickets match.")]
    public string QueryFilter { get; set; } = """{"op":"eq","field":"status","value":1}""";

    /// <summary>Age limit of tickets that raise an alert, in hours. Default 360.</summary>
    [Setting("Age limit in hours", Group = TicketsGroup, Advanced = true, Help = "Tickets created earlier raise no alert.")]
    public int AgeHours { get; set; } = 360;

    /// <summary>Status set on acknowledge; empty for none.</summary>
    [Setting("Status set when the alert is acknowledged", Group = StatusGroup, Help = "Name or API value. Empty: the status stays.")]
    public string AcknowledgedStatus { get; set; } = "In Progress";

    /// <summary>Further statuses that acknowledge.</summary>
    [Setting("Further statuses that acknowledge the alert", Group = StatusGroup,
        Help = "Comma-separated. The one above always does. A ticket in any of them is left in it when its alert is acknowledged.")]
    public string AcknowledgingStatuses { get; set; } = "";

    /// <summary>Status set on close; empty for none.</summary>
    [Setting("Status set when the alert is closed", Group = StatusGroup, Help = "Name or API value. Empty: the status stays.")]
    public string ClosedStatus { get; set; } = "Complete";

    /// <summary>Further statuses that close.</summary>
    [Setting("Further statuses that close the alert", Group = StatusGroup, Help = "Comma-separated. Complete, API value 5, and the one above always do.")]
    public string ClosingStatuses { get; set; } = "";

    /// <inheritdoc/>
    [Setting("Assign the person when", Group = AlertsGroup, Help = "People and resources are matched by the resource's email. Autotask wants a role with it: the resource's default service desk role is taken.")]
    public OwnerAssignment OwnerAssignment { get; set; } = OwnerAssignment.OnAcknowledge;

    /// <inheritdoc/>
    [Setting("Replace a primary resource whom somebody set", Group = AlertsGroup, Advanced = true)]
    public bool OverwriteOwner { get; set; }

    /// <inheritdoc/>
    [Setting("Status mappings", Group = AlertsGroup, Required = true, Help = "Which changes of state flow, and which way.")]
    public StatusFlows Flows { get; set; } = StatusFlows.All;

    /// <inheritdoc/>
    [Setting("When a ticket comes back", Group = AlertsGroup,
        Help = "It was complete and is open again, or it matches the Query Filter again. An open alert only gets a line in its timeline.")]
    public ReturnPolicy WhenTicketReturns { get; set; } = ReturnPolicy.ReopenAlert;

    /// <inheritdoc/>
    [Setting("Hours closed before a new alert", Group = AlertsGroup, Advanced = true, Help = "Counts only for the third choice above.")]
    public int NewAlertAfterHours { get; set; } = 24;

    /// <summary>Who sees notes that the hub writes. Default internal.</summary>
    [Setting("Publish notes to", Group = AlertsGroup, Help = "Comments on an alert become ticket notes that these people see.")]
    public NotePublish Publish { get; set; } = NotePublish.Internal;

    /// <summary>Note type by name or API value.</summary>
    [Setting("Note type", Group = AlertsGroup, Advanced = true, Help = "Name or API value. Autotask's own are Task Summary (1), Task Detail (2) and Task Notes (3).")]
    public string NoteType { get; set; } = "3";

    /// <summary>State changes that are told in a note (T5). Default acknowledge and close.</summary>
    [Setting("Ticket note when the alert is", Group = AlertsGroup)]
    public NoteMoments NotesWhen { get; set; } = NoteMoments.Acknowledged | NoteMoments.Closed;

    /// <summary>Details read for an alert. Default all.</summary>
    [Setting("Additional details", Group = AlertsGroup, Advanced = true, Help = "Read from Autotask and shown beside the ticket. Each costs a call or two per alert; those of many alerts are read together.")]
    public AutotaskDetails Details { get; set; } = AutotaskDetails.All;

    /// <inheritdoc/>
    public NoteFlags NoteFlags => Publish == NotePublish.AllUsers ? NoteFlags.Discussion : NoteFlags.Internal;

    /// <inheritdoc/>
    public NoteFlags AcknowledgeNoteFlags => FlagsWhen(NoteMoments.Acknowledged);

    /// <inheritdoc/>
    public NoteFlags CloseNoteFlags => FlagsWhen(NoteMoments.Closed);

    /// <inheritdoc/>
    public NoteFlags BackNoteFlags => FlagsWhen(NoteMoments.Back);

    private NoteFlags FlagsWhen(NoteMoments moment) => NotesWhen.HasFlag(moment) ? NoteFlags : NoteFlags.None;
}

/// <summary>Who sees a note.</summary>
public enum NotePublish
{
    /// <summary>Autotask's "Internal Project Team", value 2.</summary>
    [Description("Internal")]
    Internal,

    /// <summary>Autotask's "Internal &amp; Co-Managed", value 4.</summary>
    [Description("Internal and co-managed")]
    CoManaged,

    /// <summary>Autotask's "All Autotask Users", value 1: the customer too.</summary>
    [Description("All Autotask users (visible to the customer)")]
    AllUsers,
}

/// <summary>State changes that are told in a note.</summary>
[Flags]
public enum NoteMoments
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Acknowledged.</summary>
    [Description("acknowledged")]
    Acknowledged = 1,

    /// <summary>Closed.</summary>
    [Description("closed")]
    Closed = 2,

    /// <summary>Given back or opened again.</summary>
    [Description("given back or re-opened")]
    Back = 4,
}

/// <summary>Details that are read beside the ticket.</summary>
[Flags]
public enum AutotaskDetails
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Notes.</summary>
    [Description("Notes")]
    Notes = 1,

    /// <summary>Company: address and phone.</summary>
    [Description("Company")]
    Company = 2,

    /// <summary>Contact: phone numbers and email.</summary>
    [Description("Contact")]
    Contact = 4,

    /// <summary>The configuration items of the ticket.</summary>
    [Description("Configuration items")]
    ConfigurationItem = 8,

    /// <summary>Secondary resources, with their roles.</summary>
    [Description("Secondary resources")]
    SecondaryResources = 16,

    /// <summary>Attachments, by name and size.</summary>
    [Description("Attachments")]
    Attachments = 32,

    /// <summary>All.</summary>
    All = Notes | Company | Contact | ConfigurationItem | SecondaryResources | Attachments,
}
