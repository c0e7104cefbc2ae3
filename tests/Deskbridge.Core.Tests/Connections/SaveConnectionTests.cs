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
        Assert.Contains("'Main' talks to the same system", Assert.Single(twin.Notices).Message, StringComparison.Ordinal);
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
        Assert.Equal("7", (await live.MemberByEmailAsync("MIA.CHEN@example.test", default))!.Id);

        hub.Psa.Members.Add(new RemoteMember("8", "new", "New One", "new@example.test"));
        hub.Store.Time.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal("8", (await live.MemberByEmailAsync("new@example.test", default))!.Id);
        Assert.Null(await live.MemberByEmailAsync("nobody@example.test", default));
    }
}
