using System.Globalization;
using System.Text.Json;
using Deskbridge.Connectors.Autotask;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Deskbridge.Connectors.Tests.Autotask;

public sealed class AutotaskClientTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AnyCall_Headers_AreTheUsersAndTheZoneIsAskedWithoutThem()
    {
        await using var stub = await StubAutotask.StartAsync();
        stub.At("GET", "Tickets/48213", $$"""{"item":{{Samples.Record}}}""");
        using var connector = stub.Connect();

        var ticket = await connector.ReadTicketAsync("48213", Cancel);

        var zone = stub.Seen.Single(request => request.Path == StubAutotask.ZoneInformation);
        Assert.Equal("?user=hub@contoso.example", zone.Query);
        Assert.False(zone.Headers.ContainsKey("Secret"));
        var request = Assert.Single(stub.To("Tickets/48213"));
        Assert.Equal(("CODE", "hub@contoso.example", "se#cret $1"), (request.Headers["ApiIntegrationCode"], request.Headers["UserName"], request.Headers["Secret"]));
        Assert.Equal(new RemoteRef("1", "New"), ticket!.Status);
        Assert.Equal("https://ww3.autotask.net/Autotask/AutotaskExtend/ExecuteCommand.aspx?Code=OpenTicketDetail&TicketID=48213", connector.WebLink(RecordTypes.Ticket, "48213")!.AbsoluteUri);
    }

    [Fact]
    public async Task AnyCall_ZoneMoved_IsAskedForOnceMoreAfterA401()
    {
        await using var old = await StubAutotask.StartAsync();
        old.At("GET", "Tickets/48213", "", 401);
        using var connector = old.Connect();
        await Assert.ThrowsAsync<ConnectorCredentialsException>(() => connector.ReadTicketAsync("48213", Cancel)); // the zone is the same: refused
        Assert.Equal(2, old.Seen.Count(request => request.Path == StubAutotask.ZoneInformation));

        old.Json("GET", StubAutotask.ZoneInformation, $$"""{"url":"{{new Uri(old.Address, "/moved/")}}"}""");
        old.Json("GET", "/moved/V1.0/Tickets/48213", """{"item":null}""");

        Assert.Null(await connector.ReadTicketAsync("48213", Cancel));
    }

    [Fact]
    public async Task Zone_OnAForeignHost_IsNotSentTheSecret()
    {
        await using var stub = await StubAutotask.StartAsync();
        await using var stranger = await StubAutotask.StartAsync();
        stub.Zone(stranger.Address);
        using var connector = stub.Connect();

        var refused = await Assert.ThrowsAsync<ConnectorUnavailableException>(() => connector.ReadTicketAsync("1", Cancel));

        Assert.Contains("no address of Autotask", refused.Message, StringComparison.Ordinal);
        Assert.Empty(stranger.Seen);
    }

    [Fact]
    public async Task ReadChanged_ManyPages_GoesOnBehindTheLastIdAndAnswersInTheOrderOfChanges()
    {
        await using var stub = await StubAutotask.StartAsync();
        stub.On("POST", StubAutotask.Rest + "Tickets/query", context => AnswerTicketsAsync(context, stub.To("Tickets/query").Last().Body));
        using var connector = stub.Connect();

        var page = await connector.ReadChangedAsync(DateTimeOffset.UnixEpoch, 1, 2, Cancel);

        Assert.Equal(["5", "4", "3", "2", "1"], page.Tickets.Select(ticket => ticket.Id));
        Assert.False(page.Full);
        var asked = stub.To("Tickets/query").Select(request => JsonElement.Parse(request.Body)).ToList();
        Assert.Equal(3, asked.Count);
        Assert.All(asked, body => Assert.Equal(2, body.GetProperty("MaxRecords").GetInt32()));
        Assert.Equal("""{"op":"gt","field":"id","value":4}""", asked[2].GetProperty("filter")[1].GetRawText());
        Assert.DoesNotContain(stub.Seen, request => request.Path.EndsWith("/next", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(500, """{"errors":["Picklist value [99] does not exist for priority."]}""", TicketFields.Priority)]
    [InlineData(500, """{"errors":["Data violation: When assigning a Resource, you must assign both a assignedResourceID and assignedResourceRoleID."]}""", TicketFields.Owner)]
    [InlineData(500, """{"errors":["assignedResourceID, assignedResourceRoleID, and queueID cannot all be empty."]}""", null)]
    public async Task Update_Refused_NamesTheFieldAndIsNeverInDoubt(int status, string body, string? field)
    {
        await using var stub = await StubAutotask.StartAsync();
        stub.At("PATCH", "Tickets", body, status);
        using var connector = stub.Connect();

        var refusal = await Assert.ThrowsAsync<ConnectorRejectedException>(() => SetStatusAsync(connector));

        Assert.Equal((field, RejectionKind.Value), (refusal.Field, refusal.Kind));
    }

    [Fact]
    public async Task Update_MissingRight_NamesTheClickPath()
    {
        await using var stub = await StubAutotask.StartAsync();
        stub.At("PATCH", "Tickets", """{"errors":["The logged in Resource does not have the adequate permissions to update this entity."]}""", 500);
        using var connector = stub.Connect();

        var refusal = await Assert.ThrowsAsync<ConnectorRejectedException>(() => SetStatusAsync(connector));

        Assert.Equal(RejectionKind.Permission, refusal.Kind);
        Assert.Contains("Service Desk > Tickets: View All, Edit All", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500, "")]
    [InlineData(502, "<html>Bad gateway</html>")]
    [InlineData(200, "<html>Sign in</html>")]
    [InlineData(200, """{}""")]
    public async Task Update_NoAnswerOfAutotasks_IsInDoubt(int status, string body)
    {
        await using var stub = await StubAutotask.StartAsync();
        stub.At("PATCH", "Tickets", body, status);
        using var connector = stub.Connect();

        Assert.True((await Assert.ThrowsAsync<ConnectorUnavailableException>(() => SetStatusAsync(connector))).MayHaveBeenApplied);
    }

    [Fact]
    public async Task Update_TakenButNotReadable_IsInDoubtWhateverKeptItFromBeingRead()
    {
        await using var stub = await StubAutotask.StartAsync();
        stub.At("PATCH", "Tickets", """{"itemId":48213}""");
        stub.At("GET", "Tickets/48213", """{"errors":["The Autotask API thread threshold of 3 threads has been exceeded."]}""", 429);
        using var connector = stub.Connect();

        Assert.True((await Assert.ThrowsAsync<ConnectorUnavailableException>(() => SetStatusAsync(connector))).MayHaveBeenApplied);
        Assert.Equal("""{"id":48213,"status":8}""", Assert.Single(stub.To("Tickets"), request => request.Method == "PATCH").Body);
    }

    [Fact]
    public async Task Update_Owner_IsSentWithTheRoleTheResourceHolds()
    {
        await using var stub = await StubAutotask.StartAsync();
        stub.At("POST", "ResourceRoles/query", """{"items":[{"id":1,"resourceID":77,"roleID":110,"isActive":true},{"id":2,"resourceID":77,"roleID":30,"queueID":8,"isActive":true},{"id":3,"resourceID":77,"roleID":31,"isActive":true}]}""");
        stub.At("GET", "Resources/77", """{"item":{"id":77,"firstName":"Ann","defaultServiceDeskRoleID":31}}""");
        stub.At("PATCH", "Tickets", """{"itemId":48213}""");
        stub.At("GET", "Tickets/48213", $$"""{"item":{{Samples.Record}}}""");
        using var connector = stub.Connect();

        await connector.UpdateTicketAsync("48213", new() { Set = new Dictionary<string, string?> { [TicketFields.Owner] = "77" } }, Cancel);
        stub.At("POST", "ResourceRoles/query", """{"items":[]}""");
        var refusal = await Assert.ThrowsAsync<ConnectorRejectedException>(() => connector.UpdateTicketAsync("48213", new() { Set = new Dictionary<string, string?> { [TicketFields.Owner] = "78" } }, Cancel));

        Assert.Equal("""{"id":48213,"assignedResourceID":77,"assignedResourceRoleID":31}""", Assert.Single(stub.To("Tickets")).Body);
        Assert.Equal(TicketFields.Owner, refusal.Field);
    }

    [Fact]
    public async Task Threshold_HalfUsed_HoldsBackWhatCanWaitAndLetsTicketsPass()
    {
        await using var stub = await StubAutotask.StartAsync();
        stub.Used(5_000);
        stub.At("GET", "Tickets/1", """{"item":null}""");
        using var connector = stub.Connect();

        Assert.Null(await connector.ReadTicketAsync("1", Cancel));
        using (CallClassScope.Use(CallClass.Sweeps))
        {
            Assert.True((await Assert.ThrowsAsync<ConnectorThrottledException>(() => connector.ReadTicketAsync("1", Cancel))).NotAsked);
        }

        Assert.Null(await connector.ReadTicketAsync("1", Cancel));
        Assert.Equal((1, 2), (stub.To("ThresholdInformation").Count(), stub.To("Tickets/1").Count()));
    }

    [Fact]
    public async Task ManyCallsAtOnce_OfOneObject_NeverTakeItsThirdThread()
    {
        await using var stub = await StubAutotask.StartAsync();
        int now = 0, most = 0;
        stub.On("GET", StubAutotask.Rest + "Tickets/1", async context =>
        {
            InterlockedMax(ref most, Interlocked.Increment(ref now));
            await Task.Delay(20, Cancel);
            Interlocked.Decrement(ref now);
            await context.Response.WriteAsync("""{"item":null}""", Cancel);
        });
        using var connector = stub.Connect();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => connector.ReadTicketAsync("1", Cancel)));

        Assert.InRange(most, 1, 2);
    }

    private static Task<RemoteTicket> SetStatusAsync(AutotaskConnector connector) =>
        connector.UpdateTicketAsync("48213", new() { Set = new Dictionary<string, string?> { [TicketFields.Status] = "8" } }, Cancel);

    /// <summary>Five tickets in id order, the lowest changed last; only the page behind the id that the filter names.</summary>
    private static Task AnswerTicketsAsync(HttpContext context, string body)
    {
        var asked = JsonElement.Parse(body);
        var after = asked.GetProperty("filter").EnumerateArray().Where(one => one.TryGetProperty("field", out var field) && field.GetString() == "id").Select(one => one.GetProperty("value").GetInt32()).FirstOrDefault();
        var rows = Enumerable.Range(1, 5).Where(id => id > after).Take(asked.GetProperty("MaxRecords").GetInt32())
            .Select(id => string.Create(CultureInfo.InvariantCulture, $$"""{"id":{{id}},"status":1,"createDate":"2026-11-20T09:00:00Z","lastActivityDate":"2026-11-20T09:{{59 - id}}:00Z"}"""));
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync($$"""{"items":[{{string.Join(',', rows)}}],"pageDetails":{"nextPageUrl":"http://127.0.0.1/ATServicesRest/V1.0/Tickets/query/next"} }""", Cancel);
    }

    private static void InterlockedMax(ref int most, int seen)
    {
        for (var known = most; seen > known; known = most)
        {
            if (Interlocked.CompareExchange(ref most, seen, known) == known) return;
        }
    }
}
