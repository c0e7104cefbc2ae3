namespace Deskbridge.Connectors.ConnectWise.Psa;

internal sealed partial class ConnectWisePsaConnector : IProbesRights, ITellsVersion
{
    public string? Version => _client.Version;

    public Task<RightsReport> ProbeRightsAsync(CancellationToken cancel) => RightsProbe.RunAsync(cancel);

    private PsaRightsProbe RightsProbe => new(_client, _options, new PsaVisibility(_client, _options, _installed, Reader));
}
