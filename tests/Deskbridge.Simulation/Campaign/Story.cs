using Deskbridge.Core.Alerting;
using Deskbridge.Core.Common;
using Deskbridge.Simulation.World;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Simulation.Campaign;

/// <summary>One seed: at every step one of all the things that can happen, by chance.</summary>
internal sealed class Story(SimulatedWorld world, int steps)
{
    private const int TicketsPerRemote = 4;
    private static readonly string[] Statuses = [SimulatedPsa.New, SimulatedPsa.InProgress, SimulatedPsa.Assigned, SimulatedPsa.Waiting, SimulatedPsa.Done];
    private readonly List<(Remote Remote, string TicketId, DateTimeOffset UpdatedAt, string Key)> _callbacks = [];
    private readonly Random _random = world.Random;

    public List<string> Told { get; } = [];

    public async Task RunAsync()
    {
        foreach (var remote in world.Remotes)
        {
            remote.Psa.Faults.Share = 0.06;
            remote.Psa.Inside = call => InsideAsync(remote, call);
        }

        world.Phone.FaultShare = 0.1;
        for (var step = 0; step < steps; step++)
        {
            await StepAsync();
            if (_random.Next(3) == 0) world.Time.Advance(TimeSpan.FromSeconds(_random.Next(1, 20)));
        }
    }

    private async Task StepAsync()
    {
        var remote = Pick(world.Remotes);
        if (_random.NextDouble() < 0.04) world.Crashes.Arm(Pick(Failpoints.Names));
        switch (_random.Next(100))
        {
            case < 14: await EditAsync(remote); break;
            case < 26: await ActAsync(remote); break;
            case < 42: await DoAsync("poll", () => world.PollAsync(remote)); break;
            case < 58: await DoAsync("work", world.WorkAsync); break;
            case < 74: await DoAsync("send", world.SendAsync); break;
            case < 82: await DoAsync("page", world.PageAsync); break;
            case < 84: await DoAsync("details", world.DetailsAsync); break;
            case < 89: await CallBackAsync(); break;
            case < 96: Advance(); break;
            case < 97: await DoAsync("sweep", () => world.SweepAsync(remote)); break;
            case < 98: await DoAsync("restart", async () => { await world.RestartAsync(); return true; }); break;
            default: Weather(remote); break;
        }
    }

    private async Task DoAsync(string what, Func<Task<bool>> pass)
    {
        var died = await pass();
        Told.Add($"{world.Time.GetUtcNow():HH:mm:ss.f} {what}{(died ? " (died)" : "")}");
    }

    private void Advance()
    {
        var by = TimeSpan.FromSeconds(_random.Next(1, 600));
        world.Time.Advance(by);
        Told.Add($"{world.Time.GetUtcNow():HH:mm:ss.f} {by.TotalSeconds:0} seconds pass");
    }

    /// <summary>A technician does something; the remote may call back: at once, later, twice or never.</summary>
    private Task EditAsync(Remote remote)
    {
        var psa = remote.Psa;
        var ids = psa.TicketIds.ToList();
        if (ids.Count < TicketsPerRemote)
        {
            var marked = _random.Next(12) == 0;
            var entered = psa.Enter(Pick(Statuses), ticket => marked ? ticket with { Retrieved = true, MarkerStatus = Pick([null, "Acknowledged", "Resolved"]) } : ticket);
            Tell(remote, entered.Id, $"enters {entered.StatusName}{(marked ? " marked" : "")}");
            return Task.CompletedTask;
        }

        var id = Pick(ids);
        if (psa.Find(id) is not null) Edit(remote, id);
        return Task.CompletedTask;
    }

    private void Edit(Remote remote, string id)
    {
        var psa = remote.Psa;
        switch (_random.Next(20))
        {
            case < 13:
                Tell(remote, id, psa.SetStatus(id, Pick(Statuses)).StatusName);
                break;
            case < 15:
                Tell(remote, id, "owner " + psa.Edit(id, ticket => ticket with { OwnerId = Pick([null, "9", "7"]) }).OwnerId);
                break;
            case < 17:
                var board = Pick(["1", "2"]);
                psa.Move(id, board);
                Tell(remote, id, "moved to board " + board);
                break;
            case < 19:
                Tell(remote, id, psa.Edit(id, ticket => ticket with { Colour = Pick(["red", "green", "blue"]) }).Colour!);
                break;
            default:
                Tell(remote, id, psa.Edit(id, ticket => ticket with { Title = $"Ticket {id}, {_random.Next(100)} of {psa.Kind}" }).Title);
                break;
        }
    }

    private void Tell(Remote remote, string id, string what)
    {
        Told.Add($"{world.Time.GetUtcNow():HH:mm:ss.f} technician: {remote.Psa.Kind}/{id} {what}");
        for (var copies = _random.Next(3); copies > 0; copies--)
            _callbacks.Add((remote, id, remote.Psa.Find(id)?.UpdatedAt ?? remote.Psa.Now, $"c{Told.Count}"));
    }

    private async Task CallBackAsync()
    {
        if (_callbacks.Count == 0) return;
        var callback = Pick(_callbacks);
        _callbacks.Remove(callback);
        await DoAsync($"callback {callback.Remote.Psa.Kind}/{callback.TicketId}", () => world.CallBackAsync(callback.Remote, callback.TicketId, callback.Key, callback.UpdatedAt));
    }

    private async Task ActAsync(Remote remote)
    {
        var alerts = await world.Hub.ReadAsync(db => db.Alerts.Where(alert => alert.ConnectionId == remote.Id && alert.LinkId != null).OrderBy(alert => alert.Title).ToListAsync());
        if (alerts.Count == 0) return;
        var alert = Pick(alerts);
        var (name, action) = _random.Next(10) switch
        {
            < 4 => alert.Status switch
            {
                AlertStatus.Open => ("acknowledge", world.AcknowledgeAsync(alert.Id)),
                AlertStatus.Acknowledged => ("close", world.CloseAsync(alert.Id)),
                _ => ("reopen", world.ReopenAsync(alert.Id)),
            },
            < 6 when alert.Status == AlertStatus.Acknowledged => ("unacknowledge", world.UnacknowledgeAsync(alert.Id)),
            < 7 => ("close", world.CloseAsync(alert.Id)),
            _ => ("note", world.NoteAsync(alert.Id, Pick(["Looking.", "On it.", "Disk is full\nclearing logs"]))),
        };
        await DoAsync($"Mia: {name} \"{alert.Title}\" ({alert.Status})", () => action);
    }

    /// <summary>Technicians do not wait for a call of ours to end.</summary>
    private Task InsideAsync(Remote remote, Call call)
    {
        if (call.TicketId.Length == 0 || _random.NextDouble() > 0.05 || remote.Psa.Find(call.TicketId) is null) return Task.CompletedTask;
        Told.Add($"{world.Time.GetUtcNow():HH:mm:ss.f}   inside {call.Operation} {(call.Done ? "after" : "before")} its work");
        Tell(remote, call.TicketId, remote.Psa.SetStatus(call.TicketId, Pick(Statuses)).StatusName);
        return Task.CompletedTask;
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
            case 4: Toggle(psa.ForbiddenFields, Connectors.TicketFields.MarkerUser); break;
            case 5: psa.Rename("1", SimulatedPsa.Assigned, "Taken"); break;
            case 6: psa.Rename("1", "Taken", SimulatedPsa.Assigned); break;
            default: psa.ListsAreDown = !psa.ListsAreDown; break;
        }

        Told.Add($"{world.Time.GetUtcNow():HH:mm:ss.f} weather {what} on {psa.Kind}");
    }

    private static void Toggle(HashSet<string> set, string field)
    {
        if (!set.Remove(field)) set.Add(field);
    }

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];
}
