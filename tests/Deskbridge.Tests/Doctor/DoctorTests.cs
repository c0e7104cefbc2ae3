using System.Runtime.Versioning;
using Deskbridge.Cli;
using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Doctor;
using Deskbridge.Features.Settings;
using Deskbridge.Tests.Stories;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Tests.Doctor;

public sealed class DoctorTests : IDisposable
{
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-doctor-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task MissingFolder_Fails_AndIsNotMade()
    {
        var missing = Path.Combine(_folder.FullName, "nowhere");

        var found = Assert.Single(await ExamineAsync(missing));

        Assert.Equal(Outcome.Failed, found.Outcome);
        Assert.Contains("does not exist", found.Message, StringComparison.Ordinal);
        Assert.False(System.IO.Directory.Exists(missing));
    }

    [Fact]
    public async Task FolderWithoutDatabase_Fails_AndNothingIsMade()
    {
        var found = await ExamineAsync(_folder.FullName);

        Assert.Equal(Outcome.Failed, found.Single(f => f is { Area: "Database", Name: "File" }).Outcome);
        Assert.Empty(_folder.EnumerateFileSystemInfos());
    }

    [Fact]
    public async Task BesideARunningHub_FindsItWell_AndLeavesItAlone()
    {
        await using var hub = await Hub.StartAsync(new HubOptions { Data = _folder.FullName, Port = 0 }, default);
        Assert.Null(await hub.Services.GetRequiredService<SettingsStore>().ChangeAsync(new(hub.Address.ToString(), null, null, null, null), default));

        var found = await ExamineAsync(_folder.FullName);

        Assert.DoesNotContain(found, f => f.Outcome == Outcome.Failed);
        Assert.Equal(Outcome.Well, Of(found, "Public address").Outcome);
        Assert.Equal([Outcome.Well, Outcome.Well, Outcome.Well], found.Where(f => f.Area == "Reverse proxy").Select(f => f.Outcome));
        Assert.Equal(Outcome.Well, found.Single(f => f is { Area: "Hub", Name: "Runs" }).Outcome);
        Assert.Equal(Outcome.Well, found.Single(f => f.Name == "Integrity").Outcome);
        using var http = new HttpClient(new SocketsHttpHandler());
        Assert.Equal("ready", await http.GetStringAsync(new Uri(hub.Address, "/health/ready"), TestContext.Current.CancellationToken));
    }

    [Theory]
    [UnsupportedOSPlatform("windows")]
    [InlineData("hub.db")]
    [InlineData("demo.json")]
    public async Task FileThatOthersMayRead_IsAWarning_WithTheCommandThatMendsIt(string name)
    {
        await StopAfterAsync(_ => Task.CompletedTask);
        var file = Path.Combine(_folder.FullName, name);
        if (!File.Exists(file)) await File.WriteAllTextAsync(file, "{}", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        var found = (await ExamineAsync(_folder.FullName)).Single(f => f.Name == "Rights");

        Assert.Equal(Outcome.Warning, found.Outcome);
        Assert.Contains(name, found.Message, StringComparison.Ordinal);
        Assert.Equal($"chmod go-rwx {file}", found.Fix);
    }

    [Fact]
    public async Task AnotherHub_AtThePublicAddress_Fails()
    {
        var elsewhere = System.IO.Directory.CreateTempSubdirectory("deskbridge-other-");
        await using (var other = await Hub.StartAsync(new HubOptions { Data = elsewhere.FullName, Port = 0 }, default))
        await using (var hub = await Hub.StartAsync(new HubOptions { Data = _folder.FullName, Port = 0 }, default))
        {
            Assert.Null(await hub.Services.GetRequiredService<SettingsStore>().ChangeAsync(new(other.Address.ToString(), null, null, null, null), default));

            var found = Of(await ExamineAsync(_folder.FullName), "Public address");

            Assert.Equal(Outcome.Failed, found.Outcome);
            Assert.Contains("Another hub", found.Message, StringComparison.Ordinal);
        }

        elsewhere.Delete(recursive: true);
    }

    [Fact]
    public void ProxyHeaders_AreCompared_WithHowTheRequestWasSent()
    {
        var url = new Uri("https://hub.example.com");

        Assert.All(PublicAddressCheck.Headers(url, new HubEcho.Seen("https", "hub.example.com", "203.0.113.7")), f => Assert.Equal(Outcome.Well, f.Outcome));
        Assert.Equal(
            [("X-Forwarded-Proto", Outcome.Failed), ("Host", Outcome.Failed), ("X-Forwarded-For", Outcome.Warning)],
            PublicAddressCheck.Headers(url, new HubEcho.Seen("http", "127.0.0.1:5080", "127.0.0.1")).Select(f => (f.Name, f.Outcome)));
    }

    [Fact]
    public async Task StoppedHub_ItsAlarms_AndAClockSetBack_AreTold()
    {
        await StopAfterAsync(async hub =>
        {
            var ann = StoryWorld.Value(await hub.Services.GetRequiredService<CreateFirstAdministrator>().RunAsync(new PersonDraft("Ann", "ann@example.com"), default));
            var connection = new Connection { Id = Guid.CreateVersion7(), Kind = "none", Name = "PSA", Options = "{}", InstanceKey = "i", CallbackToken = "t", CreatedAt = TimeProvider.System.GetUtcNow() };
            var later = TimeProvider.System.GetUtcNow().AddHours(1);
            await hub.Services.GetRequiredService<HubStore>().WriteAsync(
                db =>
                {
                    db.Connections.Add(connection);
                    return hub.Services.GetRequiredService<HubAlerts>().RaiseAsync(db, connection.Id, "cannot-read", "'PSA' cannot be read", "Nothing was read.", later, default);
                },
                default);
            Assert.NotNull(ann);
        });

        var found = await ExamineAsync(_folder.FullName);

        Assert.Equal(Outcome.Failed, found.Single(f => f.Name == "Alarm of PSA").Outcome);
        Assert.Contains("set back", found.Single(f => f is { Area: "Hub", Name: "Clock" }).Message, StringComparison.Ordinal);
        Assert.Equal(Outcome.Warning, found.Single(f => f is { Area: "Hub", Name: "Runs" }).Outcome);
    }

    [Fact]
    public async Task Send_ReachesEveryChannel_OnlyWhenAsked()
    {
        await using var world = await StoryWorld.StartAsync();
        var before = (await world.PagesAsync()).Count;

        var found = await Checkup.RunAsync(DataFolder.At(world.Folder), world.Database.Address, TimeProvider.System, send: true, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Outcome.Well, found.Single(f => f.Area == "Test messages").Outcome);
        Assert.Equal(before + 1, (await world.PagesAsync()).Count);
        Assert.Equal(Outcome.Well, found.Single(f => f.Name.StartsWith("Last read", StringComparison.Ordinal)).Outcome);
    }

    [Theory]
    [InlineData(5, nameof(Outcome.Well))]
    [InlineData(11, nameof(Outcome.Failed))]
    public void LastRead_IsJudged(int minutes, string outcome)
    {
        var now = DateTimeOffset.UnixEpoch.AddDays(1);

        Assert.Equal(outcome, HubChecks.LastRead(new HubChecks.Read("PSA", now.AddMinutes(-minutes), null), now).Outcome.ToString());
        Assert.Equal(Outcome.Failed, HubChecks.LastRead(new HubChecks.Read("PSA", null, "401"), now).Outcome);
    }

    [Fact]
    public async Task NewerDatabase_Fails_AndTheRestIsNotGuessed()
    {
        await StopAfterAsync(_ => Task.CompletedTask);
        Change("INSERT INTO \"__EFMigrationsHistory\" VALUES ('20990101_0001_later', '99.0')");

        var found = await ExamineAsync(_folder.FullName);

        Assert.Contains("20990101_0001_later", found.Single(f => f.Name == "Version").Message, StringComparison.Ordinal);
        Assert.DoesNotContain(found, f => f.Area == "Public address");
    }

    [Fact]
    public async Task DamagedDatabase_Fails()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.FullName, "hub.db"), new string('x', 8192), TestContext.Current.CancellationToken);

        var found = await ExamineAsync(_folder.FullName);

        Assert.Contains(found, f => f is { Area: "Database", Outcome: Outcome.Failed });
    }

    [Fact]
    public async Task LostKeys_NameEverySecretToEnterAgain()
    {
        await StopAfterAsync(async hub =>
        {
            Assert.Null(await hub.Services.GetRequiredService<SettingsStore>().ChangeAsync(new(null, "localhost:25", "hub@example.com", "hub", "secret"), default));
            var ann = StoryWorld.Value(await hub.Services.GetRequiredService<CreateFirstAdministrator>().RunAsync(new PersonDraft("Ann", "ann@example.com"), default));
            StoryWorld.Value(await hub.Services.GetRequiredService<CreateChannel>().RunAsync(ann.Id, ChannelKind.Webhook, new ChannelDraft("Bridge", "http://127.0.0.1:1/hook"), ann, default));
        });
        System.IO.Directory.Delete(Path.Combine(_folder.FullName, "keys"), recursive: true);

        var found = await ExamineAsync(_folder.FullName);

        Assert.Equal(
            ["Channel Bridge of Ann", "Password of the mail server"],
            found.Where(f => f is { Area: "Encryption keys", Outcome: Outcome.Failed }).Select(f => f.Name).Order(StringComparer.Ordinal));
        Assert.False(System.IO.Directory.Exists(Path.Combine(_folder.FullName, "keys")));
        Assert.Equal(Outcome.Failed, found.Single(f => f.Name == "Bridge of Ann").Outcome);
    }

    [Fact]
    public async Task Connection_IsTested_AndNoChannelGetsAMessage()
    {
        await using var world = await StoryWorld.StartAsync();
        StoryWorld.Value(await world.Get<CreateChannel>().RunAsync(world.Dana.Id, ChannelKind.Slack, new ChannelDraft("#oncall", world.Sandbox.SlackUrl.ToString()), world.Dana, default));
        var before = (await world.PagesAsync()).Count;

        var found = await ExamineAsync(world.Folder, world.Database.Address);

        var connection = found.Where(f => f.Area == "Connection Northbridge PSA").ToList();
        Assert.True(connection.Count > 3);
        Assert.DoesNotContain(connection, f => f.Outcome == Outcome.Failed);
        Assert.Equal(Outcome.Well, connection.Single(f => f.Name == "Clock").Outcome);
        Assert.Equal(["#oncall of Dana Reyes Well", "Phone of Dana Reyes Well"], found.Where(f => f.Area == "Channels").Select(f => $"{f.Name} {f.Outcome}").Order(StringComparer.Ordinal));
        Assert.DoesNotContain(found, f => f.Message.Contains(world.Sandbox.SlackUrl.Segments[^1], StringComparison.Ordinal));
        Assert.Equal(before, (await world.PagesAsync()).Count);
    }

    [Theory]
    [InlineData(50_000_000, nameof(Outcome.Failed))]
    [InlineData(500_000_000, nameof(Outcome.Warning))]
    [InlineData(5_000_000_000, nameof(Outcome.Well))]
    public void DiskSpace_IsJudged(long free, string outcome) => Assert.Equal(outcome, FolderChecks.Space(free).Outcome.ToString());

    [Theory]
    [InlineData(59, nameof(ProbeOutcome.Passed))]
    [InlineData(61, nameof(ProbeOutcome.Warning))]
    [InlineData(-61, nameof(ProbeOutcome.Warning))]
    public void Clock_IsJudged(int seconds, string outcome) =>
        Assert.Equal(outcome, ClockDifference.Check(TimeSpan.FromSeconds(seconds)).Outcome.ToString());

    [Fact]
    public async Task Report_IsReadable_AndItsExitCodeHonest()
    {
        Finding well = Finding.Well("A", "One", "Fine."), warning = Finding.Warning("A", "Two", "Hm.", "Look."), failed = Finding.Failed("B", "Three", "Broken.", "Mend it.");
        var (text, json) = (new StringWriter(), new StringWriter());

        Assert.Equal(ExitCodes.Done, await DoctorCommand.PrintAsync(new[] { well, warning }.ToAsyncEnumerable(), TextWriter.Null, default));
        Assert.Equal(ExitCodes.Failed, await DoctorCommand.PrintAsync(new[] { well, warning, failed }.ToAsyncEnumerable(), text, default));
        Assert.Equal(ExitCodes.Failed, await DoctorCommand.PrintJsonAsync(new[] { failed }.ToAsyncEnumerable(), json, default));

        Assert.Contains("✓ One: Fine.", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("✗ Three: Broken.", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("Mend it.", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"outcome\": \"failed\"", json.ToString(), StringComparison.Ordinal);
    }

    private static async Task<List<Finding>> ExamineAsync(string folder, string? database = null) =>
        await Checkup.RunAsync(DataFolder.At(folder), database, TimeProvider.System, send: false, TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);

    private static Finding Of(IEnumerable<Finding> found, string area) => found.Single(f => f.Area == area);

    private async Task StopAfterAsync(Func<Hub, Task> work)
    {
        await using var hub = await Hub.StartAsync(new HubOptions { Data = _folder.FullName, Port = 0 }, default);
        await work(hub);
    }

    private void Change(string statement)
    {
        using var db = new SqliteConnection($"Data Source={Path.Combine(_folder.FullName, "hub.db")};Pooling=False");
        db.Open();
        using var command = db.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery();
    }
}
