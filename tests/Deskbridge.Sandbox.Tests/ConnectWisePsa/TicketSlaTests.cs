using System.Text.Json.Nodes;
using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa;

/// <summary>The times of a ticket: goals by its SLA (respond in 1 hour, plan in 4, resolve in 8), what each step took, waiting, and the hours worked.</summary>
public sealed class TicketSlaTests : IAsyncLifetime
{
    private const int Assigned = 20; // responded
    private const int Closed = 24;   // resolved

    private readonly ManualTime _time = new(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));
    private readonly PsaSandbox _psa;

    public TicketSlaTests() => _psa = new PsaSandbox { Time = _time };

    public ValueTask InitializeAsync() => _psa.InitializeAsync();

    public ValueTask DisposeAsync() => _psa.DisposeAsync();

    [Fact]
    public async Task NewTicket_KnowsItsGoals()
    {
        var ticket = await _psa.GetAsync($"/service/tickets/{await _psa.NewTicketAsync()}");

        Assert.Equal(("2026-03-02T08:00:00Z", "2026-03-02T09:00:00Z", "2026-03-02T12:00:00Z", "2026-03-02T16:00:00Z"),
            ((string?)ticket["escalationStartDateUTC"], (string?)ticket["respondByGoalUTC"], (string?)ticket["resplanGoalUTC"], (string?)ticket["resolutionGoalUTC"]));
        Assert.Equal(("Respond by Mon 03/02 9:00 AM UTC+00", true, 0), ((string?)ticket["slaStatus"], (bool)ticket["isInSla"]!, (int)ticket["escalationLevel"]!));
    }

    [Fact]
    public async Task Priority_HasGoalsOfItsOwn()
    {
        var id = await _psa.NewTicketAsync();

        var ticket = await _psa.PatchAsync($"/service/tickets/{id}", """[{ "op": "replace", "path": "priority", "value": { "id": 1 } }]""");

        Assert.Equal(("2026-03-02T08:15:00Z", "2026-03-02T12:00:00Z"), ((string?)ticket["respondByGoalUTC"], (string?)ticket["resolutionGoalUTC"]));
    }

    [Fact]
    public async Task Steps_SayHowLongTheyTook_AndWhichWasSkipped()
    {
        var id = await _psa.NewTicketAsync();
        _time.Advance(TimeSpan.FromMinutes(30));
        var responded = await StatusAsync(id, Assigned);
        _time.Advance(TimeSpan.FromHours(4));
        var resolved = await StatusAsync(id, Closed);

        Assert.Equal((30, 0.5m, "deskbridge", true, "Plan by Mon 03/02 12:00 PM UTC+00"),
            ((int)responded["respondMinutes"]!, (decimal)responded["respondedHours"]!, (string?)responded["respondedBy"], (bool)responded["isInSla"]!, (string?)responded["slaStatus"]));
        Assert.Equal((30, 270, 270, 270), ((int)resolved["respondMinutes"]!, (int)resolved["resPlanMinutes"]!, (int)resolved["resplanSkippedMinutes"]!, (int)resolved["resolveMinutes"]!));
        Assert.Equal((4.5m, false, "Resolved"), ((decimal)resolved["resolutionHours"]!, (bool)resolved["isInSla"]!, (string?)resolved["slaStatus"]));
    }

    [Fact]
    public async Task Waiting_StopsTheClock_AndMovesTheGoals()
    {
        var waiting = (int)((JsonArray)await _psa.GetAsync("/service/boards/1/statuses?conditions=escalationStatus='NoEscalation'"))[0]!["id"]!;
        var id = await _psa.NewTicketAsync();
        _time.Advance(TimeSpan.FromMinutes(10));
        var stopped = await StatusAsync(id, waiting);
        _time.Advance(TimeSpan.FromHours(24));
        var on = await StatusAsync(id, Assigned);

        Assert.Equal(("Waiting", 10), ((string?)stopped["slaStatus"], (int)stopped["minutesBeforeWaiting"]!));
        Assert.Equal((1440, 10, "2026-03-03T16:00:00Z"), ((int)on["minutesWaiting"]!, (int)on["respondMinutes"]!, (string?)on["resolutionGoalUTC"]));
    }

    [Fact]
    public async Task HoursWorked_AddUpOnTheTicket()
    {
        var id = await _psa.NewTicketAsync();
        var first = await TimeAsync(id, 1.5m);
        await TimeAsync(id, 0.25m);
        var both = await _psa.GetAsync($"/service/tickets/{id}");
        await _psa.CallAsync(HttpMethod.Delete, $"/time/entries/{first["id"]}");

        Assert.Equal((1.75m, 0.25m), ((decimal)both["actualHours"]!, (decimal)(await _psa.GetAsync($"/service/tickets/{id}"))["actualHours"]!));
        Assert.Equal("Tampa Office", (string?)first["locationName"]);
    }

    private Task<JsonNode> TimeAsync(int ticket, decimal hours) => _psa.PostAsync(
        "/time/entries", FormattableString.Invariant($$"""{ "chargeToId": {{ticket}}, "chargeToType": "ServiceTicket", "timeStart": "2026-03-02T08:00:00Z", "actualHours": {{hours}} }"""));

    private Task<JsonNode> StatusAsync(int id, int status) => _psa.PatchAsync($"/service/tickets/{id}", $$"""[{ "op": "replace", "path": "status", "value": { "id": {{status}} } }]""");
}
