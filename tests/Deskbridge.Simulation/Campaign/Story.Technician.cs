using Deskbridge.Simulation.World;

namespace Deskbridge.Simulation.Campaign;

/// <content>What technicians do to tickets.</content>
internal sealed partial class Story
{
    /// <summary>A technician does something; the remote may call back: at once, later, twice or never.</summary>
    private void EditSomething(Remote remote)
    {
        var psa = remote.Psa;
        var ids = psa.TicketIds.Where(id => psa.Find(id) is not null).ToList();
        if (ids.Count < TicketsPerRemote) Enter(remote);
        else Edit(remote, Pick(ids));
    }

    private void Enter(Remote remote)
    {
        var marked = _random.Next(12) == 0 && remote.Psa.CarriesMarkers;
        var entered = remote.Psa.Enter(Pick(Statuses), ticket => marked ? ticket with { Retrieved = true, MarkerStatus = Pick([null, "Acknowledged", "Resolved"]) } : ticket);
        Tell(remote, entered.Id, $"enters {entered.StatusName}{(marked ? " marked" : "")}");
    }

    private void Edit(Remote remote, string id)
    {
        var psa = remote.Psa;
        switch (_random.Next(40))
        {
            case < 26:
                Tell(remote, id, psa.SetStatus(id, Pick(Statuses)).StatusName);
                break;
            case < 30:
                Tell(remote, id, "owner " + psa.Edit(id, ticket => ticket with { OwnerId = Pick([null, "9", "7"]) }).OwnerId);
                break;
            case < 34:
                var board = Pick(["1", "2", "3"]);
                psa.Move(id, board);
                world.Ledger.Count("technician moved a ticket to another board");
                Tell(remote, id, "moved to board " + board);
                break;
            case < 37:
                Tell(remote, id, psa.Edit(id, ticket => ticket with { Colour = Pick(["red", "green", "blue"]) }).Colour!);
                break;
            case < 38 when psa.Notes.GetValueOrDefault(id) is { Count: > 0 } notes:
                var note = Pick(notes);
                psa.ChangeNote(id, note, $"The technician's word {Told.Count}.\n\n{note.Text.Split('\n')[^1]}");
                world.Ledger.Count("technician changed a note of the hub");
                Tell(remote, id, "changes a note");
                break;
            case < 39 when psa.MissingTickets(world.Ledger.Shadow, remote.Id) == 0:
                psa.Delete(id);
                world.Ledger.Count("technician deleted a ticket");
                Tell(remote, id, "deleted");
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

    /// <summary>Technicians do not wait for a call of ours to end.</summary>
    private Task InsideAsync(Remote remote, Call call)
    {
        if (call.TicketId.Length == 0 || _random.NextDouble() > 0.05 || remote.Psa.Find(call.TicketId) is null) return Task.CompletedTask;
        Told.Add($"{world.Time.GetUtcNow():HH:mm:ss.f}   inside {call.Operation} {(call.Done ? "after" : "before")} its work");
        Tell(remote, call.TicketId, remote.Psa.SetStatus(call.TicketId, Pick(Statuses)).StatusName);
        return Task.CompletedTask;
    }

    /// <summary>
    /// A technician who changes the ticket each time just before the hub would write, and takes it back each time: after three
    /// writes that were overtaken in a row only the marker is written (engine.md §4).
    /// </summary>
    private async Task DuelAsync(Remote remote)
    {
        var psa = remote.Psa;
        var idle = world.Ledger.Shadow.Links.Values
            .Where(link => link.ConnectionId == remote.Id && psa.Find(link.RemoteId) is { BoardId: "1", Closed: false } && world.IsSettled(link) && world.Ledger.Shadow.AlertOf(link)?.Status == Core.Alerting.AlertStatus.Open)
            .OrderBy(link => link.RemoteId, StringComparer.Ordinal)
            .ToList();
        if (idle.Count == 0) return;
        var id = Pick(idle).RemoteId;
        Told.Add($"{world.Time.GetUtcNow():HH:mm:ss.f} a technician duels with the hub over {psa.Kind}/{id}");
        world.Crashes.Arm(null);
        (psa.ListLag, psa.GetLag, psa.Inside) = (TimeSpan.Zero, TimeSpan.Zero, null);
        psa.Faults.Share = 0;

        psa.SetStatus(id, SimulatedPsa.Waiting);
        await world.CallBackAsync(remote, id);
        await world.WorkAsync();
        if (await world.AlertAsync(remote, id) is { Status: Core.Alerting.AlertStatus.Open } alert) await world.AcknowledgeAsync(alert.Id);
        await world.WorkAsync();
        for (var round = 0; round < 3; round++)
        {
            psa.Inside = call =>
            {
                if (call is { Operation: "get", Done: false } && call.TicketId == id) psa.SetStatus(id, SimulatedPsa.Scheduled);
                return Task.CompletedTask;
            };
            await world.SendAsync();
            psa.Inside = null;
            world.Time.Advance(TimeSpan.FromSeconds(2));
            psa.SetStatus(id, SimulatedPsa.Waiting);
            await world.CallBackAsync(remote, id);
            await world.WorkAsync();
        }

        psa.Faults.Share = 0.06;
        psa.Inside = call => InsideAsync(remote, call);
    }
}
