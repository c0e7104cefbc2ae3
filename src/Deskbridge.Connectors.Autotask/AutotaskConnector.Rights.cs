namespace Deskbridge.Connectors.Autotask;

internal sealed partial class AutotaskConnector : IProbesRights
{
    public Task<RightsReport> ProbeRightsAsync(CancellationToken cancel) => new RightsProbe(_client, _options).RunAsync(cancel);
}
