using System.CommandLine;
using Deskbridge.Configuration;
using Deskbridge.Core.Audit;

namespace Deskbridge.Cli;

/// <summary><c>deskbridge export</c>: the hub's configuration as a YAML file, without its secrets.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var data = CommonOptions.Data("./data");
        var database = CommonOptions.Database();
        var file = new Argument<string?>("file") { Description = "Where to write it; without it, or with -, to standard output", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("export", "Write people, teams, channels and connections as YAML, without secrets; also while a hub runs") { file, data, database };
        command.SetAction((parsed, cancel) => RunAsync(parsed.GetRequiredValue(data), parsed.GetValue(database), parsed.GetValue(file), Console.Out, cancel));
        return command;
    }

    internal static async Task<int> RunAsync(string data, string? database, string? file, TextWriter to, CancellationToken cancel)
    {
        if (file == "-") file = null;
        await using var session = await DataSession.OpenAsync(data, database, "export", cancel);
        var text = await session.Services.GetRequiredService<ExportConfiguration>().RunAsync(cancel);
        await session.Services.GetRequiredService<AuditLog>().WriteAsync(AuditNote.Of("configuration.exported", "", file ?? "standard output"), cancel);
        if (file is null)
        {
            await to.WriteAsync(text);
            return ExitCodes.Done;
        }

        try
        {
            await DataFolder.WritePrivateAsync(Path.GetFullPath(file), text, cancel);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"{file} cannot be written: {failure.Message}");
        }

        await to.WriteLineAsync($"Written to {file}. Fill its references with the secrets before you import it elsewhere.");
        return ExitCodes.Done;
    }
}
