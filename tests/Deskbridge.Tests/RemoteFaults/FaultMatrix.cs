namespace Deskbridge.Tests.RemoteFaults;

/// <summary>Every kind of fault that is tried, in the order of the table in <c>docs/reliability.md</c>.</summary>
internal static class FaultMatrix
{
    private const string List = @"^/service/tickets(\?|$)";
    private const string One = @"^/service/tickets/\d+$";
    private const string Notes = @"^/service/tickets/\d+/notes";
    private static readonly Sign Rings = new(Place.Phone, "the page", "the page");
    private static readonly Sign Found = new(Place.Alert, "found by looking");

    /// <summary>While tickets are read; no callback tells of them.</summary>
    public static IReadOnlyList<RemoteFault> Reading { get; } =
    [
        new("The list answers 500", Work.NewTicket, world => Silent(world, new { kind = "error-before", method = "GET", path = List }),
            [new(Place.Events, "ConnectWise answered 500")], "the next poll reads on from the mark"),
        new("The connection breaks while the list is read", Work.NewTicket, world => Silent(world, new { kind = "cut-before", method = "GET", path = List }),
            [new(Place.Events, "broke before the answer was complete")], "the next poll reads on from the mark"),
        new("429 with Retry-After", Work.NewTicket, world => Silent(world, new { kind = "throttle", retryAfter = 2, method = "GET", path = List }),
            [new(Place.Events, "asks for a pause of 2 seconds")], "reads pause for as long as asked; pages to people never do"),
        new("The API member loses the right to read tickets", Work.NewTicket, world => Silent(world, new { kind = "forbidden", method = "GET", path = List }),
            [new(Place.Events, "The API member lacks a right")], "the right is named; reading goes on when it is back"),
        new("404 for the list", Work.NewTicket, world => Silent(world, new { kind = "not-found", method = "GET", path = List }),
            [new(Place.Events, "ConnectWise has nothing at")], "nothing counts as deleted; the next poll reads on"),
        new("Lists are three seconds old", Work.NewTicket, async world =>
            {
                await Silent(world);
                await world.SwitchAsync(new { listLagSeconds = 3 });
            },
            [Rings], "found when the list shows it; polls overlap"),
        new("The remote's clock is an hour and a half ahead", Work.NewTicket, async world =>
            {
                await Silent(world);
                await world.SwitchAsync(new { clockSkewSeconds = 5_555 });
            },
            [Rings, new(Place.Connection, "\"clockOffsetMs\":555", "the offset of its clock")], "only the remote's clock is used on its times"),
        new("The remote is slow", Work.NewTicket, world => Silent(world, new { kind = "latency", milliseconds = 1_500, method = "GET", path = List }),
            [Rings], "nothing else waits for it"),
    ];

    /// <summary>Callbacks that do not come as they should.</summary>
    public static IReadOnlyList<RemoteFault> Callbacks { get; } =
    [
        new("Callbacks are lost", Work.NewTicket, world => Silent(world), [Rings], "polling finds what they would have told"),
        new("A callback comes twice", Work.NewTicket, world => world.FaultAsync(new { kind = "callback-duplicate" }), [Rings], "the second is answered and changes nothing"),
        new("A callback comes late", Work.NewTicket, world => world.FaultAsync(new { kind = "callback-late", seconds = 3 }), [Rings], "polling was there before it"),
        new("Callbacks come in the wrong order", Work.NewTicket, world => world.FaultAsync(new { kind = "callback-reordered" }), [Rings], "they only say look; the truth is read"),
        new("A callback comes before its change can be read", Work.NewTicket, world => world.FaultAsync(new { kind = "callback-early", seconds = 2 }), [Rings], "its wake stays until the read is as new"),
        new("A callback with a wrong signature", Work.NewTicket, world => world.FaultAsync(new { kind = "callback-bad-signature" }),
            [new(Place.Events, "does not fit")], "refused with 401; polling finds the ticket"),
        new("A callback of another customer of the same cloud", Work.NewTicket, world => world.FaultAsync(new { kind = "callback-other-company" }),
            [new(Place.Events, "another company")], "refused though genuinely signed; polling finds the ticket"),
        new("A callback in our name, signed with another customer's key", Work.NewTicket, world => world.FaultAsync(new { kind = "callback-other-key" }),
            [new(Place.Events, "another company")], "refused; polling finds the ticket"),
    ];

    /// <summary>While a ticket is changed.</summary>
    public static IReadOnlyList<RemoteFault> Writing { get; } =
    [
        new("A write answers 500 and did nothing", Work.Acknowledge, world => world.FaultAsync(new { kind = "error-before", method = "PATCH", path = One, count = 1 }),
            [new(Place.Events, "ConnectWise answered 500"), new(Place.Alert, "Ticket updated")], "the ticket is read; it shows nothing of the write, so it is sent again"),
        new("A write answers 500 after its commit", Work.Acknowledge, world => world.FaultAsync(new { kind = "error-after", method = "PATCH", path = One, count = 1 }),
            [new(Place.Events, "ConnectWise answered 500"), Found], "the ticket is read, and nothing is sent again"),
        new("The connection breaks before a write arrives", Work.Acknowledge, world => world.FaultAsync(new { kind = "cut-before", method = "PATCH", path = One, count = 1 }),
            [new(Place.Events, "broke before the answer was complete"), new(Place.Alert, "Ticket updated")], "the ticket is read; the write is sent again"),
        new("The connection breaks after a write arrived", Work.Acknowledge, world => world.FaultAsync(new { kind = "cut-after", method = "PATCH", path = One, count = 1 }),
            [new(Place.Events, "broke before the answer was complete"), Found], "the ticket is read, and nothing is sent again"),
        new("A write meets 429", Work.Acknowledge, world => world.FaultAsync(new { kind = "throttle", retryAfter = 2, method = "PATCH", path = One, count = 1 }),
            [new(Place.Events, "asks for a pause of 2 seconds"), new(Place.Alert, "Ticket updated")], "sent when the pause is over"),
        new("A write meets a route that is gone", Work.Acknowledge, world => world.FaultAsync(new { kind = "not-found", method = "PATCH", path = One, count = 1 }),
            [new(Place.Events, "ConnectWise has nothing at"), new(Place.Alert, "Ticket updated")], "tried again"),
        new("The API member may not change tickets", Work.Acknowledge, world => world.FaultAsync(new { kind = "forbidden", method = "PATCH", path = One }),
            [new(Place.Alert, "The API member lacks a right"), new(Place.Events, "The API member lacks a right"), new(Place.Connection, "The ticket system refuses a change")],
            "the alert keeps its state, the team is paged about the refusal, the right is named; the next change is written when it is back")
        {
            EndsAs = "New (not responded)",
        },
        new("A status is renamed", Work.Acknowledge, async world =>
            {
                var status = (await world.Story.ControlAsync(HttpMethod.Get, "setup"))["statuses"]!.AsArray().First(one => one!["name"]!.ToString() == "Assigned (responded)")!["id"];
                await world.ControlAsync(HttpMethod.Put, $"statuses/{status}", new { name = "Taken" });
            },
            [new(Place.Alert, "Ticket updated")], "it is known by its id")
        {
            EndsAs = "Taken",
        },
        new("A marker field is deleted", Work.Acknowledge, async world =>
            {
                var field = (await world.Story.TicketAsync(world.Ticket))["customFields"]!.AsArray().First(one => one!["caption"]!.ToString() == "Signl4Status_c")!["id"];
                await world.ControlAsync(HttpMethod.Delete, $"custom-fields/{field}");
            },
            [new(Place.Connection, "marker field is missing")], "the rest is written; a finding with a Repair button"),
        new("Parts of custom fields wipe the rest", Work.Acknowledge, async world =>
            {
                await world.Story.SetFieldAsync(world.Ticket, "Change Window", "Sundays 02:00");
                await world.SwitchAsync(new { partialCustomFieldsWipe = true });
            },
            [new(Place.Events, "put back"), new(Place.Ticket, "Sundays 02:00")], "what was wiped is put back; whole arrays from then on"),
    ];

    /// <summary>While notes, schedule entries and pages are sent.</summary>
    public static IReadOnlyList<RemoteFault> Children { get; } =
    [
        new("A note answers 500 after its commit", Work.Note, world => world.FaultAsync(new { kind = "error-after", method = "POST", path = Notes, count = 1 }),
            [new(Place.Events, "ConnectWise answered 500"), new(Place.Alert, "Note added to the ticket")], "found on the ticket by its mark, and not sent again"),
        new("The connection breaks after a note arrived", Work.Note, world => world.FaultAsync(new { kind = "cut-after", method = "POST", path = Notes, count = 1 }),
            [new(Place.Events, "broke before the answer was complete"), new(Place.Alert, "Note added to the ticket")], "found on the ticket by its mark, and not sent again"),
        new("A note meets 429", Work.Note, world => world.FaultAsync(new { kind = "throttle", retryAfter = 2, method = "POST", path = Notes, count = 1 }),
            [new(Place.Events, "asks for a pause of 2 seconds"), new(Place.Alert, "Note added to the ticket")], "sent when the pause is over"),
        new("The API member may not add notes", Work.Note, world => world.FaultAsync(new { kind = "forbidden", method = "POST", path = Notes }),
            [new(Place.Alert, "The API member lacks a right")], "the note stays in the hub and is shown as refused; writes to the ticket go on")
        {
            EndsAs = "not on the ticket",
        },
        new("The API member may not read schedules", Work.Acknowledge, world => world.FaultAsync(new { kind = "forbidden", method = "GET", path = "^/schedule/entries" }),
            [new(Place.Events, "The API member lacks a right")], "status, owner and markers are written all the same; the entry follows when the right is back"),
        new("The push server answers 503", Work.NewTicket, world => world.CarrierFaultAsync(new { carrier = "ntfy", kind = "status", status = 503, times = 1 }),
            [new(Place.Alert, "503"), Rings], "tried again within seconds"),
        new("The push server breaks off after it took the page", Work.NewTicket, world => world.CarrierFaultAsync(new { carrier = "ntfy", kind = "cut", moment = "after", times = 1 }),
            [Rings], "sent again with the same delivery id: rather twice than never")
        {
            MostPages = 2,
        },
    ];

    public static IEnumerable<RemoteFault> All => [.. Reading, .. Callbacks, .. Writing, .. Children];

    /// <summary>No callback comes, so that only polling can find a ticket; and another fault.</summary>
    private static async Task Silent(FaultWorld world, object? fault = null)
    {
        await world.FaultAsync(new { kind = "callback-lost" });
        if (fault is not null) await world.FaultAsync(fault);
    }
}
