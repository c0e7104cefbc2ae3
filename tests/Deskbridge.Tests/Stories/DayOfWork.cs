using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>What Dana, the technicians and the customers do, seeded: new tickets, acknowledges, closes, notes, re-opens and hand-backs.</summary>
internal sealed class DayOfWork(StoryWorld world, ManualTime time, int seed)
{
    private readonly Random _random = new(seed);
    private readonly List<int> _tickets = [];
    private int _notes;

    public IReadOnlyList<int> Tickets => _tickets;

    /// <summary>Texts of notes that Dana was told are written down, with their tickets.</summary>
    public List<(int Ticket, string Text)> Notes { get; } = [];

    public async Task NewTicketAsync() => _tickets.Add(await world.PostTicketAsync($"Trouble {_tickets.Count + 1:000}"));

    /// <summary>Something happens to a ticket that has an alert.</summary>
    public async Task ActAsync()
    {
        var ticket = _tickets[_random.Next(_tickets.Count)];
        if (await FindAsync(ticket) is not { } alert) return;
        switch (_random.Next(10))
        {
            case 0 or 1 or 2 when alert.Status != AlertStatus.Closed:
                Answered(await world.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Dana, default));
                break;
            case 3 when alert.Status == AlertStatus.Acknowledged:
                Answered(await world.Get<UnacknowledgeAlert>().RunAsync(alert.Id, world.Dana, default));
                break;
            case 4:
                Answered(await world.Get<CloseAlert>().RunAsync(alert.Id, world.Dana, default));
                break;
            case 5 when alert.Status == AlertStatus.Closed:
                Answered(await world.Get<ReopenAlert>().RunAsync(alert.Id, world.Dana, default));
                break;
            case 6:
                await world.SetStatusAsync(ticket, "Closed (resolved)");
                break;
            case 7:
                await world.SetStatusAsync(ticket, "New (not responded)");
                break;
            default:
                var text = $"Note {++_notes:000} of Dana";
                Value(await world.Get<AddAlertNote>().RunAsync(alert.Id, world.Dana, text, null, default));
                Notes.Add((ticket, text));
                break;
        }
    }

    /// <summary>Polls and lets time pass in small steps until the hub has nothing left to do.</summary>
    public async Task QuietAsync()
    {
        for (var round = 0; round < 300; round++)
        {
            if (round % 4 == 0) await world.PollAsync();
            time.Advance(TimeSpan.FromSeconds(2));
            await Task.Delay(25, TestContext.Current.CancellationToken);
            if (round > 4 && await LeftOverAsync() is null) return;
        }

        Assert.Fail($"The hub does not come to rest: {await LeftOverAsync()}");
    }

    /// <summary>Every ticket as a program sees it, without what every touch changes.</summary>
    public async Task<IReadOnlyDictionary<int, TicketPicture>> LookAsync()
    {
        var pictures = new Dictionary<int, TicketPicture>();
        foreach (var ticket in _tickets)
        {
            var body = await world.TicketAsync(ticket);
            string? Field(string caption) => body["customFields"]!.AsArray().Single(field => field!["caption"]!.GetValue<string>() == caption)!["value"]?.ToString();
            var notes = await world.Psa.GetFromJsonAsync<JsonArray>($"service/tickets/{ticket}/notes?pageSize=200");
            pictures[ticket] = new TicketPicture(
                body["summary"]!.ToString(), body["status"]!["name"]!.ToString(), body["closedFlag"]!.GetValue<bool>(), body["owner"]?["name"]?.ToString(),
                Field("Signl4Retrieved_c") == "true", Field("Signl4Status_c") ?? "", Field("Signl4User_c") ?? "",
                string.Join('|', notes!.Select(note => note!["text"]!.ToString()).Order(StringComparer.Ordinal)));
        }

        return pictures;
    }

    public Task<Alert?> FindAsync(int ticket)
    {
        var id = ticket.ToString(CultureInfo.InvariantCulture);
        return world.Get<HubStore>().ReadAsync(
            db => (from alert in db.Alerts
                   join link in db.Links on alert.LinkId equals link.Id
                   where link.RemoteId == id
                   select alert).SingleOrDefaultAsync(),
            default);
    }

    /// <summary>The ticket may have changed the alert since she looked: then she is refused, and that is all right.</summary>
    private static void Answered(Result<AlertActed> answer) => Assert.True(answer.Failure is null or ConflictFailure, answer.Failure?.Message);

    private Task<string?> LeftOverAsync() => world.Get<HubStore>().ReadAsync(
        async db =>
        {
            var now = time.GetUtcNow();
            if (await db.Effects.FirstOrDefaultAsync(effect => EffectStates.Unsettled.Contains(effect.State)) is { } effect) return $"{effect.Kind} on {effect.RemoteId} is {effect.State}: {effect.Error}";
            if (await db.Wakes.FirstOrDefaultAsync(wake => wake.Reasons != "time") is { } wake) return $"ticket {wake.RemoteId} is to be looked at ({wake.Reasons})";
            return await db.Pages.FirstOrDefaultAsync(page => page.DueAt <= now && (page.State == PageState.Pending || page.State == PageState.Sending)) is { } page ? $"page {page.Id} is {page.State}: {page.Error}" : null;
        },
        default);
}

/// <summary>What a technician sees of a ticket, and what Deskbridge wrote on it.</summary>
internal sealed record TicketPicture(string Title, string Status, bool Closed, string? Owner, bool Retrieved, string Marker, string User, string Notes);
