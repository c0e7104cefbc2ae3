using Deskbridge.Access;
using Deskbridge.Cli;
using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Features.Heartbeat;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Tests.Configuration;

public sealed class ImportTests : IAsyncDisposable
{
    private const string Whole = """
        version: 1
        settings:
          publicUrl: https://hub.example.com
          smtpServer: mail.example.com:587
          smtpFrom: pager@example.com
          smtpUser: pager
          smtpPassword: ${file:smtp-password}
          heartbeatUrl: ${file:heartbeat}
          heartbeatSeconds: 120
        people:
          - email: mia@example.com
            name: Mia Chen
            role: admin
            timeZone: Europe/Berlin
            initialPassword: ${file:mia-password}
            channels:
              - name: Phone
                kind: ntfy
                address: https://ntfy.sh/mia-topic
                secret: ${file:ntfy-token}
              - name: Mail
                kind: email
                address: mia@example.com
          - email: dana@example.com
            name: Dana Reyes
            role: responder
        teams:
          - name: Night
            repeatMinutes: 10
            members: [mia@example.com, dana@example.com]
            onDuty: [mia@example.com]
        connections:
          - name: Northbridge PSA
            kind: connectwise-psa
            team: Night
            settings:
              instanceUri: https://psa.example.com
              companyId: northbridge
              memberId: deskbridge
              publicKey: pub
              privateKey: ${file:private-key}
              clientId: 6a2c9a1e-0000-4000-8000-000000000001
              noteFlags: [Internal]
              ownerAssignment: Both
        """;

    private readonly ConfigurationFixture _hub = new();

    public ImportTests()
    {
        _hub.Secret("smtp-password", "smtp-secret\n");
        _hub.Secret("heartbeat", "https://watch.example.com/ping/only-we-know\n");
        _hub.Secret("mia-password", "a long password");
        _hub.Secret("ntfy-token", "tk_secret");
        _hub.Secret("private-key", "psa-secret");
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task EmptyFolder_WithAWholeFile_BecomesAHub()
    {
        var (code, told) = await _hub.ImportAsync(Whole);

        Assert.True(code == ExitCodes.Done, told);
        var (people, channels, team, duty, connection, secret) = await _hub.ReadAsync(async db => (
            await db.People.OrderBy(p => p.Name).ToListAsync(), await db.Channels.CountAsync(), await db.Teams.SingleAsync(),
            await db.DutyPeriods.SingleAsync(), await db.Connections.SingleAsync(), await db.Settings.SingleAsync(s => s.Key == SettingKeys.SmtpPassword)));
        Assert.Equal([("Dana Reyes", PersonRole.Responder), ("Mia Chen", PersonRole.Admin)], people.Select(p => (p.Name, p.Role)));
        Assert.Equal((2, 10), (channels, team.RepeatMinutes));
        Assert.Equal((people[1].Id, (DateTimeOffset?)null), (duty.PersonId, duty.EndedAt));
        Assert.Equal(team.Id, connection.TeamId);
        Assert.DoesNotContain("psa-secret", connection.Options + connection.Secrets, StringComparison.Ordinal);
        await using var session = await _hub.OpenAsync();
        Assert.Equal("smtp-secret", session.Services.GetRequiredService<ISecretProtector>().Unprotect(secret.Value));
        var heartbeat = await session.Services.GetRequiredService<HeartbeatSettings>().ReadAsync(default);
        Assert.Equal(new HeartbeatTarget(new Uri("https://watch.example.com/ping/only-we-know"), TimeSpan.FromSeconds(120)), heartbeat);
        await using var scope = session.Services.CreateAsyncScope();
        Assert.NotNull((await scope.ServiceProvider.GetRequiredService<Accounts>().CheckAsync("mia@example.com", "a long password", default)).Person);
    }

    [Fact]
    public async Task SecondImport_OfTheSameFile_ChangesNothing()
    {
        await _hub.ImportAsync(Whole);

        Assert.Equal((ExitCodes.Done, true), (await _hub.ImportAsync(Whole)) is var (code, told) ? (code, told.Contains("nothing to change", StringComparison.Ordinal)) : default);
    }

    [Fact]
    public async Task ChosenMembers_AndChoicesForEvents_GoInAndOut()
    {
        const string members = """
                members:
                  - person: dana@example.com
                    member: "176"
                    name: Dana R. Reyes

            """;

        const string returns = """
                  eventReturns: ["41 | NewAlertLater | 8", "57 | Ignore | 24"]

            """;

        var (code, told) = await _hub.ImportAsync(Whole + "\n" + returns + members);

        Assert.True(code == ExitCodes.Done, told);
        Assert.Equal("176 Dana R. Reyes", await _hub.ReadAsync(db => db.MemberChoices.Select(choice => choice.MemberId + " " + choice.MemberName).SingleAsync()));
        var exported = await _hub.ExportAsync();
        Assert.Contains(members.TrimEnd(), exported, StringComparison.Ordinal);
        Assert.All((string[])["41 | NewAlertLater | 8", "57 | Ignore | 24"], one => Assert.Contains(one, exported, StringComparison.Ordinal));
        Assert.Contains("nothing to change", (await _hub.ImportAsync(exported)).Told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Escalation_GoesInAndOut_ThoughItPagesATeamFurtherDown()
    {
        const string chain = """
                escalation:
                  - pages: duty
                  - pages: people
                    waitMinutes: 10
                    people: [dana@example.com]
                  - pages: team
                    waitMinutes: 5
                    team: Zenith

            """;
        var file = Whole.Replace("    onDuty: [mia@example.com]\n", $"    onDuty: [mia@example.com]\n{chain}  - name: Zenith\n    members: [mia@example.com]\n", StringComparison.Ordinal);

        var (code, told) = await _hub.ImportAsync(file);

        Assert.True(code == ExitCodes.Done, told);
        Assert.Contains("duty, again and again → duty, after 10 min dana@example.com, after 5 min duty of Zenith", told, StringComparison.Ordinal);
        Assert.Contains(chain.TrimEnd(), await _hub.ExportAsync(), StringComparison.Ordinal);
        Assert.Contains("nothing to change", (await _hub.ImportAsync(await _hub.ExportAsync())).Told, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, (await _hub.ImportAsync("people:\n  - email: dana@example.com\n    active: false\n")).Code);
        var without = await _hub.ExportAsync();
        Assert.DoesNotContain("pages: people", without, StringComparison.Ordinal); // an empty hub would refuse somebody deactivated
        Assert.Contains("pages: duty\n      - pages: team", without, StringComparison.Ordinal);
        Assert.Contains("nothing to change", (await _hub.ImportAsync(without)).Told, StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Done, (await _hub.ImportAsync("teams:\n  - name: Night\n    escalation: []\n")).Code);
        Assert.DoesNotContain("escalation:", await _hub.ExportAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Escalation_WithSlips_NamesEachAtItsLine()
    {
        var (code, told) = await _hub.ImportAsync("teams:\n  - name: Night\n    escalation:\n      - pages: everybody\n        waitMinutes: 3\n      - pages: people\n        waitMinutes: 0\n        people: [nobody@example.com]\n      - pages: team\n        waitMinutes: 5\n        team: Day\n      - waitMinutes: 5\n");

        Assert.Equal(ExitCodes.Failed, code);
        string[] expected =
        [
            "hub.yaml:5: team Night, escalation step 1: The first step pages at once", "hub.yaml:7: team Night, escalation step 2: It waits 0 minutes", "nobody@example.com is nobody active",
            "hub.yaml:11: team Night, escalation step 3: there is no team 'Day'", "hub.yaml:12: team Night, escalation step 4: pages is missing",
        ];
        Assert.All(expected, line => Assert.Contains(line, told, StringComparison.Ordinal));
    }

    [Fact]
    public async Task MemberOfSomebodyNobodyKnows_IsNamedWithItsLine()
    {
        var (code, told) = await _hub.ImportAsync(Whole + "\n    members:\n      - person: nobody@example.com\n        member: \"176\"\n");

        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("connection Northbridge PSA, members: nobody@example.com is nobody, neither in this file nor in the hub.", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FileWithOtherServers_MustBringTheSecretsAlong()
    {
        await _hub.ImportAsync(Whole);
        var moved = Whole.Replace("psa.example.com", "psa.example.net", StringComparison.Ordinal).Replace("mail.example.com", "mail.example.net", StringComparison.Ordinal)
            .Replace("https://ntfy.sh", "https://ntfy.example.net", StringComparison.Ordinal);
        var withoutSecrets = string.Join('\n', moved.Split('\n').Where(line => !line.Contains("smtpPassword", StringComparison.Ordinal) && !line.Contains("secret:", StringComparison.Ordinal) && !line.Contains("privateKey", StringComparison.Ordinal)));

        var (code, told) = await _hub.ImportAsync(withoutSecrets);

        Assert.Equal(ExitCodes.Failed, code);
        Assert.All((string[])["given for https://psa.example.com", "given for mail.example.com:587", "given for https://ntfy.sh"], words => Assert.Contains($"must be entered again: the stored one was {words}", told, StringComparison.Ordinal));
        Assert.Equal(ExitCodes.Done, (await _hub.ImportAsync(moved)).Code);
        Assert.Equal("https://ntfy.example.net/mia-topic", await _hub.ReadAsync(db => db.Channels.Where(channel => channel.Name == "Phone").Select(channel => channel.Address).SingleAsync()));
    }

    [Fact]
    public async Task Export_ImportedAgain_ChangesNothing_AndHoldsNoSecret()
    {
        await _hub.ImportAsync(Whole);

        var exported = await _hub.ExportAsync();

        Assert.DoesNotContain("secret\n", exported, StringComparison.Ordinal);
        Assert.All((string[])["only-we-know", "smtp-secret", "psa-secret", "tk_secret", "a long password"], secret => Assert.DoesNotContain(secret, exported, StringComparison.Ordinal));
        var (code, told) = await _hub.ImportAsync(exported);
        Assert.Equal(ExitCodes.Done, code);
        Assert.Contains("nothing to change", told, StringComparison.Ordinal);
        Assert.Contains("DESKBRIDGE_HEARTBEAT_URL is not set; the stored one stays", told, StringComparison.Ordinal);
        Assert.Contains("heartbeatSeconds: 120", exported, StringComparison.Ordinal);
        Assert.Contains("DESKBRIDGE_NORTHBRIDGE_PSA_PRIVATEKEY is not set; the stored one stays", told, StringComparison.Ordinal);
        Assert.Equal(exported, await _hub.ExportAsync("-"));
    }

    [Fact]
    public async Task ChatChannels_GoByTheirSecret_ThereAndBack()
    {
        _hub.Secret("slack", "https://hooks.slack.com/services/T000/B000/only-slack-knows\n");
        _hub.Secret("teams", "https://prod-1.westeurope.logic.azure.com/workflows/a/triggers/manual/paths/invoke?sig=only-teams-knows\n");
        const string chats = "      - name: Chat\n        kind: slack\n        secret: ${file:slack}\n      - name: Other chat\n        kind: teams\n        address: ${file:teams}\n";
        var file = Whole.Replace("      - name: Mail\n", chats + "      - name: Mail\n", StringComparison.Ordinal);

        var (code, told) = await _hub.ImportAsync(file);
        Assert.True(code == ExitCodes.Done, told);
        Assert.Contains("nothing to change", (await _hub.ImportAsync(file)).Told, StringComparison.Ordinal);
        var exported = await _hub.ExportAsync();
        (code, told) = await _hub.ImportAsync(exported);

        Assert.True(code == ExitCodes.Done, told);
        Assert.Contains("nothing to change", told, StringComparison.Ordinal);
        Assert.Contains("DESKBRIDGE_MIA_EXAMPLE_COM_CHAT_SECRET is not set; the stored one stays", told, StringComparison.Ordinal);
        var channels = await _hub.ReadAsync(db => db.Channels.Where(c => c.Kind == ChannelKind.Slack || c.Kind == ChannelKind.Teams).OrderBy(c => c.Position).ToListAsync());
        Assert.Equal(["Chat https://hooks.slack.com", "Other chat https://prod-1.westeurope.logic.azure.com"], channels.Select(c => $"{c.Name} {c.Address}"));
        Assert.All((string[])[exported, told, .. channels.Select(c => c.Secret)], text => Assert.DoesNotContain("knows", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Escalation_OfTooManyPeople_IsASlip_BeforeAnythingIsChanged()
    {
        var people = string.Join(", ", Enumerable.Range(1, EscalationRules.MostPeople + 1).Select(n => $"p{n}@example.com"));

        var (code, told) = await _hub.ImportAsync($"teams:\n  - name: Night\n    escalation:\n      - pages: people\n        people: [{people}]\n");

        Assert.NotEqual(ExitCodes.Done, code);
        Assert.Contains("It names 51 people; 50 are the most.", told, StringComparison.Ordinal);
        Assert.DoesNotContain("Night", await _hub.ExportAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ChatChannel_WithoutItsAddress_IsASlip()
    {
        var (code, told) = await _hub.ImportAsync(Whole.Replace("        kind: email\n        address: mia@example.com\n", "        kind: slack\n", StringComparison.Ordinal));

        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("channel Mail of mia@example.com: secret is missing: the web address that Slack gave you.", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task DryRun_SaysWhatWouldChange_AndChangesNothing()
    {
        await _hub.ImportAsync(Whole);
        _hub.Secret("ntfy-token", "tk_another");

        var (code, told) = await _hub.ImportAsync(Whole.Replace("repeatMinutes: 10", "repeatMinutes: 3", StringComparison.Ordinal).Replace(", dana@example.com]", "]", StringComparison.Ordinal), dryRun: true);

        Assert.Equal(ExitCodes.Done, code);
        Assert.Contains("repeatMinutes: 10 → 3", told, StringComparison.Ordinal);
        Assert.Contains("without dana@example.com", told, StringComparison.Ordinal);
        Assert.Contains("secret: another one", told, StringComparison.Ordinal);
        Assert.Equal((10, 2), await _hub.ReadAsync(async db => ((await db.Teams.SingleAsync()).RepeatMinutes, await db.TeamMembers.CountAsync())));
    }

    [Fact]
    public async Task File_WithManySlips_NamesEachAtItsLine_AndChangesNothing()
    {
        var (code, told) = await _hub.ImportAsync("""
            settings:
              publicUrl: https://hub.example.com/path
            people:
              - email: mia@example.com
                name: Mia Chen
                role: boss
                timeZone: Mars/Olympus
                chanels: []
              - email: not an email
                name: X
            teams:
              - name: Night
                repeatMinutes: often
                members: [nobody@example.com]
            connections:
              - name: PSA
                kind: connectwise-psa
                team: Day
                settings:
                  instanceUri: https://psa.example.com
                  privateKey: ${env:DESKBRIDGE_TEST_NEVER_SET}
                  ownerAsignment: Both
            """);

        Assert.Equal(ExitCodes.Failed, code);
        string[] expected =
        [
            "hub.yaml:2: settings: 'https://hub.example.com/path'", "hub.yaml:6: person mia@example.com: role is 'boss'", "hub.yaml:7: person mia@example.com: \"Mars/Olympus\"",
            "hub.yaml:8: person mia@example.com: There is no 'chanels' here", "hub.yaml:9: person not an email: \"not an email\"", "hub.yaml:13: team Night: repeatMinutes is 'often'",
            "hub.yaml:14: team Night: line 14: nobody@example.com", "hub.yaml:18: connection PSA: there is no team 'Day'",
            "hub.yaml:21: connection PSA, settings: privateKey: the environment variable DESKBRIDGE_TEST_NEVER_SET is not set",
            "hub.yaml:22: connection PSA, settings: There is no setting 'ownerAsignment'", "companyId", "Nothing was changed",
        ];
        Assert.All(expected, line => Assert.Contains(line, told, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(0, await _hub.ReadAsync(db => db.People.CountAsync()));
    }

    [Fact]
    public async Task Import_BesideARunningHub_ChangesThatHub()
    {
        await using var hub = await Hub.StartAsync(new HubOptions { Data = _hub.Data, Database = await _hub.AddressAsync(), Port = 0 }, default);

        var (code, told) = await _hub.ImportAsync(Whole);

        Assert.True(code == ExitCodes.Done, told);
        Assert.Contains("running hub", told, StringComparison.Ordinal);
        Assert.Equal(2, (await hub.Services.GetRequiredService<PersonQueries>().ListAsync(default)).Count);
    }

    [Fact]
    public async Task PasswordAndDuty_OfPeopleWhoHaveThem_AreLeftAlone()
    {
        await _hub.ImportAsync(Whole);
        await using (var session = await _hub.OpenAsync())
        {
            await session.Services.GetRequiredService<HubStore>().WriteAsync(
                async db => (await db.DutyPeriods.SingleAsync()).EndedAt = TimeProvider.System.GetUtcNow(), default);
        }

        _hub.Secret("mia-password", "another long password");
        var (_, told) = await _hub.ImportAsync(Whole);

        Assert.Contains("nothing to change", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LastAdministrator_CannotBeTakenAway_ButCanBeReplaced()
    {
        await _hub.ImportAsync(Whole);
        var demoted = "people:\n  - email: mia@example.com\n    role: viewer\n";

        var (code, told) = await _hub.ImportAsync(demoted);
        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("last administrator", told, StringComparison.Ordinal);

        Assert.Equal(ExitCodes.Done, (await _hub.ImportAsync(demoted + "  - email: dana@example.com\n    role: admin\n")).Code);
        Assert.Equal(["dana@example.com"], await _hub.ReadAsync(db => db.People.Where(p => p.Role == PersonRole.Admin).Select(p => p.Email).ToListAsync()));
    }

    [Fact]
    public async Task Webhook_WithoutASecret_IsRefusedWithAWayToMakeOne()
    {
        var (code, told) = await _hub.ImportAsync("people:\n  - email: mia@example.com\n    name: Mia\n    channels:\n      - {name: Hook, kind: webhook, address: 'https://hooks.example.com/x'}\n");

        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("openssl rand", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Channel_ListedFirst_IsTriedFirst()
    {
        await _hub.ImportAsync(Whole);
        await _hub.ImportAsync("people:\n  - email: mia@example.com\n    channels:\n      - {name: Mail}\n      - {name: Phone}\n");

        Assert.Equal(["Mail", "Phone"], await _hub.ReadAsync(db => db.Channels.OrderBy(c => c.Position).Select(c => c.Name).ToListAsync()));
    }
}
