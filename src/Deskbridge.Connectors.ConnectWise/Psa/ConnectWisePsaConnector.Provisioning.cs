namespace Deskbridge.Connectors.ConnectWise.Psa;

internal sealed partial class ConnectWisePsaConnector : IProvisions
{
    public Task<ProvisionPlan> PlanAsync(CancellationToken cancel) => _provisioning.PlanAsync(cancel);

    public Task<ProvisionedObject> ApplyAsync(ProvisionStep step, IReadOnlyDictionary<string, string> done, CancellationToken cancel) =>
        _provisioning.ApplyAsync(step, done, cancel);

    public Task<RemovalOutcome> RemoveAsync(ProvisionedObject created, CancellationToken cancel) => _provisioning.RemoveAsync(created, cancel);
}
