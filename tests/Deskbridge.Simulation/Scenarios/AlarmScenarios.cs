using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Simulation.Scenarios;

/// <summary>The hub's own alerts: one per connection and cause, until the cause is gone.</summary>
public sealed class AlarmScenarios
{
    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task RefusedOwner_AlarmsUntilAnOwnerIsTaken_NotUntilTheRestOfTheWriteIs(Vendor vendor)
    {
        await using var scenario = await Scenario.WithAlertAsync(new(vendor), prepare: psa => psa.RefusedFields.Add(TicketFields.Owner));
        await scenario.AcknowledgeAsync();
        await scenario.World.QuietAsync();
        Assert.Equal(AlertStatus.Open, (await AlarmAsync(scenario, "write-refused")).Status);

        scenario.Psa.RefusedFields.Clear();
        scenario.Enter();
        await scenario.World.QuietAsync();
        Assert.Equal(AlertStatus.Open, (await AlarmAsync(scenario, "write-refused")).Status); // markers of the new ticket prove nothing
        await scenario.AcknowledgeAsync();
        await scenario.World.QuietAsync();

        Assert.Equal(AlertStatus.Closed, (await AlarmAsync(scenario, "write-refused")).Status);
    }

    [Fact]
    public async Task MissingMarker_IsOneFinding_UntilTicketsCarryItAgain()
    {
        await using var scenario = await Scenario.WithAlertAsync();
        scenario.Psa.Objects.Remove(TicketFields.MarkerUser);
        var other = scenario.Psa.Enter().Id;
        await scenario.World.QuietAsync();
        Assert.Equal(AlertStatus.Open, (await AlarmAsync(scenario, "marker-missing")).Status);

        await scenario.AcknowledgeAsync(); // its ticket was read before the field was deleted, so it proves nothing
        await scenario.World.QuietAsync();
        Assert.Equal(AlertStatus.Open, (await AlarmAsync(scenario, "marker-missing")).Status);

        scenario.Psa.Objects[TicketFields.MarkerUser] = "by hand";
        scenario.Psa.Edit(other, ticket => ticket with { Title = "Still too warm" });
        await scenario.World.QuietAsync();
        Assert.Equal(AlertStatus.Closed, (await AlarmAsync(scenario, "marker-missing")).Status);
    }

    private static Task<Alert> AlarmAsync(Scenario scenario, string cause) => scenario.World.Hub.ReadAsync(db => db.Alerts.SingleAsync(alert => alert.Cause == cause));
}
