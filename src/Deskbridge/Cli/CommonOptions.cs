using System.CommandLine;
using Deskbridge.Telemetry;

namespace Deskbridge.Cli;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<string> Data(string fallback)
    {
        var option = new Option<string>("--data") { Description = "Folder of the hub: database, keys, lock", HelpName = "DIR", DefaultValueFactory = _ => fallback };
        option.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string>())) result.AddError("--data takes a folder and is empty; is the variable in its place set?");
        });
        return option;
    }

    public static Option<LogFormat> Logs() => new("--log-format")
    {
        Description = "How log lines are written: text for people, json for collectors",
        DefaultValueFactory = _ => LogFormat.Text,
    };

    /// <summary>The variable is for services: arguments are seen by everybody on the machine.</summary>
    public const string DatabaseVariable = "DESKBRIDGE_DATABASE";

    public static Option<string?> Database() => new("--database")
    {
        Description = $"SQLite file, or postgres://user:password@host/database; also the variable {DatabaseVariable}. Default: hub.db in the data folder",
        HelpName = "DB",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(DatabaseVariable),
    };

    public static Option<int> Port(string name, int fallback, string what)
    {
        var option = new Option<int>(name) { Description = $"{what}; 0 picks a free one", HelpName = "N", DefaultValueFactory = _ => fallback };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 65535) result.AddError($"{name} takes a port between 0 and 65535.");
        });
        return option;
    }
}
