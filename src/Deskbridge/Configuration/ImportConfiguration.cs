using Deskbridge.Access;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Configuration;

/// <summary>
/// Makes the hub what a configuration file says. The whole file is checked before anything is changed; what is in order already is left
/// alone, so that importing twice changes nothing. What the file does not name stays.
/// </summary>
internal sealed class ImportConfiguration(
    HubStore store, IDbContextFactory<AccessDb> contexts, PlanSettings settings, PlanHeartbeat heartbeat, PlanTwilio twilio, PlanPeople people, PlanChannels channels, PlanTeams teams, PlanConnections connections)
{
    /// <summary>What an import of this text would do.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="references">Where its references lead.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<ConfigurationPlan> PlanAsync(string text, References references, CancellationToken cancel)
    {
        var plan = new ConfigurationPlan();
        var file = ConfigurationFile.Read(text, references, plan.Problems);
        if (plan.Problems.Count > 0 && file is { Settings: null, People.Count: 0, Teams.Count: 0, Connections.Count: 0 }) return plan;
        var present = await PresentConfiguration.ReadAsync(store, contexts, cancel);
        settings.Add(plan, file.Settings, present);
        heartbeat.Add(plan, file.Settings, present);
        twilio.Add(plan, file.Settings, present);
        await people.AddAsync(plan, file.People, present, cancel);
        channels.Add(plan, file.People, present);
        await teams.AddAsync(plan, file, present, cancel);
        connections.Add(plan, file, present);
        return plan;
    }

    /// <summary>Carries a plan without problems out, one change after the other; stops at the first that the hub refuses.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="done">Told of every change that is done.</param>
    /// <param name="cancel">Stops between changes.</param>
    public static async Task<(Change Change, Failure Failure)?> ApplyAsync(ConfigurationPlan plan, Func<Change, Task> done, CancellationToken cancel)
    {
        foreach (var change in plan.Changes)
        {
            if (await change.ApplyAsync(cancel) is { } failure) return (change, failure);
            await done(change);
        }

        return null;
    }
}
