namespace Deskbridge.Connectors.Autotask;

/// <summary>A live connection to Autotask. One file per capability.</summary>
internal sealed partial class AutotaskConnector : IConnector
{
    private readonly AutotaskOptions _options;
    private readonly TimeProvider _clock;
    private readonly AutotaskClient _client;
    private readonly TicketSchemas _schemas;
    private readonly ClosedStatuses _closed;
    private readonly TicketWordBook _words;
    private readonly ReferenceNames _references;
    private readonly ResourceRoles _roles;
    private readonly WebhookSecret _webhookSecret;
    private readonly SemaphoreSlim _subscribing = new(1, 1);
    private readonly AutotaskRules _rules = new();

    public AutotaskConnector(ConnectorContext context)
    {
        (_options, _clock) = ((AutotaskOptions)context.Options, context.Clock);
        _client = new(_options, context.Calls, context.Clock);
        _schemas = new(_client, context.Clock);
        _closed = new(_options);
        _words = new(_client, _schemas, _closed, context.Clock);
        _references = new(_client, context.Clock);
        _roles = new(_client, context.Clock);
        _webhookSecret = new(_options.Secret, context.ConnectionId);
    }

    public TimeSpan? ClockOffset => _client.ClockOffset;

    public Task<ProbeReport> TestAsync(CancellationToken cancel) => new AutotaskProbe(_client, _schemas, new RightsProbe(_client, _options), ReadRulesAsync).RunAsync(cancel);

    /// <summary>Known once a call was made: the zone tells the address of the user interface.</summary>
    public Uri? WebLink(string recordType, string remoteId) => recordType == RecordTypes.Ticket ? _client.KnownZone?.LinkTo("OpenTicketDetail", "TicketID", remoteId) : null;

    public void Dispose()
    {
        _client.Dispose();
        _schemas.Dispose();
        _subscribing.Dispose();
    }
}
