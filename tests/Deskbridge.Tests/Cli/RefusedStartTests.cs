using System.Diagnostics;
using Xunit;

namespace Deskbridge.Tests.Cli;

/// <summary>The real program, told things that it cannot use: it says so in words and answers 3.</summary>
public sealed class RefusedStartTests : IDisposable
{
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-refused-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("Connections__PollInterval", "00:00:00.5", "Connections:PollInterval cannot be '00:00:00.5': it takes a time as hours:minutes:seconds from 00:00:01 to 01:00:00.")]
    [InlineData("CONNECTIONS__POLLINTERVAL", "soon", "from 00:00:01 to 01:00:00. It comes from the environment variable CONNECTIONS__POLLINTERVAL;")]
    [InlineData("Connections__CallsPerMinute", "many", "Connections:CallsPerMinute cannot be 'many': it takes a whole number from 10 to 100000.")]
    [InlineData("Connections__CallsPerMinute", "9999999999999", "it takes a whole number from 10 to 100000.")]
    [InlineData("Connections__PolInterval", "00:00:05", "Connections has no setting PolInterval; it has PollInterval, ")]
    [InlineData("Alerting__PageLease", "00:00:05", "Alerting:PageLease must be at least twice Alerting:PageTimeout")]
    [InlineData("Logging__LogLevel__Default", "Loud", "Logging:LogLevel:Default cannot be 'Loud': it takes Trace, Debug, Information")]
    [InlineData("DESKBRIDGE_FAILPOINT", "nowhere", "DESKBRIDGE_FAILPOINT is 'nowhere'.")]
    public async Task Setting_ThatCannotBeUsed_IsNamedWithWhatItTakes(string variable, string value, string said)
    {
        var (code, error) = await ServeAsync(_folder.FullName, (variable, value));

        Assert.Contains(said, error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
        Assert.Equal(3, code);
    }

    [Fact]
    public async Task Settings_ThatCannotBeUsed_AreAllNamedAtOnce()
    {
        var (code, error) = await ServeAsync(_folder.FullName, ("Alerting__PagesAtOnce", "0"), ("Connections__RuleInterval", "2.00:00:00"));

        Assert.Contains("Alerting:PagesAtOnce cannot be '0': it takes a whole number from 1 to 256.", error, StringComparison.Ordinal);
        Assert.Contains("Connections:RuleInterval cannot be '2.00:00:00'", error, StringComparison.Ordinal);
        Assert.Equal(3, code);
    }

    [Fact]
    public async Task Database_ThatIsNone_IsNamedWithTheFix()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "hub.db"), new string('x', 5000), TestContext.Current.CancellationToken);

        var (code, error) = await ServeAsync(_folder.FullName);

        Assert.Contains("hub.db cannot be used", error, StringComparison.Ordinal);
        Assert.Contains("restore the folder from a backup", error, StringComparison.Ordinal);
        Assert.Equal(3, code);
    }

    /// <summary>A hub that began anew without a word would be in good health and page nobody.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Database_ThatIsGone_FromAFolderWithKeys_IsNotBegunAnew(bool emptied)
    {
        await using (await Hub.StartAsync(new HubOptions { Data = _folder.FullName, Port = 0 }, default)) { }
        var file = Path.Combine(_folder.FullName, "hub.db");
        if (emptied) await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        else File.Delete(file);

        var (code, error) = await ServeAsync(_folder.FullName);

        Assert.Contains("hub.db is gone or empty", error, StringComparison.Ordinal);
        Assert.Contains("deskbridge restore", error, StringComparison.Ordinal);
        Assert.Equal(3, code);
    }

    [Fact]
    public async Task Folder_ThatIsEmpty_IsNamedWithTheOption()
    {
        var (code, error) = await ServeAsync("");

        Assert.Contains("--data takes a folder and is empty", error, StringComparison.Ordinal);
        Assert.Equal(2, code);
    }

    [Fact]
    public async Task Database_ThatIsAFolder_IsNamedWithTheFix()
    {
        _folder.CreateSubdirectory("hub.db");

        var (code, error) = await ServeAsync(_folder.FullName);

        Assert.Contains("hub.db cannot be used", error, StringComparison.Ordinal);
        Assert.Equal(3, code);
    }

    private static async Task<(int Code, string Error)> ServeAsync(string folder, params (string Name, string Value)[] variables)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "deskbridge")) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in (string[])["serve", "--data", folder, "--port", "0"]) start.ArgumentList.Add(argument);
        foreach (var (name, value) in variables) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        return (process.ExitCode, await error);
    }
}
