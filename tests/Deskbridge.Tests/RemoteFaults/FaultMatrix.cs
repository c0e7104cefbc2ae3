using Deskbridge.Core.Connections;
using Deskbridge.Testing;
using Deskbridge.Tests.Stories;

namespace Deskbridge.Tests.RemoteFaults;

/// <summary>Every kind of fault that is tried, in the order of the table in <c>docs/reliability.md</c>.</summary>
internal static class FaultMatrix
{
    private static readonly Vendor[] OnlyConnectWise = [Vendor.ConnectWise];
    private static readonly Vendor[] OnlyAutotask = [Vendor.Autotask];
    private static readonly Sign Rings = new(Place.Phone, "the page", "the page");
    private static readonly Sign Found = new(Place.Alert, "found by looking");

    /// <summary>While tickets are read; no callback tells of them.</summary>
    public static IReadOnlyList<RemoteFault> Reading { get; } =
    [
        new("The list answers 500", Work.NewTicket, world => SilentAsync(world, "error-before"),
            [new(Place.Events, "{system} answered 500")], "the next poll reads on from the mark"),
        new("The connection breaks while the list is read", Work.NewTicket, world => SilentAsync(world, "cut-before"),
            [new(Place.Events, "broke before the answer was complete")], "the next poll reads on from the mark"),
        new("429 with Retry-After", Work.NewTicket, world => SilentAsync(world, "throttle", retryAfter: 2),
            [new(Place.Events, "asks for a pause of 2 seconds")], "reads pause for as long as asked; pages to people never do"),
        new("The API member loses the right to read tickets", Work.NewTicket, world => SilentAsync(world, "forbidden"),
            [new(Place.Events, "lacks a right")], "the right is named; reading goes on when it is back"),
        new("404 for the list", Work.NewTicket, world => SilentAsync(world, "not-found"),
            [new(Place.Events, "{system} has nothing at")], "nothing counts as deleted; the next poll reads on"),
        new("Lists are three seconds old", Work.NewTicket, async world =>
            {
                await SilentAsync(world);
                await world.SwitchAsync(new { listLagSeconds = 3 });
            },
            [Rings], "found when the list shows it; polls overlap")
        {
            Vendors = OnlyConnectWise,
            Lasts = true,
        },
        new("The remote's clock is an hour and a half ahead", Work.NewTicket, async world =>
            {
                await SilentAsync(world);
                await world.SwitchAsync(new { clockSkewSeconds = 5_555 });
            },
            [Rings, new(Place.Connection, "\"clockOffsetMs\":555", "the offset of its clock")], "only the remote's clock is used on its times")
        {
            Vendors = OnlyConnectWise,
            Lasts = true,
        },
        new("The remote is slow", Work.NewTicket, world => SilentAsync(world, "latency", milliseconds: 1_500),
            [Rings], "nothing else waits for it"),
        new("The calls of an hour, which Autotask counts for all programs together, are used up", Work.NewTicket, async world =>
            {
                await SilentAsync(world);
                await world.AutotaskSwitchAsync(new { threshold = 1, retryAfterSeconds = 2 });
            },
            [new(Place.Events, "asks for a pause of 2 seconds")], "reads pause for as long as asked; pages to people never do")
        {
            Vendors = OnlyAutotask,
        },
        new("The API user is locked", Work.NewTicket, async world =>
            {
                await SilentAsync(world);
                await world.AutotaskSwitchAsync(new { locked = true });
            },
            [new(Place.Events, "does not accept the API user")], "nothing is lost; reading goes on when the user is unlocked")
        {
            Vendors = OnlyAutotask,
        },
        new("The customer's zone moves: 401 at the old address", Work.NewTicket, async world =>
            {
                await SilentAsync(world);
                await world.AutotaskSwitchAsync(new { zone = "zone9" });
            },
            [Rings], "the zone is asked for once more, and the same call is made there")
        {
            Vendors = OnlyAutotask,
        },
    ];

    /// <summary>Callbacks that do not come as they should.</summary>
    public static IReadOnlyList<RemoteFault> Callbacks { get; } =
    [
        new("Callbacks are lost", Work.NewTicket, world => SilentAsync(world), [Rings], "polling finds what they would have told"),
        new("A callback comes twice", Work.NewTicket, world => world.FaultAsync(new { kind = "callback-duplicate" }), [Rings], "the second is answered and changes nothing"),
        new("A callback comes late", Work.NewTicket, world => world.FaultAsync(new { kind = "callback-late", seconds = 3 }), [Rings], "polling was there before it"),
        new("Callbacks come in the wrong order", Work.NewTicket, world => world.FaultAsync(new { kind = "callback-reordered" }), [Rings], "they only say look; the truth is read"),
        new("A callback comes before its change can be read", Work.NewTicket, world => world.FaultAsync(new { kind = "callback-early", seconds = 2 }), [Rings], "its wake stays until the read is as new")
        {
            Vendors = OnlyConnectWise,
        },
        new("A callback with a wrong signature", Work.NewTicket, world => world.FaultAsync(new { kind = "callback-bad-signature" }),
            [new(Place.Events, "does not fit")], "refused with 401; polling finds the ticket"),
        new("A callback of another customer of the same cloud", Work.NewTicket, world => world.FaultAsync(new { kind = "callback-other-company" }),
            [new(Place.Events, "another company")], "refused though genuinely signed; polling finds the ticket")
        {
            Vendors = OnlyConnectWise,
        },
        new("A callback in our name, signed with another customer's key", Work.NewTicket, world => world.FaultAsync(new { kind = "callback-other-key" }),
            [new(Place.Events, "another company")], "refused; polling finds the ticket")
        {
            Vendors = OnlyConnectWise,
        },
        new("The webhook is switched off after failures", Work.NewTicket, async world =>
            {
                await world.SwitchWebhookOffAsync();
                await world.Story.Get<CallbackHeal>().HealAsync(world.Story.ConnectionId, default); // it comes round every quarter of an hour
            },
            [new(Place.Events, "1 switched on again"), Rings], "polling finds what it would have told; it is switched on again")
        {
            Vendors = OnlyAutotask,
        },
    ];

    /// <summary>While a ticket is changed.</summary>
    public static IReadOnlyList<RemoteFault> Writing { get; } =
    [
        new("A write answers 500 and did nothing", Work.Acknowledge, world => world.StrikeAsync("error-before", world.Technician.Calls.Write, count: 1),
            [new(Place.Events, "{system} answered 500"), new(Place.Alert, "Ticket updated")], "the ticket is read; it shows nothing of the write, so it is sent again"),
        new("A write answers 500 after its commit", Work.Acknowledge, world => world.StrikeAsync("error-after", world.Technician.Calls.Write, count: 1),
            [new(Place.Events, "{system} answered 500"), Found], "the ticket is read, and nothing is sent again"),
        new("The connection breaks before a write arrives", Work.Acknowledge, world => world.StrikeAsync("cut-before", world.Technician.Calls.Write, count: 1),
            [new(Place.Events, "broke before the answer was complete"), new(Place.Alert, "Ticket updated")], "the ticket is read; the write is sent again"),
        new("The connection breaks after a write arrived", Work.Acknowledge, world => world.StrikeAsync("cut-after", world.Technician.Calls.Write, count: 1),
            [new(Place.Events, "broke before the answer was complete"), Found], "the ticket is read, and nothing is sent again"),
        new("A write meets 429", Work.Acknowledge, world => world.StrikeAsync("throttle", world.Technician.Calls.Write, count: 1, retryAfter: 2),
            [new(Place.Events, "asks for a pause of 2 seconds"), new(Place.Alert, "Ticket updated")], "sent when the pause is over"),
        new("A write meets a route that is gone", Work.Acknowledge, world => world.StrikeAsync("not-found", world.Technician.Calls.Write, count: 1),
            [new(Place.Events, "{system} has nothing at"), new(Place.Alert, "Ticket updated")], "tried again"),
        new("The API member may not change tickets", Work.Acknowledge, world => world.StrikeAsync("forbidden", world.Technician.Calls.Write),
            [new(Place.Alert, "lacks a right"), new(Place.Events, "lacks a right"), new(Place.Connection, "The ticket system refuses a change")],
            "the alert keeps its state, the team is paged about the refusal, the right is named; the next change is written when it is back")
        {
            EndsAs = technician => technician.New,
        },
        new("A status is renamed", Work.Acknowledge, world => world.Technician.RenameStatusAsync(world.Technician.Taken, "Taken"),
            [new(Place.Alert, "Ticket updated")], "it is known by its id")
        {
            EndsAs = _ => "Taken",
            Lasts = true,
        },
        new("A write is refused with 500 and its reasons, because the status is out of use", Work.Acknowledge, world => ((AutotaskTechnician)world.Technician).RetireStatusAsync(world.Technician.Taken),
            [new(Place.Alert, "does not exist for status"), new(Place.Connection, "The ticket system refuses a change")], "never sent again as it is; the alert keeps its state, and the team is paged about the refusal")
        {
            EndsAs = technician => technician.New,
            Vendors = OnlyAutotask,
            Lasts = true,
        },
        new("A marker field is deleted", Work.Acknowledge, async world =>
            {
                var field = (await world.Story.TicketAsync(world.Ticket))["customFields"]!.AsArray().First(one => one!["caption"]!.ToString() == "Signl4Status_c")!["id"];
                await world.ControlAsync(HttpMethod.Delete, $"custom-fields/{field}");
            },
            [new(Place.Connection, "marker field is missing")], "the rest is written; a finding with a Repair button")
        {
            Vendors = OnlyConnectWise,
            Lasts = true,
        },
        new("Parts of custom fields wipe the rest", Work.Acknowledge, async world =>
            {
                await world.Story.SetFieldAsync(world.Ticket, "Change Window", "Sundays 02:00");
                await world.SwitchAsync(new { partialCustomFieldsWipe = true });
            },
            [new(Place.Events, "put back"), new(Place.Ticket, "Sundays 02:00")], "what was wiped is put back; whole arrays from then on")
        {
            Vendors = OnlyConnectWise,
            Lasts = true,
        },
    ];

    /// <summary>While notes, schedule entries and pages are sent.</summary>
    public static IReadOnlyList<RemoteFault> Children { get; } =
    [
        new("A note answers 500 after its commit", Work.Note, world => world.StrikeAsync("error-after", world.Technician.Calls.Note, count: 1),
            [new(Place.Events, "{system} answered 500"), new(Place.Alert, "Note added to the ticket")], "found on the ticket by its mark, and not sent again"),
        new("The connection breaks after a note arrived", Work.Note, world => world.StrikeAsync("cut-after", world.Technician.Calls.Note, count: 1),
            [new(Place.Events, "broke before the answer was complete"), new(Place.Alert, "Note added to the ticket")], "found on the ticket by its mark, and not sent again"),
        new("A note meets 429", Work.Note, world => world.StrikeAsync("throttle", world.Technician.Calls.Note, count: 1, retryAfter: 2),
            [new(Place.Events, "asks for a pause of 2 seconds"), new(Place.Alert, "Note added to the ticket")], "sent when the pause is over"),
        new("The API member may not add notes", Work.Note, world => world.StrikeAsync("forbidden", world.Technician.Calls.Note),
            [new(Place.Alert, "lacks a right")], "the note stays in the hub and is shown as refused; writes to the ticket go on")
        {
            Arrives = false,
        },
        new("The API member may not read schedules", Work.Acknowledge, world => world.FaultAsync(new { kind = "forbidden", method = "GET", path = "^/schedule/entries" }),
            [new(Place.Events, "lacks a right")], "status, owner and markers are written all the same; the entry follows when the right is back")
        {
            Vendors = OnlyConnectWise,
        },
        new("The push server answers 503", Work.NewTicket, world => world.CarrierFaultAsync(new { carrier = "ntfy", kind = "status", status = 503, times = 1 }),
            [new(Place.Alert, "503"), Rings], "tried again within seconds")
        {
            Vendors = OnlyConnectWise,
        },
        new("The push server breaks off after it took the page", Work.NewTicket, world => world.CarrierFaultAsync(new { carrier = "ntfy", kind = "cut", moment = "after", times = 1 }),
            [Rings], "sent again with the same delivery id: rather twice than never")
        {
            MostPages = 2,
            Vendors = OnlyConnectWise,
        },
    ];

    public static IEnumerable<RemoteFault> All => [.. Reading, .. Callbacks, .. Writing, .. Children];

    /// <summary>No callback comes, so that only polling can find a ticket; and another fault.</summary>
    private static async Task SilentAsync(FaultWorld world, string? kind = null, int? retryAfter = null, int? milliseconds = null)
    {
        await world.FaultAsync(new { kind = "callback-lost" });
        if (kind is not null) await world.StrikeAsync(kind, world.Technician.Calls.List, retryAfter: retryAfter, milliseconds: milliseconds);
    }
}
