using System.Globalization;
using System.Text.Json;
using Deskbridge.Connectors.Autotask;
using Deskbridge.Testing;
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
    [InlineData("21", "The status \"Parked\" (21) is not active in Autotask any more. Autotask says: Picklist value [21] does not exist for status. The value is not active in Autotask any more, or never was there: choose another one in the settings of the connection, or activate it under")]
    [InlineData("99", "The status 99 is not active in Autotask any more")]
    [InlineData("5", "Picklist value [5] does not exist for status.")]
    public async Task Update_ToAStatusThatIsNotOffered_NamesItAndTheFix(string status, string message)
    {
        await using var stub = await StubAutotask.StartAsync();
        stub.At("PATCH", "Tickets", $$"""{"errors":["Picklist value [{{status}}] does not exist for status."]}""", 500);
        using var connector = stub.Connect();

        var refused = await Assert.ThrowsAsync<ConnectorRejectedException>(() => connector.UpdateTicketAsync("1", new TicketUpdate { Set = new Dictionary<string, string?> { [TicketFields.Status] = status } }, Cancel));

        Assert.StartsWith(message, refused.Message, StringComparison.Ordinal);
        Assert.Equal(TicketFields.Status, refused.Field);
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

    [Theory]
    [InlineData("The Ticket \"X\" has an invalid Resource and Role combination.", TicketFields.Owner, "Associations > Queues")]
    [InlineData("There is no row at position 0.", TicketFields.Owner, "Associations > Queues")]
    [InlineData("Reference value on field: assignedResourceID of type: Resource does not exist or is invalid.", TicketFields.Owner, "not active")]
    [InlineData("Reference value on field: contactID of type: Contact does not exist or is invalid.", null, "deactivated or deleted")]
    [InlineData("Picklist value [8] does not exist for status.", TicketFields.Status, "not active in Autotask any more")]
    [InlineData("Missing Required Field: subIssueType", null, "Ticket Categories")]
    public async Task Update_Refused_SaysWhereToMendItAndHoldsBackNoOtherField(string text, string? field, string fix)
    {
        await using var stub = await StubAutotask.StartAsync();
        stub.At("PATCH", "Tickets", JsonSerializer.Serialize(new { errors = new[] { text } }), 500);
        using var connector = stub.Connect();

        var refusal = await Assert.ThrowsAsync<ConnectorRejectedException>(() => SetStatusAsync(connector));

        Assert.Equal(field, refusal.Field);
        Assert.StartsWith(text, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(fix, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadChanged_CallsUsedUpInTheMiddle_AnswersWhatWasReadAndWhatCutItOff()
    {
        await using var stub = await StubAutotask.StartAsync();
        var page = 0;
        stub.On("POST", StubAutotask.Rest + "Tickets/query", context =>
        {
            if (++page < 3) return AnswerTicketsAsync(context, stub.To("Tickets/query").Last().Body);
            context.Response.StatusCode = 429;
            return context.Response.WriteAsync("""{"errors":["The limit of requests is exceeded."]}""", Cancel);
        });
        using var connector = stub.Connect();

        var read = await connector.ReadChangedAsync(DateTimeOffset.UnixEpoch, 1, 2, Cancel);

        Assert.Equal(["4", "3", "2", "1"], read.Tickets.Select(ticket => ticket.Id));
        Assert.False(read.Full);
        Assert.IsType<ConnectorThrottledException>(read.Cut);
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
    public async Task Threshold_AllUsed_HoldsTicketsToo_AndThatIsTold()
    {
        await using var stub = await StubAutotask.StartAsync();
        stub.Used(9_900);
        using var connector = stub.Connect();

        var failure = await Assert.ThrowsAsync<ConnectorThrottledException>(() => connector.ReadTicketAsync("1", Cancel));

        Assert.False(failure.NotAsked);
        Assert.Contains("9900 of the 10000 calls an hour", failure.Message, StringComparison.Ordinal);
        Assert.Empty(stub.To("Tickets/1"));
    }

    [Fact]
    public async Task Proxy_OfTheConnection_CarriesEveryCall()
    {
        await using var stub = await StubAutotask.StartAsync();
        await using var proxy = new SmallProxy { Password = "hub:let me out" };
        stub.At("GET", "Tickets/48213", $$"""{"item":{{Samples.Record}}}""");
        using var connector = stub.Connect(options => (options.Proxy, options.ProxyUser, options.ProxyPassword) = (proxy.Address.ToString(), "hub", "let me out"));
        using var wrong = stub.Connect(options => (options.Proxy, options.ProxyUser, options.ProxyPassword) = (proxy.Address.ToString(), "hub", "wrong"));

        Assert.NotNull(await connector.ReadTicketAsync("48213", Cancel));
        Assert.True(proxy.Served.Count >= stub.Seen.Count);
        Assert.Contains("asks for a user name and password", (await Assert.ThrowsAsync<ConnectorUnavailableException>(() => wrong.ReadTicketAsync("48213", Cancel))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task FindByNumber_IsAskedByTheNumberPeopleKnow()
    {
        await using var stub = await StubAutotask.StartAsync();
        stub.At("POST", "Tickets/query", """{"items":[{"id":48213,"ticketNumber":"T20261120.0009"}]}""");
        using var connector = stub.Connect();

        Assert.Equal(("48213", "T20261120.0009"), (await connector.FindTicketAsync("T20261120.0009", Cancel)) is { } found ? (found.Id, found.Number) : default);
        Assert.Equal("""{"op":"eq","field":"ticketNumber","value":"T20261120.0009"}""", JsonElement.Parse(stub.To("Tickets/query").Single().Body).GetProperty("filter")[0].GetRawText());
    }

    [Fact]
    public async Task ReadDetails_OfManyTickets_CostsOneCallOfEachKind()
    {
        await using var stub = await StubAutotask.StartAsync();
        stub.At("POST", "Companies/query", """{"items":[{"id":174,"companyName":"Contoso","phone":"+1 555 0100"}]}""");
        stub.At("POST", "Roles/query", """{"items":[{"id":30,"name":"Engineer"}]}""");
        stub.At("POST", "Resources/query", """{"items":[{"id":77,"firstName":"Ann","lastName":"Lee"}]}""");
        stub.At("POST", "TicketNotes/query", """{"items":[{"id":2,"ticketID":2,"description":"second","createDateTime":"2026-11-20T09:02:00Z"},{"id":1,"ticketID":1,"description":"first","createDateTime":"2026-11-20T09:01:00Z"}]}""");
        stub.At("POST", "TicketSecondaryResources/query", """{"items":[{"id":1,"ticketID":2,"resourceID":77,"roleID":30}]}""");
        stub.At("POST", "TicketAttachments/query", """{"items":[{"id":5,"ticketID":1,"title":"Originating Email","fullPath":"mail.eml","fileSize":2048,"contentType":"message/rfc822"}]}""");
        stub.At("POST", "TicketAdditionalConfigurationItems/query", """{"items":[]}""");
        using var connector = stub.Connect();
        var tickets = new[] { 1, 2 }.Select(id => connector.ParseTicket($$"""{"id":{{id}},"companyID":174,"status":1}""")).ToList();

        var read = await connector.ReadDetailsAsync(tickets, Cancel);

        Assert.Equal(["first", "second"], read.Select(one => Assert.Single(one.Notes!).Text));
        Assert.Contains(new TicketDetail("Attachments", "Originating Email", "mail.eml, 2 KB, message/rfc822"), read[0].Items);
        Assert.Contains(new TicketDetail("Secondary resources", "Ann Lee", "Engineer"), read[1].Items);
        Assert.All(read, one => Assert.Contains(new TicketDetail("Company", "Phone", "+1 555 0100"), one.Items));
        Assert.All(new[] { "Companies", "TicketNotes", "TicketSecondaryResources", "TicketAttachments", "TicketAdditionalConfigurationItems" }, entity => Assert.Single(stub.To($"{entity}/query")));
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
