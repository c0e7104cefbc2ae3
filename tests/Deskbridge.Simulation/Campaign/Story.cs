using Deskbridge.Core.Alerting;
using Deskbridge.Core.Common;
using Deskbridge.Simulation.Checks;
using Deskbridge.Simulation.World;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Simulation.Campaign;

/// <summary>One seed: at every step one of all the things that can happen, by chance.</summary>
internal sealed partial class Story(SimulatedWorld world, int steps)
{
    private const int TicketsPerRemote = 4;
    private static readonly string[] Statuses = [SimulatedPsa.New, SimulatedPsa.InProgress, SimulatedPsa.Assigned, SimulatedPsa.Waiting, SimulatedPsa.Done];
    private readonly List<(Remote Remote, string TicketId, DateTimeOffset UpdatedAt, string Key)> _callbacks = [];
    private readonly Random _random = world.Random;

    public List<string> Told { get; } = [];

    public async Task RunAsync()
    {
        foreach (var remote in world.Remotes.Where(remote => remote.Connection.State == Core.Connections.ConnectionState.Draft)) await GoLiveAsync(remote);
        foreach (var remote in world.Remotes)
        {
            remote.Psa.Faults.Share = 0.06;
            remote.Psa.Inside = call => InsideAsync(remote, call);
        }

        world.Phone.FaultShare = 0.1;
        for (var step = 0; step < steps; step++)
        {
            await StepAsync();
            EndOutages(step);
            if (_random.Next(3) == 0) world.Time.Advance(TimeSpan.FromSeconds(_random.Next(1, 20)));
        }
    }

    private async Task StepAsync()
    {
        var remote = Pick(world.Remotes);
        if (_random.NextDouble() < 0.04) world.Crashes.Arm(Pick(Failpoints.Names));
        switch (_random.Next(100))
        {
            case < 13: EditSomething(remote); break;
            case < 24: await ActAsync(remote); break;
            case < 38: await DoAsync("poll", () => world.PollAsync(remote)); break;
            case < 53: await DoAsync("work", world.WorkAsync); break;
            case < 68: await DoAsync("send", world.SendAsync); break;
            case < 75: await DoAsync("page", world.PageAsync); break;
            case < 77: await DoAsync("details", world.DetailsAsync); break;
            case < 82: await CallBackAsync(); break;
            case < 89: Advance(); break;
            case < 91: await DoAsync("sweep", () => world.SweepAsync(remote)); break;
            case < 92: await DoAsync("restart", async () => { await world.RestartAsync(); return true; }); break;
            case < 94: Weather(remote); break;
            case < 96: await DoAsync("look for silence", world.LookForSilenceAsync); break;
            case < 97: await DoAsync("read the rules", () => world.RefreshRulesAsync(remote)); break;
            case < 98: await AdministerAsync(remote); break;
            case < 99: await DuelAsync(remote); break;
            default: await DoAsync("dry run", async () => (await world.DryRunAsync(remote)).Died); break;
        }
    }

    private async Task DoAsync(string what, Func<Task<bool>> pass)
    {
        var died = await pass();
        Told.Add($"{world.Time.GetUtcNow():HH:mm:ss.f} {what}{(died ? " (died)" : "")}");
    }

    /// <summary>Mostly minutes; now and then a quiet half of a day, in which only time can change anything.</summary>
    private void Advance()
    {
        var by = TimeSpan.FromSeconds(_random.Next(16) == 0 ? _random.Next(3600, 20_000) : _random.Next(1, 600));
        world.Time.Advance(by);
        Told.Add($"{world.Time.GetUtcNow():HH:mm:ss.f} {by.TotalSeconds:0} seconds pass");
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
            < 8 when world.Told.Notes.Where(told => told.AlertId == alert.Id).ToList() is { Count: > 0 } written => ("edit a note", world.EditNoteAsync(Pick(written), $"Edited {Told.Count}.")),
            < 8 => ("attach a file", world.AttachAsync(alert.Id)),
            _ => ("note", world.NoteAsync(alert.Id, Pick(["Looking.", "On it.", "Disk is full\nclearing logs"]))),
        };
        await DoAsync($"Mia: {name} \"{alert.Title}\" ({alert.Status})", () => action);
    }

    private T Pick<T>(IReadOnlyList<T> from) => from[_random.Next(from.Count)];
}
