using Deskbridge.Cli;
using Deskbridge.Core.Alerting.Intake;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Tests.Configuration;

/// <summary>The addresses of a team for mails and callouts, as a file has them.</summary>
public sealed class IntakeImportTests : IAsyncDisposable
{
    private readonly ConfigurationFixture _hub = new();

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task AddressesForMailsAndCallouts_GoInAndOut_AndTheirSecretOnlyIn()
    {
        const string team = """

            teams:
              - name: Warehouse
                intake:
                  enabled: true
                  secret: ${file:intake}
                  mailgunKey: ${file:mailgun}
                  titleField: ticket_subject
                  shownFields: [queue, device]
            """;
        _hub.Secret("intake", "abcdefghijklmnopqrstuvwxyz-0123456789");
        _hub.Secret("mailgun", "key-of-mailgun");

        var (code, told) = await _hub.ImportAsync(team);

        Assert.True(code == ExitCodes.Done, told);
        var intake = await _hub.ReadAsync(db => db.TeamIntakes.SingleAsync());
        Assert.Equal((TeamIntake.HashOf("abcdefghijklmnopqrstuvwxyz-0123456789"), true), (intake.SecretHash, intake.Enabled));
        Assert.Equal(("ticket_subject", "queue, device"), (intake.CalloutFields.Title, string.Join(", ", intake.CalloutFields.Shown)));
        Assert.Contains("nothing to change", (await _hub.ImportAsync(team)).Told, StringComparison.Ordinal);
        var exported = await _hub.ExportAsync();
        Assert.Contains("secret: ${env:DESKBRIDGE_WAREHOUSE_INTAKE_SECRET}", exported, StringComparison.Ordinal);
        Assert.DoesNotContain("abcdefghij", exported, StringComparison.Ordinal);
        Assert.Contains("nothing to change", (await _hub.ImportAsync(exported)).Told, StringComparison.Ordinal);

        _hub.Secret("intake", "abcdefghijklmnopqrstuvwxyz-9876543210");
        Assert.Contains("secret: another one", (await _hub.ImportAsync(team)).Told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddressesWithAWeakOrSharedSecret_AreSlips()
    {
        _hub.Secret("intake", "abcdefghijklmnopqrstuvwxyz-0123456789");
        var (_, weak) = await _hub.ImportAsync("""
            teams:
              - name: Warehouse
                intake:
                  secret: guessed
            """);
        Assert.Contains("hub.yaml:4: team Warehouse, intake: The secret of the addresses needs 32 to 100 letters", weak, StringComparison.Ordinal);

        var (code, shared) = await _hub.ImportAsync("""
            teams:
              - name: Warehouse
                intake:
                  secret: ${file:intake}
              - name: Yard
                intake:
                  secret: ${file:intake}
            """);
        Assert.Equal(ExitCodes.Failed, code);
        Assert.Contains("Another team's addresses have this secret", shared, StringComparison.Ordinal);
    }
}
