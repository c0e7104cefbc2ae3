using System.CommandLine;
using Deskbridge.Core.Audit;

namespace Deskbridge.Cli;

/// <summary><c>deskbridge audit verify</c>: checks that nobody changed the audit after it was written.</summary>
internal static class AuditCommand
{
    public static Command Create()
    {
        var data = CommonOptions.Data("./data");
        var database = CommonOptions.Database();
        var verify = new Command("verify", "Check the chain of the audit; exits with 1 and names the first line that was changed, replaced or removed") { data, database };
        verify.SetAction((parsed, cancel) => VerifyAsync(parsed.GetRequiredValue(data), parsed.GetValue(database), Console.Out, cancel));
        return new Command("audit", "Who did what") { verify };
    }

    internal static async Task<int> VerifyAsync(string data, string? database, TextWriter to, CancellationToken cancel)
    {
        await using var session = await DataSession.OpenAsync(data, database, "audit verify", cancel);
        var verdict = await session.Services.GetRequiredService<AuditLog>().VerifyAsync(cancel);
        await to.WriteLineAsync(verdict.Message);
        if (verdict.Checked > 0) await to.WriteLineAsync($"Hash of the last good line: {verdict.Head}");
        return verdict.Broken is null ? ExitCodes.Done : ExitCodes.Failed;
    }
}
