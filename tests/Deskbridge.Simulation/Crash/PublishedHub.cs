using System.Diagnostics;

namespace Deskbridge.Simulation.Crash;

/// <summary>The one published build that every kill is made against.</summary>
internal static class PublishedHub
{
    /// <summary>Names a folder that holds a published hub, to save the publishing.</summary>
    private const string Variable = "DESKBRIDGE_PUBLISHED";

    /// <summary>Publishes it into the build's own folder; what is up to date is not built again.</summary>
    public static async Task<string> ProgramAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given) return Path.Combine(given, "deskbridge");

        var root = Root();
        var folder = Path.Combine(root, "artifacts", "published");
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        foreach (var argument in (string[])["publish", "src/Deskbridge/Deskbridge.csproj", "-p:PublishProfile=release", "-o", folder, "-v", "quiet", "-nologo", "-nodeReuse:false", "-p:UseSharedCompilation=false"])
            start.ArgumentList.Add(argument);
        using var publish = Process.Start(start)!;
        var said = await publish.StandardOutput.ReadToEndAsync();
        await publish.WaitForExitAsync();
        return publish.ExitCode == 0
            ? Path.Combine(folder, "deskbridge")
            : throw new InvalidOperationException($"The hub could not be published:\n{said}");
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Deskbridge.slnx"))) return folder.FullName;
        throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
