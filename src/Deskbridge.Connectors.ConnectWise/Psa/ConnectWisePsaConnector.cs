namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>A live connection to ConnectWise PSA. One file per capability.</summary>
internal sealed partial class ConnectWisePsaConnector : IConnector
{
    private readonly ConnectWisePsaOptions _options;
    private readonly IReadOnlyDictionary<string, string> _installed;
    private readonly ICallGate _calls;
    private readonly TimeProvider _clock;
    private readonly PsaClient _client;
    private readonly MarkerFields _markers;
    private readonly CallbackSignatures _signatures;
    private readonly PsaRuleReaders _rules;
    private readonly PsaFieldList _fields;
    private readonly PsaProvisioning _provisioning;

    public ConnectWisePsaConnector(ConnectorContext context)
    {
        _options = (ConnectWisePsaOptions)context.Options;
        (_calls, _clock) = (context.Calls, context.Clock);
        _installed = context.Installed;
        _client = new(_options, context.Calls, context.Clock);
        _markers = new(_options, _installed);
        _signatures = new(_client);
        _rules = new(_options);
        _fields = new(_client, new(_options.RetrievedField, _options.StatusField, _options.UserField), context.Clock);
        _provisioning = new(_client, _options, _installed, () => Reader);
    }

    /// <summary>Reads conditions with the instance's own fields as they are known now.</summary>
    private PsaRuleReader Reader => _rules.Of(_fields.Known);

    public TimeSpan? ClockOffset => _client.ClockOffset;

    public Task<ProbeReport> TestAsync(CancellationToken cancel) => new PsaProbe(_client, _options, RightsProbe, installed: _installed.Count > 0, HasSecondKey ? TestSecondKeyAsync : null).RunAsync(cancel);

    /// <summary>The record's page by the vendor's "URL Entry Points", on the host without <c>api-</c>.</summary>
    public Uri? WebLink(string recordType, string remoteId) => recordType == RecordTypes.Ticket
        ? new(_client.Instance, "/v4_6_release/services/system_io/router/openrecord.rails?locale=en_US&recordType=ServiceFV"
            + $"&recid={Uri.EscapeDataString(remoteId)}&companyName={Uri.EscapeDataString(_client.CompanyId)}")
        : null;

    public void Dispose() => _client.Dispose();
}
