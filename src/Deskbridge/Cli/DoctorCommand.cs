using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using Deskbridge.Doctor;

namespace Deskbridge.Cli;

/// <summary><c>deskbridge doctor</c>: checks a data folder and everything its hub depends on.</summary>
internal static class DoctorCommand
{
    private static readonly JsonSerializerOptions Shape = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var data = CommonOptions.Data("./data");
        var database = CommonOptions.Database();
        var json = new Option<bool>("--json") { Description = "Print the report as JSON" };
        var send = new Option<bool>("--send") { Description = "Also send a marked test message to every channel in use" };
        var command = new Command("doctor", "Check the data folder and everything the hub depends on; changes nothing, also beside a running hub") { data, database, json, send };
        command.SetAction((parsed, cancel) =>
        {
            var checks = Checkup.RunAsync(DataFolder.At(parsed.GetRequiredValue(data)), parsed.GetValue(database), TimeProvider.System, parsed.GetValue(send), cancel);
            return parsed.GetValue(json) ? PrintJsonAsync(checks, Console.Out, cancel) : PrintAsync(checks, Console.Out, cancel);
        });
        return command;
    }

    /// <summary>Each finding as soon as it is known, for some take seconds.</summary>
    internal static async Task<int> PrintAsync(IAsyncEnumerable<Finding> checks, TextWriter to, CancellationToken cancel)
    {
        var area = "";
        var count = new int[3];
        await foreach (var finding in checks.WithCancellation(cancel))
        {
            count[(int)finding.Outcome]++;
            if (finding.Area != area) await to.WriteLineAsync($"{(area.Length == 0 ? "" : Environment.NewLine)}{finding.Area}");
            area = finding.Area;
            await to.WriteLineAsync($"  {Sign(finding.Outcome)} {finding.Name}: {finding.Message}");
            if (finding.Outcome != Outcome.Well && finding.Fix is { } fix) await to.WriteLineAsync($"      {fix}");
        }

        await to.WriteLineAsync();
        await to.WriteLineAsync($"{count.Sum()} checks: {count[0]} well, {count[1]} to look at, {count[2]} failed.");
        return count[2] == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    internal static async Task<int> PrintJsonAsync(IAsyncEnumerable<Finding> checks, TextWriter to, CancellationToken cancel)
    {
        var findings = await checks.ToListAsync(cancel);
        var passed = findings.TrueForAll(finding => finding.Outcome != Outcome.Failed);
        await to.WriteLineAsync(JsonSerializer.Serialize(new Report(passed, findings), Shape));
        return passed ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static char Sign(Outcome outcome) => outcome switch
    {
        Outcome.Well => '✓',
        Outcome.Warning => '!',
        _ => '✗',
    };

    private sealed record Report(bool Passed, IReadOnlyList<Finding> Checks);
}
