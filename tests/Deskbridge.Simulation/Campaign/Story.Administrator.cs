using Deskbridge.Simulation.Checks;
using Deskbridge.Simulation.World;

namespace Deskbridge.Simulation.Campaign;

/// <content>What administrators, dispatchers and the weather do.</content>
internal sealed partial class Story
{
    private const int LongestOutage = 40;
    private readonly Dictionary<SimulatedPsa, int> _outages = [];

    /// <summary>A remote with tickets of its own is tried and installed; the hub may die in it and begins again.</summary>
    private async Task GoLiveAsync(Remote remote)
    {
        for (var tickets = _random.Next(1, 4); tickets > 0; tickets--) Enter(remote);
        world.Time.Advance(TimeSpan.FromMinutes(1));
        var (foretold, died) = await world.DryRunAsync(remote);
        if (!died && _random.Next(2) == 0) world.Crashes.Arm(Pick(["install.step-applied", "install.before-active"]));
        while (await world.InstallAsync(remote, died ? null : foretold)) died = true;
        world.Crashes.Arm(null);
        Told.Add($"{world.Time.GetUtcNow():HH:mm:ss.f} {remote.Psa.Kind} goes live");
    }

    private async Task AdministerAsync(Remote remote)
    {
        switch (_random.Next(6))
        {
            case < 4:
                var (name, change) = Pick(remote.Psa.Rules.Changes);
                change(remote.Psa.Rules);
                world.Ledger.Count("administrator changed the rules");
                Told.Add($"{world.Time.GetUtcNow():HH:mm:ss.f} administrator: {remote.Psa.Kind} {name}");
                await DoAsync("read the rules", () => world.RefreshRulesAsync(remote));
                break;
            case < 5:
            case 5 when !remote.Psa.CarriesMarkers:
                await DoAsync("Mia punches out or in", world.TogglePunchAsync);
                break;
            default:
                Toggle(remote.Psa, Connectors.TicketFields.MarkerUser);
                break;
        }
    }

    /// <summary>An administrator deletes a field of ours, or finds it gone and makes it again.</summary>
    private void Toggle(SimulatedPsa psa, string role)
    {
        if (!psa.Objects.Remove(role)) psa.Objects[role] = "by hand";
        else psa.FieldsEverGone.Add(role);
        Told.Add($"{world.Time.GetUtcNow():HH:mm:ss.f} administrator: {psa.Kind} {role} {(psa.Objects.ContainsKey(role) ? "is back" : "is gone")}");
    }

    private void Weather(Remote remote)
    {
        var psa = remote.Psa;
        var what = _random.Next(8);
        switch (what)
        {
            case 0: psa.ListLag = TimeSpan.FromSeconds(_random.Next(0, 90)); break;
            case 1: psa.GetLag = TimeSpan.FromSeconds(_random.Next(0, 20)); break;
            case 2: psa.ListLag = psa.GetLag = TimeSpan.Zero; break;
            case 3: Toggle(psa.RefusedFields, Connectors.TicketFields.Owner); break;
            case 4: Toggle(psa.ForbiddenFields, psa.CarriesMarkers ? Connectors.TicketFields.MarkerUser : Connectors.TicketFields.Owner); break;
            case 5: Rename(psa, SimulatedPsa.Assigned, "Taken"); break;
            case 6: Rename(psa, "Taken", SimulatedPsa.Assigned); break;
            default: psa.ListsAreDown = true; break;
        }

        Told.Add($"{world.Time.GetUtcNow():HH:mm:ss.f} weather {what} on {psa.Kind}");
    }

    private void Rename(SimulatedPsa psa, string from, string to)
    {
        psa.Rename("1", from, to);
        world.Ledger.Count("administrator renamed a status");
    }

    /// <summary>No outage outlasts a story, so that there is something to see before and after it.</summary>
    private void EndOutages(int step)
    {
        foreach (var (psa, _) in world.Remotes.Where(remote => remote.Psa.ListsAreDown))
        {
            if (_outages.TryAdd(psa, step)) continue;
            if (step - _outages[psa] < LongestOutage) continue;
            psa.ListsAreDown = false;
            _outages.Remove(psa);
            Told.Add($"{world.Time.GetUtcNow():HH:mm:ss.f} {psa.Kind} can be read again");
        }
    }

    private static void Toggle(HashSet<string> set, string field)
    {
        if (!set.Remove(field)) set.Add(field);
    }
}
