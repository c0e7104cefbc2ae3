namespace Deskbridge.Connectors;

/// <summary>One kind of remote system: what the gallery shows, the shape of its settings and how a connector is made from them.</summary>
public interface IConnectorType
{
    /// <summary>Stable key stored with every connection, for example <c>connectwise-psa</c>.</summary>
    string Kind { get; }

    /// <summary>The product's name as its vendor writes it.</summary>
    string Name { get; }

    /// <summary>One or two sentences for the gallery: what this connection does.</summary>
    string Summary { get; }

    /// <summary>The gallery's filter: PSA, RMM and so on.</summary>
    string Category { get; }

    /// <summary>Whether its tickets have numbers for people beside their ids, so that an id which somebody tells cannot be mistaken for a number. Default false.</summary>
    bool NumbersTickets => false;

    /// <summary>A class whose properties carry <see cref="SettingAttribute"/>; the settings form is drawn from it.</summary>
    Type OptionsType { get; }

    /// <summary>
    /// Checks and normalises settings a person typed (a URL loses its path, for example), without any call to the remote.
    /// </summary>
    /// <param name="options">An instance of <see cref="OptionsType"/>; changed in place where a value has one stored form.</param>
    /// <returns>One problem per setting that cannot be used; notices say what was normalised. Empty when all is well.</returns>
    IReadOnlyList<SettingProblem> Check(object options);

    /// <summary>
    /// What identifies the remote system to people, so that two connections to one are noticed: the account there. Never its address, for one system has
    /// many (http and https, names and numbers).
    /// </summary>
    /// <param name="options">An instance of <see cref="OptionsType"/>.</param>
    string InstanceKey(object options);

    /// <summary>The least that the account needs in the remote system for the features that are on; empty when the remote has no such table.</summary>
    /// <param name="options">An instance of <see cref="OptionsType"/>; no secret is looked at.</param>
    IReadOnlyList<NeededRight> NeededRights(object options) => [];

    /// <summary>The second key takes the place of the first, which is dropped; see <see cref="IHoldsTwoKeys"/>.</summary>
    /// <param name="options">An instance of <see cref="OptionsType"/>, changed in place.</param>
    void PromoteSecondKey(object options)
    {
    }

    /// <summary>Makes a connector for one connection. It holds the connection's HTTP client and may be kept and shared by many threads.</summary>
    /// <param name="context">Whose connector it is, its settings and what was installed for it.</param>
    IConnector Create(ConnectorContext context);
}

/// <summary>What a connector is made from.</summary>
/// <param name="ConnectionId">The connection it belongs to.</param>
/// <param name="Options">An instance of <see cref="IConnectorType.OptionsType"/> with secrets in clear.</param>
/// <param name="Installed">Remote ids of the objects this connection uses, by role (see <see cref="ProvisionStep.Role"/>); empty before Install.</param>
/// <param name="Clock">The hub's clock.</param>
/// <param name="Calls">Where each call is counted and may be held back by the connection's budget.</param>
public sealed record ConnectorContext(
    Guid ConnectionId,
    object Options,
    IReadOnlyDictionary<string, string> Installed,
    TimeProvider Clock,
    ICallGate Calls);

/// <summary>A problem with, or a notice about, one setting.</summary>
/// <param name="Setting">The option's property name, or null when it concerns the whole form.</param>
/// <param name="Message">What is wrong, why, and what to enter instead.</param>
/// <param name="IsNotice">True when the value was accepted in a normalised form and the message says so.</param>
public sealed record SettingProblem(string? Setting, string Message, bool IsNotice = false);

/// <summary>
/// A live connection to one remote instance. What only some systems do is a small extra interface asked for with <c>is</c>.
/// Every call may throw a <see cref="ConnectorException"/> and nothing else that is expected.
/// </summary>
public interface IConnector : IDisposable
{
    /// <summary>Runs every check of the Test button: address, TLS, credentials, version and one check per right that is needed.</summary>
    /// <param name="cancel">Ends the checks early.</param>
    Task<ProbeReport> TestAsync(CancellationToken cancel);

    /// <summary>How far the remote's clock is ahead of ours, from the last answers' Date headers; null before the first.</summary>
    TimeSpan? ClockOffset { get; }

    /// <summary>The address of a record in the remote's own web interface, or null when there is none.</summary>
    /// <param name="recordType">For example <see cref="RecordTypes.Ticket"/>.</param>
    /// <param name="remoteId">The record's remote id.</param>
    Uri? WebLink(string recordType, string remoteId);
}

/// <summary>Names of record types, the same for every vendor.</summary>
public static class RecordTypes
{
    /// <summary>A service ticket.</summary>
    public const string Ticket = "ticket";
}

/// <summary>The answer of the Test button.</summary>
/// <param name="Checks">In the order they ran.</param>
public sealed record ProbeReport(IReadOnlyList<ProbeCheck> Checks)
{
    /// <summary>True when no check failed.</summary>
    public bool Passed => Checks.All(check => check.Outcome != ProbeOutcome.Failed);

    /// <summary>What was found out about the account's rights; null when they were not looked at.</summary>
    public RightsReport? Rights { get; init; }
}

/// <summary>One line of the Test button's answer.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Outcome">How it went.</param>
/// <param name="Message">What was found; on failure what happened and why.</param>
/// <param name="Fix">On failure: the exact setting or permission cell to change and where it is found; otherwise null.</param>
public sealed record ProbeCheck(string Name, ProbeOutcome Outcome, string Message, string? Fix = null);

/// <summary>How a check went.</summary>
public enum ProbeOutcome
{
    /// <summary>As it should be.</summary>
    Passed,

    /// <summary>Works, but somebody should look.</summary>
    Warning,

    /// <summary>Must be mended before the connection can run.</summary>
    Failed,
}
