using System.Text.Json.Nodes;
using Deskbridge.Access;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Runs;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Features.Settings;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Cli.Demo;

/// <summary>
/// Sets a hub up as an administrator would, by the actions behind the pages. Everything that exists already is taken as it is, so a second
/// start changes only addresses that changed.
/// </summary>
internal sealed class DemoSetup(IServiceProvider services, SandboxDescription sandbox, Action<string> tell)
{
    public const string Topic = "northbridge-oncall";
    private const string Email = "dana.reyes@northbridge-msp.test";
    private const string TeamName = "Service desk";
    private const string ConnectionName = "Northbridge PSA";
    private const string Kind = "connectwise-psa";

    public async Task<DemoAccount> RunAsync(string hubUrl, DemoFile? before, CancellationToken cancel)
    {
        var dana = await PersonAsync(cancel);
        var account = await AccountAsync(dana, before, cancel);
        Check(await Get<SettingsStore>().ChangeAsync(new(hubUrl, sandbox.Smtp, "pager@northbridge-msp.test", SmtpUser: "", SmtpPassword: ""), cancel));
        var team = await TeamAsync(dana, cancel);
        await ChannelAsync(dana, ChannelKind.Email, new ChannelDraft("Office mail", Email), cancel);
        await ChannelAsync(dana, ChannelKind.Ntfy, new ChannelDraft("Phone (ntfy)", $"{sandbox.NtfyUrl}/{Topic}"), cancel);
        await ChannelAsync(dana, ChannelKind.Teams, new ChannelDraft("On-call channel (Teams)", sandbox.TeamsUrl!), cancel);
        await ChannelAsync(dana, ChannelKind.Slack, new ChannelDraft("#oncall (Slack)", sandbox.SlackUrl!), cancel);
        await InstallAsync(await ConnectionAsync(team, dana, cancel), dana, cancel);
        Check((await Get<PunchIn>().RunAsync(team, dana.Id, dana, cancel)).Failure);
        return account;
    }

    private async Task<Person> PersonAsync(CancellationToken cancel)
    {
        if (await Get<PersonQueries>().FindAsync(Email, cancel) is { } present) return present;
        return Value(await Get<CreateFirstAdministrator>().RunAsync(new PersonDraft("Dana Reyes", Email, PersonRole.Admin, "America/New_York"), cancel));
    }

    /// <summary>Password and token of the last start while they still work, otherwise new ones.</summary>
    private async Task<DemoAccount> AccountAsync(Person dana, DemoFile? before, CancellationToken cancel)
    {
        var accounts = Get<Accounts>();
        var password = before?.Hub.Password;
        if (password is null || (await accounts.CheckAsync(Email, password, cancel)).Person is null)
        {
            password = $"{Get<RandomIds>().NewMarker()}-{Get<RandomIds>().NewMarker()}";
            Check(await accounts.SetPasswordAsync(dana.Id, password));
        }

        var tokens = Get<ApiTokens>();
        var token = before?.Hub.ApiToken;
        if (token is null || await tokens.FindOwnerAsync(token, cancel) is null) (_, token) = await tokens.CreateAsync(dana.Id, "demo", TokenScope.All, lasts: null, cancel);
        return new DemoAccount(Email, password, token);
    }

    private async Task<Guid> TeamAsync(Person dana, CancellationToken cancel)
    {
        var known = await Get<HubStore>().ReadAsync(db => db.Teams.SingleOrDefaultAsync(t => t.Name == TeamName, cancel), cancel);
        if (known is not null) return known.Id;
        var team = Value(await Get<CreateTeam>().RunAsync(new TeamDraft(TeamName, "First line for every customer"), dana, cancel));
        Check(await Get<SetTeamMembers>().RunAsync(team.Id, [dana.Id], dana, cancel));
        return team.Id;
    }

    private async Task ChannelAsync(Person dana, ChannelKind kind, ChannelDraft draft, CancellationToken cancel)
    {
        var known = await Get<HubStore>().ReadAsync(
            db => db.Channels.FirstOrDefaultAsync(c => c.PersonId == dana.Id && c.Kind == kind && c.Name == draft.Name, cancel), cancel);
        if (known is null) Check((await Get<CreateChannel>().RunAsync(dana.Id, kind, draft, dana, cancel)).Failure);
        else if (known.Address != draft.Sorted(kind, null).Address) Check((await Get<ChangeChannel>().RunAsync(known.Id, draft with { Enabled = known.Enabled, Secret = "" }, dana, cancel)).Failure);
    }

    private async Task<ConnectionView> ConnectionAsync(Guid team, Person dana, CancellationToken cancel)
    {
        var connections = Get<ConnectionQueries>();
        var known = (await connections.ListAsync(withRemoved: false, cancel)).FirstOrDefault(c => c.Kind == Kind && c.Name == ConnectionName);
        var draft = new ConnectionDraft
        {
            Name = ConnectionName,
            Description = "The simulated ConnectWise PSA of the demo",
            TeamId = team,
            Settings = new JsonObject
            {
                ["instanceUri"] = sandbox.HttpsUrl,
                ["companyId"] = sandbox.CompanyId,
                ["memberId"] = sandbox.MemberId,
                ["publicKey"] = sandbox.PublicKey,
                ["privateKey"] = sandbox.PrivateKey,
                ["clientId"] = sandbox.ClientId,
                ["certificateAuthority"] = await File.ReadAllTextAsync(sandbox.CaFile, cancel),
            },
        };
        if (known is null)
        {
            var saved = await Get<CreateConnection>().RunAsync(Kind, draft, dana, cancel);
            Check(saved.Failure);
            return (await connections.FindAsync(saved.Id!.Value, cancel))!;
        }

        if ((string?)known.Settings["instanceUri"] != sandbox.HttpsUrl) Check((await Get<ChangeConnection>().RunAsync(known.Id, draft, dana, cancel)).Failure);
        return known;
    }

    private async Task InstallAsync(ConnectionView connection, Person dana, CancellationToken cancel)
    {
        if (connection.State != ConnectionState.Draft) return;
        var runs = Get<ConnectionRuns>();
        var started = await runs.StartAsync(connection.Id, ConnectionRunKind.Install, dana, new RunRequest(), cancel);
        Check(started.Failure);
        await runs.WaitAsync(started.RunId!.Value, cancel);
        var view = (await runs.FindAsync(started.RunId.Value, cancel))!;
        foreach (var item in view.Items) tell($"  {item.Name}: {item.Message}");
        if (view.Run.State != RunState.Succeeded) throw new StartRefusedException($"The connection of the demo could not be installed: {view.Run.Summary}");
    }

    private T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    private static T Value<T>(Result<T> result)
    {
        Check(result.Failure);
        return result.Value;
    }

    private static void Check(Failure? failure)
    {
        if (failure is not null) throw new StartRefusedException($"The demo cannot be set up: {failure.Message}");
    }
}

/// <summary>How the demo person signs in.</summary>
internal sealed record DemoAccount(string Email, string Password, string ApiToken);
