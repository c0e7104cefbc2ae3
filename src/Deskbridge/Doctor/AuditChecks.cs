using Deskbridge.Core.Audit;

namespace Deskbridge.Doctor;

/// <summary>Whether the audit is as it was written.</summary>
internal static class AuditChecks
{
    public static async Task<Finding> RunAsync(IServiceProvider services, CancellationToken cancel)
    {
        var verdict = await services.GetRequiredService<AuditLog>().VerifyAsync(cancel);
        return verdict.Broken is null
            ? Finding.Well("Audit", "Chain", verdict.Message)
            : Finding.Failed(
                "Audit", "Chain", verdict.Message,
                "Somebody wrote to the database past the hub, or it is damaged. Compare with a backup from before; 'deskbridge audit verify' repeats this check.");
    }
}
