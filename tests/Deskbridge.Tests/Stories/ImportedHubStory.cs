using Deskbridge.Cli;
using Deskbridge.Core.Connections;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>A hub set up without a click: an empty folder, a file, the environment.</summary>
public sealed class ImportedHubStory
{
    [Fact]
    public async Task EmptyFolder_AFileAndTheEnvironment_ATicketPages()
    {
        await using var world = await ImportedAsync((sandbox, folder) =>
        {
            Environment.SetEnvironmentVariable("STORY_PSA_PRIVATE_KEY", sandbox.ConnectWise.PrivateKey);
            File.WriteAllText(Path.Combine(folder.FullName, "dana-password"), "night shift password\n");
            return $$"""
                people:
                  - email: dana.reyes@northbridge-msp.test
                    name: Dana Reyes
                    role: admin
                    initialPassword: ${file:dana-password}
                    channels:
                      - name: Phone
                        kind: ntfy
                        address: {{new Uri(sandbox.NtfyUrl, Topic)}}
                teams:
                  - name: Service Desk
                    members: [dana.reyes@northbridge-msp.test]
                    onDuty: [dana.reyes@northbridge-msp.test]
                connections:
                  - name: Northbridge PSA
                    kind: connectwise-psa
                    team: Service Desk
                    install: true
                    settings:
                      instanceUri: {{sandbox.HttpUrl}}
                      companyId: {{sandbox.ConnectWise.CompanyId}}
                      memberId: {{sandbox.ConnectWise.MemberId}}
                      publicKey: {{sandbox.ConnectWise.PublicKey}}
                      privateKey: ${env:STORY_PSA_PRIVATE_KEY}
                      clientId: {{sandbox.ConnectWise.ClientId}}
                """;
        });

        await world.PostTicketAsync("Mail server down at Harborview");
        await world.PollAsync();

        await EventuallyAsync("Dana's phone rings", async () => (await world.PagesAsync()).Any(p => p["title"]!.ToString().Contains("Mail server down at Harborview")));
        await using var told = new StringWriter();
        Assert.Equal(ExitCodes.Done, await ImportCommand.RunAsync(world.Folder, world.Database.Address, Path.Combine(world.Folder, "..", "hub.yaml"), dryRun: false, told, default));
        Assert.Contains("nothing to change", told.ToString(), StringComparison.Ordinal);
        Assert.Equal(ConnectionState.Active, (await world.Get<ConnectionQueries>().FindAsync(world.ConnectionId, default))!.State);
    }

    [Fact]
    public async Task Connection_ThatCannotBeReached_IsKeptAsADraft_AndTheFailedChecksAreNamed()
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-story-");
        var file = Path.Combine(folder.FullName, "hub.yaml");
        await File.WriteAllTextAsync(
            file,
            """
            connections:
              - name: Nowhere
                kind: connectwise-psa
                install: true
                settings: {instanceUri: "http://127.0.0.1:9", companyId: c, memberId: m, publicKey: p, privateKey: k, clientId: 6a2c9a1e-0000-4000-8000-000000000001}
            """,
            TestContext.Current.CancellationToken);
        await using var told = new StringWriter();

        Assert.Equal(ExitCodes.Failed, await ImportCommand.RunAsync(Path.Combine(folder.FullName, "data"), null, file, dryRun: false, told, default));

        Assert.Contains("+ connection Nowhere", told.ToString(), StringComparison.Ordinal);
        Assert.Contains("Test failed", told.ToString(), StringComparison.Ordinal);
        folder.Delete(recursive: true);
    }
}
