using System.Diagnostics;

namespace Deskbridge.Testing;

/// <summary>
/// The PostgreSQL cluster of this test run: the one that <c>tests/with-postgres</c> named, or else one of the program's own, which that script
/// ends as soon as this process is gone, however it goes.
/// </summary>
internal static class PostgresCluster
{
    private const string Variable = "DESKBRIDGE_TEST_POSTGRES";
    private static readonly Lazy<Task<string>> Shared = new(StartAsync);

    /// <summary>Held on to: its standard input must stay open.</summary>
    private static Process? _cluster;

    /// <summary>The cluster that all tests are asked to use; null for SQLite files.</summary>
    public static string? Named => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : null;

    /// <summary>Settings of a connection as its owner.</summary>
    public static Task<string> ConnectionAsync() => Named is { } named ? Task.FromResult(named) : Shared.Value;

    private static async Task<string> StartAsync()
    {
        var start = new ProcessStartInfo(Path.Combine(Root(), "tests", "with-postgres"))
        {
            RedirectStandardInput = true, // its end, at the latest with this process, ends the cluster
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        foreach (var argument in (string[])["sh", "-c", $"echo \"${Variable}\"; cat >/dev/null"]) start.ArgumentList.Add(argument);
        _cluster = Process.Start(start)!;
        return await _cluster.StandardOutput.ReadLineAsync() is { Length: > 0 } connection
            ? connection
            : throw new InvalidOperationException("tests/with-postgres did not start a cluster; its error output says why.");
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Deskbridge.slnx"))) return folder.FullName;
        throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
