using System.Security.Cryptography;
using System.Text;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>
/// Creates the custom fields and workflow rules (S13 to S20). Remove is meant to run in the reverse order of Install:
/// a rule is only removed when no event is left in it, an event when no action is.
/// </summary>
internal sealed class PsaProvisioning(
    PsaClient client, ConnectWisePsaOptions options, IReadOnlyDictionary<string, string> installed, Func<PsaRuleReader> reader)
{
    private readonly PsaFieldSetup _fields = new(client, options, installed);
    private readonly PsaRuleSetup _rules = new(client, options, installed, reader);

    public async Task<ProvisionPlan> PlanAsync(CancellationToken cancel)
    {
        var info = await client.GetAsync("system/info", PsaJson.Default.SystemInfoDto, cancel);
        if (PsaProbe.Version(info.Version) is { Outcome: ProbeOutcome.Failed } tooOld) return new([], [$"{tooOld.Message} {tooOld.Fix}"]);

        var problems = new List<string>();
        var fields = await _fields.PlanAsync(problems, cancel);
        var rules = await _rules.PlanAsync(problems, cancel);
        return new([.. fields, .. rules], problems) { OfOthers = await CallbackSubscriptions.OfOthersAsync(client, cancel) };
    }

    public Task<ProvisionedObject> ApplyAsync(ProvisionStep step, IReadOnlyDictionary<string, string> done, CancellationToken cancel) =>
        TicketFields.IsMarker(step.Role) ? _fields.ApplyAsync(step, cancel) : _rules.ApplyAsync(step, done, cancel);

    public async Task<RemovalOutcome> RemoveAsync(ProvisionedObject created, CancellationToken cancel)
    {
        if (!created.Created)
        {
            return new(false, $"{created.Kind} {created.Name} was there before this connection, so it is kept.");
        }

        try
        {
            return TicketFields.IsMarker(created.Role) ? await _fields.RemoveAsync(created, cancel) : await _rules.RemoveAsync(created, cancel);
        }
        catch (ConnectorNotFoundException)
        {
            return new(true, $"{created.Kind} {created.Name} was already gone.");
        }
    }

    /// <summary>Hash of what an object holds, to notice later changes.</summary>
    public static string Fingerprint(params object?[] parts) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\u001f', parts))));

    /// <summary>
    /// An object that Apply found. When the plan had not seen it and it is just what would have been created, an earlier,
    /// interrupted run of this Install made it.
    /// </summary>
    public static ProvisionedObject Found(ProvisionStep step, string id, string fingerprint, string wouldBe) =>
        new(step.Role, step.Kind, step.Name, id, Created: step.ExistingId is null && fingerprint == wouldBe, fingerprint);
}
