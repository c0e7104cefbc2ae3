using System.Net;
using System.Runtime.Versioning;
using Deskbridge.Cli;
using Deskbridge.Tests.Stories;
using Xunit;

namespace Deskbridge.Tests.Operations;

/// <summary>Real disks under the real program: one that is full, one that cannot be written. They are mounts that nobody but that program sees.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class DiskTests : IDisposable
{
    private const int LeftFree = 192 * 1024;
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-disk-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task FullDisk_KeepsWhatWasAnswered_AndNothingElse()
    {
        await using var hub = await HubProcess.StartAsync(_folder.FullName, ground: "mount -t tmpfs -o size=24m,mode=0700 tmpfs \"$0\"");
        var disk = $"/proc/{hub.Id}/root{_folder.FullName}";
        using var program = await ProgramAsync(hub);
        var (kept, refused) = (new List<string>(), new List<string>());
        await PostAsync(program, "Before", kept, refused);

        var filler = Path.Combine(disk, "filler");
        Fill(disk, filler);
        for (var i = 0; refused.Count == 0 && i < 1000; i++) await PostAsync(program, $"Team {i}", kept, refused);

        Assert.Single(refused);
        Assert.Equal(kept, await TeamsAsync(program));
        File.Delete(filler);
        await StoryWorld.EventuallyAsync("it is ready again", async () => (await program.GetAsync("/health/ready")).StatusCode == HttpStatusCode.OK);
        await PostAsync(program, "After", kept, refused);
        Assert.Equal(kept, await TeamsAsync(program));
        Assert.Contains("✓ Integrity", (await hub.BesideAsync("doctor", "--data", _folder.FullName)).Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadOnlyDatabaseFile_IsOneSentence_WithTheFix()
    {
        await using (await HubWorld.StartAsync(_folder))
        {
            // Only to make the database.
        }

        await using var hub = HubProcess.Begin(_folder.FullName, ground: "mount --bind \"$0/hub.db\" \"$0/hub.db\" && mount -o remount,ro,bind \"$0/hub.db\"");

        Assert.Equal(ExitCodes.CannotStart, await hub.EndAsync());
        Assert.Contains("hub.db", hub.Said, StringComparison.Ordinal);
        Assert.Contains("the right to write", hub.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", hub.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadOnlyFolder_IsOneSentence_WithTheFix()
    {
        await using var hub = HubProcess.Begin(_folder.FullName, ground: "mount --bind \"$0\" \"$0\" && mount -o remount,ro,bind \"$0\"");

        Assert.Equal(ExitCodes.CannotStart, await hub.EndAsync());
        Assert.Contains(_folder.FullName, hub.Said, StringComparison.Ordinal);
        Assert.Contains("write", hub.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", hub.Said, StringComparison.Ordinal);
    }

    /// <summary>A program with a token, made beside the hub.</summary>
    private async Task<Visitor> ProgramAsync(HubProcess hub)
    {
        Assert.Equal(ExitCodes.Done, (await hub.BesideAsync("invite", "ann@example.com", "--name", "Ann", "--role", "Admin", "--data", _folder.FullName)).Exit);
        var (exit, token) = await hub.BesideAsync("token", "ann@example.com", "--name", "test", "--scopes", "all", "--data", _folder.FullName);
        Assert.True(exit == ExitCodes.Done, token);
        var program = new Visitor(hub.Address, "10.0.0.1");
        program.UseToken(token.Trim());
        return program;
    }

    private static async Task PostAsync(Visitor program, string name, List<string> kept, List<string> refused)
    {
        using var answer = await program.PostJsonAsync("/api/v1/teams", new { name, description = new string('x', 400) });
        Assert.Contains(answer.StatusCode, (HttpStatusCode[])[HttpStatusCode.Created, HttpStatusCode.ServiceUnavailable]);
        (answer.StatusCode == HttpStatusCode.Created ? kept : refused).Add(name);
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable) Assert.Contains("disk", (await Visitor.JsonAsync(answer))["detail"]!.ToString(), StringComparison.Ordinal);
    }

    private static async Task<IEnumerable<string>> TeamsAsync(Visitor program) =>
        (await program.JsonAsync("/api/v1/teams"))["items"]!.AsArray().Select(team => team!["name"]!.ToString()).OrderBy(name => name == "Before" ? -1 : name == "After" ? 1000 : int.Parse(name[5..], System.Globalization.CultureInfo.InvariantCulture));

    private static void Fill(string disk, string filler)
    {
        using var file = File.Create(filler);
        file.Write(new byte[Math.Max(0, new DriveInfo(disk).AvailableFreeSpace - LeftFree)]);
    }
}
