using System.CommandLine;
using Deskbridge.Configuration;

namespace Deskbridge.Cli;

/// <summary><c>deskbridge import</c>: makes a hub what a YAML file says.</summary>
internal static class ImportCommand
{
    public static Command Create()
    {
        var data = CommonOptions.Data("./data");
        var database = CommonOptions.Database();
        var file = new Argument<string>("file") { Description = "The YAML file; '-' reads standard input" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would change" };
        var command = new Command("import", "Make the hub what a YAML file says; importing twice changes nothing; also while a hub runs") { file, data, database, dryRun };
        command.SetAction((parsed, cancel) => RunAsync(
            parsed.GetRequiredValue(data), parsed.GetValue(database), parsed.GetRequiredValue(file), parsed.GetValue(dryRun), Console.Out, cancel));
        return command;
    }

    internal static async Task<int> RunAsync(string data, string? database, string file, bool dryRun, TextWriter to, CancellationToken cancel)
    {
        var source = await ConfigurationSource.ReadAsync(file, cancel);
        await using var session = await DataSession.OpenOrMakeAsync(data, database, "import", cancel);
        var ended = await source.ImportAsync(session.Services, dryRun, to, cancel);
        if (ended == ExitCodes.Done && session.BesideHub && !dryRun) await to.WriteLineAsync("The running hub takes it up within a minute.");
        return ended;
    }
}

/// <summary>A configuration file that was read, and where its references lead.</summary>
internal sealed class ConfigurationSource
{
    private readonly string _name;
    private readonly string _text;
    private readonly References _references;

    private ConfigurationSource(string name, string text, References references) => (_name, _text, _references) = (name, text, references);

    /// <summary>Reads the file; nothing of it is understood yet.</summary>
    /// <exception cref="StartRefusedException">The file cannot be read.</exception>
    public static async Task<ConfigurationSource> ReadAsync(string file, CancellationToken cancel)
    {
        try
        {
            if (file == "-") return new("standard input", await Console.In.ReadToEndAsync(cancel), new References(Environment.CurrentDirectory, Environment.GetEnvironmentVariable));
            var path = Path.GetFullPath(file);
            if (new FileInfo(path) is { Exists: true, Length: > YamlReader.LongestFile * 4L }) throw new StartRefusedException($"{file} is far too long for a configuration. Is it the right file?");
            return new(file, await File.ReadAllTextAsync(path, cancel), new References(Path.GetDirectoryName(path)!, Environment.GetEnvironmentVariable));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"{file} cannot be read: {failure.Message}");
        }
    }

    /// <summary>Says what it finds and does, and answers the exit code.</summary>
    public async Task<int> ImportAsync(IServiceProvider services, bool dryRun, TextWriter to, CancellationToken cancel)
    {
        await using var scope = services.CreateAsyncScope();
        var plan = await scope.ServiceProvider.GetRequiredService<ImportConfiguration>().PlanAsync(_text, _references, cancel);
        foreach (var problem in plan.Problems.OrderBy(problem => problem.Line)) await to.WriteLineAsync($"{_name}:{problem.Line}: {problem.Message}");
        if (plan.Problems.Count > 0)
        {
            await to.WriteLineAsync($"Nothing was changed. Mend {(plan.Problems.Count == 1 ? "this" : $"these {plan.Problems.Count}")} first.");
            return ExitCodes.Failed;
        }

        foreach (var notice in plan.Notices.OrderBy(notice => notice.Line)) await to.WriteLineAsync($"{_name}:{notice.Line}: note: {notice.Message}");
        if (plan.Changes.Count == 0)
        {
            await to.WriteLineAsync("The hub is so already; nothing to change.");
            return ExitCodes.Done;
        }

        if (dryRun)
        {
            foreach (var change in plan.Changes) await TellAsync(to, change);
            await to.WriteLineAsync($"{Count(plan.Changes.Count)} would be made. Nothing was changed.");
            return ExitCodes.Done;
        }

        if (await ImportConfiguration.ApplyAsync(plan, change => TellAsync(to, change), cancel) is { } stopped)
        {
            await to.WriteLineAsync($"✗ {stopped.Change.What}: {stopped.Failure.Message}");
            await to.WriteLineAsync("What stands above it was done and stays.");
            return ExitCodes.Failed;
        }

        await to.WriteLineAsync($"{Count(plan.Changes.Count)} made.");
        return ExitCodes.Done;
    }

    private static async Task TellAsync(TextWriter to, Change change)
    {
        await to.WriteLineAsync($"{change.Sign} {change.What}");
        foreach (var detail in change.Details) await to.WriteLineAsync($"    {detail}");
    }

    private static string Count(int changes) => changes == 1 ? "1 change" : $"{changes} changes";
}
