using System.Text.Json.Nodes;
using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Connections;

public sealed class SaveConnectionTests
{
    [Fact]
    public async Task Create_GoodSettings_StoresSecretsEncryptedAndNormalises()
    {
        await using var hub = await ConnectionsHub.CreateAsync();

        var saved = await hub.Store.Get<CreateConnection>().RunAsync("fake-psa", new ConnectionDraft { Name = " Main ", Form = ConnectionsHub.Form("https://psa.example.test/") }, hub.Admin, default);

        var row = await hub.ReadAsync(saved.Id!.Value);
        Assert.Equal("Main", row.Name);
        Assert.DoesNotContain("s3cret", row.Options + row.Secrets, StringComparison.Ordinal);
        Assert.True(Assert.Single(saved.Notices).IsNotice);
        Assert.Equal("https://psa.example.test", row.InstanceKey);
    }

    [Fact]
    public async Task Create_ByResponder_IsRefused()
    {
        await using var hub = await ConnectionsHub.CreateAsync();

        var saved = await hub.Store.Get<CreateConnection>().RunAsync("fake-psa", new ConnectionDraft { Name = "Main", Form = ConnectionsHub.Form() }, Build.Person(), default);

        Assert.IsType<OnlyAdministrators>(saved.Failure);
    }

    [Fact]
    public async Task Create_SecondOfOneSystem_IsNoticedAndNamesStayUnique()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        await hub.AddConnectionAsync();
        var create = hub.Store.Get<CreateConnection>();

        var same = await create.RunAsync("fake-psa", new ConnectionDraft { Name = "Main", Form = ConnectionsHub.Form() }, hub.Admin, default);
        var twin = await create.RunAsync("fake-psa", new ConnectionDraft { Name = "Second", Form = ConnectionsHub.Form() }, hub.Admin, default);

        Assert.IsType<ConnectionNameTaken>(same.Failure);
        var notice = Assert.Single(twin.Notices).Message;
        Assert.Contains("'Main' talks to the same system", notice, StringComparison.Ordinal);
        Assert.DoesNotContain("Install will ask", notice, StringComparison.Ordinal); // 'Main' was never installed, so Install has nothing to ask
    }

    [Fact]
    public async Task Save_BesideOneThatRuns_SaysThatInstallWillAsk_UntilItRunsItself()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        await hub.InstallAsync();

        var twin = await hub.Store.Get<CreateConnection>().RunAsync("fake-psa", new ConnectionDraft { Name = "Second", Form = ConnectionsHub.Form() }, hub.Admin, default);
        await hub.RunAsync(twin.Id!.Value, ConnectionRunKind.Install, new Core.Connections.Runs.RunRequest(ConfirmSecond: true, Adopt: true));
        var renamed = await hub.Store.Get<ChangeConnection>().RunAsync(twin.Id.Value, new ConnectionDraft { Name = "Other" }, hub.Admin, default);

        Assert.EndsWith("raises two alerts. Install will ask.", Assert.Single(twin.Notices).Message, StringComparison.Ordinal);
        Assert.EndsWith("raises two alerts.", Assert.Single(renamed.Notices).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_SettingsAndNothing_RaisesTheVersionOnlyForAChange()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.AddConnectionAsync();
        var change = hub.Store.Get<ChangeConnection>();

        await change.RunAsync(id, new ConnectionDraft { Form = ConnectionsHub.Form(key: "") }, hub.Admin, default);
        var same = await hub.ReadAsync(id);
        await change.RunAsync(id, new ConnectionDraft { Form = ConnectionsHub.Form(key: "another") }, hub.Admin, default);

        Assert.Equal(1, same.Version);
        Assert.Equal(2, (await hub.ReadAsync(id)).Version);
    }

    [Theory]
    [InlineData("https://elsewhere.example.test")]
    [InlineData("http://psa.example.test")]
    [InlineData("https://psa.example.test:8443")]
    public async Task Change_ToAnotherServer_TakesNoSecretAlong(string url)
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.AddConnectionAsync();
        var change = hub.Store.Get<ChangeConnection>();

        var kept = await change.RunAsync(id, new ConnectionDraft { Settings = new JsonObject { ["url"] = url } }, hub.Admin, default);
        var feigned = await change.RunAsync(id, new ConnectionDraft { Settings = new JsonObject { ["url"] = url, ["apiKey"] = "k", ["ApiKey"] = "" } }, hub.Admin, default);
        var before = await hub.ReadAsync(id);
        var entered = await change.RunAsync(id, new ConnectionDraft { Settings = new JsonObject { ["url"] = url, ["apiKey"] = "another" } }, hub.Admin, default);

        Assert.All([kept, feigned], refused => Assert.Equal("apiKey", Assert.IsType<SettingsRefused>(refused.Failure).Field));
        Assert.Contains("was given for https://psa.example.test and is sent to no other server", kept.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal((1, "https://psa.example.test"), (before.Version, before.InstanceKey));
        Assert.Null(entered.Failure);
        Assert.Equal(url, (await hub.ReadAsync(id)).InstanceKey);
    }

    [Fact]
    public async Task InstalledConnection_StaysAtItsSystem()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.InstallAsync();
        Task<ConnectionSaved> MoveAsync(string setting, string value) => hub.Store.Get<ChangeConnection>().RunAsync(
            id, new ConnectionDraft { Settings = new JsonObject { [setting] = value, ["apiKey"] = "k" } }, hub.Admin, default);

        var company = await MoveAsync("company", "other");
        hub.Psa.FailBefore = call => call == "plan" ? new ConnectorUnavailableException("The server does not answer.", mayHaveBeenApplied: false) : null;
        var silent = await MoveAsync("url", "https://moved.example.test");
        hub.Psa.FailBefore = null;
        var moved = await MoveAsync("url", "https://moved.example.test");
        hub.Psa.Objects["rule.trigger"] = hub.Psa.Objects["rule.trigger"] with { RemoteId = "4711" };
        var other = await MoveAsync("url", "https://other.example.test");

        Assert.Equal(["company", "url", null, "url"], new[] { company, silent, moved, other }.Select(saved => (saved.Failure as SettingsRefused)?.Field));
        Assert.Contains("Company cannot change any more: the connection is installed and linked to the tickets of northbridge", company.Failure!.Message, StringComparison.Ordinal);
        Assert.Contains("could not be asked whether it is the same system. The server does not answer.", silent.Failure!.Message, StringComparison.Ordinal);
        Assert.Contains("that is another system, for it does not have the workflow rule 'Trigger'", other.Failure!.Message, StringComparison.Ordinal);
        Assert.Equal("https://moved.example.test", (await hub.ReadAsync(id)).InstanceKey);
    }

    [Fact]
    public async Task DraftConnection_MayStillChooseItsSystem()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.AddConnectionAsync();
        var draft = new ConnectionDraft { Settings = new JsonObject { ["company"] = "other", ["url"] = "https://other.example.test", ["apiKey"] = "k" } };

        Assert.Null((await hub.Store.Get<ChangeConnection>().RunAsync(id, draft, hub.Admin, default)).Failure);
    }

    [Fact]
    public async Task Change_OfTheAddressOnOneServer_KeepsTheSecret()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.AddConnectionAsync();

        var saved = await hub.Store.Get<ChangeConnection>().RunAsync(id, new ConnectionDraft { Settings = new JsonObject { ["url"] = "https://PSA.example.test:443/" } }, hub.Admin, default);

        Assert.Null(saved.Failure);
    }

    [Theory]
    [InlineData(AlertStatus.Open, 1)]
    [InlineData(AlertStatus.Acknowledged, 0)]
    public async Task Change_FirstTeam_GetsTheAlertsThatCouldPageNobody(AlertStatus status, int pages)
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.AddConnectionAsync();
        var alert = await AlertWithoutTeamAsync(hub, id);
        var team = await TeamOnDutyAsync(hub);
        if (status == AlertStatus.Acknowledged) await hub.Store.Get<AcknowledgeAlert>().RunAsync(alert.Id, hub.Admin, default);

        await hub.Store.Get<ChangeConnection>().RunAsync(id, new ConnectionDraft { TeamId = team.Id }, hub.Admin, default);

        alert = await hub.Store.ReadAsync(db => db.Alerts.SingleAsync());
        Assert.Equal((team.Id, false), (alert.TeamId, alert.Unattended));
        Assert.Equal(pages, await hub.Store.ReadAsync(db => db.Pages.CountAsync(page => page.Step == 1)));
    }

    [Fact]
    public async Task Reopen_OfAnAlertClosedBeforeItsConnectionHadATeam_PagesTheTeam()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.AddConnectionAsync();
        var alert = await AlertWithoutTeamAsync(hub, id);
        var team = await TeamOnDutyAsync(hub);
        await hub.Store.Get<CloseAlert>().RunAsync(alert.Id, hub.Admin, default);
        await hub.Store.Get<ChangeConnection>().RunAsync(id, new ConnectionDraft { TeamId = team.Id }, hub.Admin, default);

        await hub.Store.Get<ReopenAlert>().RunAsync(alert.Id, hub.Admin, default);

        Assert.Equal(1, await hub.Store.ReadAsync(db => db.Pages.CountAsync(page => page.Step == 1)));
    }

    private static async Task<Alert> AlertWithoutTeamAsync(ConnectionsHub hub, Guid connectionId)
    {
        await hub.Store.Store.WriteAsync(db => hub.Store.Get<HubAlerts>().RaiseAsync(db, connectionId, "reading", "Nothing can be read", "", hub.Store.Time.GetUtcNow(), default), default);
        return await hub.Store.ReadAsync(db => db.Alerts.SingleAsync());
    }

    private static async Task<Team> TeamOnDutyAsync(ConnectionsHub hub)
    {
        var (team, mia) = (Build.Team(), Build.Person());
        await hub.Store.AddAsync(team, mia, Build.Member(team, mia), Build.Channel(mia), Build.Duty(team, mia));
        return team;
    }

    [Fact]
    public async Task Pool_SettingsChanged_ReplacesTheConnectorAndDisposesTheOldOneLater()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.InstallAsync();
        var pool = hub.Store.Get<ConnectorPool>();
        var before = await pool.FindAsync(id, default);
        var live = hub.Psa.LiveConnectors;

        await hub.Store.Get<ChangeConnection>().RunAsync(id, new ConnectionDraft { Form = ConnectionsHub.Form(key: "another") }, hub.Admin, default);
        var after = await pool.FindAsync(id, default);

        Assert.NotSame(before!.Connector, after!.Connector);
        Assert.Equal(live + 1, hub.Psa.LiveConnectors);
        hub.Store.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(1, hub.Psa.LiveConnectors);
    }

    [Fact]
    public async Task Pool_RowChangedByAnotherProcess_IsNoticedWithinFiveSeconds()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.InstallAsync();
        var pool = hub.Store.Get<ConnectorPool>();
        Assert.NotNull(await pool.FindAsync(id, default));

        await hub.Store.Store.WriteAsync(async db => (await db.Connections.SingleAsync(row => row.Id == id)).State = ConnectionState.Paused, default);
        hub.Store.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Null(await pool.FindAsync(id, default));
    }

    [Fact]
    public async Task Member_UnknownEmail_IsAskedForOnceMoreAndCaseDoesNotMatter()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var live = (await hub.Store.Get<ConnectorPool>().FindAsync(await hub.InstallAsync(), default))!;
        Assert.Equal("7", (await live.MemberAsync("MIA.CHEN@example.test", null, default))!.Id);

        hub.Psa.Members.Add(new RemoteMember("8", "new", "New One", "new@example.test"));
        hub.Store.Time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal("8", (await live.MemberAsync("new@example.test", null, default))!.Id);
        Assert.Null(await live.MemberAsync("nobody@example.test", null, default));
    }
}
