using System.CommandLine;

namespace Deskbridge.Cli;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<string> Data(string fallback) => new("--data")
    {
        Description = "Folder for the database and the keys",
        HelpName = "DIR",
        DefaultValueFactory = _ => fallback,
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
