using System.Text;
using Deskbridge.Connectors.ConnectWise.Psa;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace Deskbridge.Connectors.Tests.Psa;

public sealed class PsaClientTests
{
    private const string Ticket = """{"id":5,"summary":"x","_info":{"lastUpdated":"2026-11-20T14:12:00Z","dateEntered":"2026-11-20T14:12:00Z"},"customFields":[]}""";

    [Fact]
    public async Task AnyCall_Headers_AreWhatConnectWiseAsksFor()
    {
        await using var stub = await StubPsa.StartAsync();
        stub.JsonAt("GET", "service/tickets/5", Ticket);
        using var connector = stub.Connect();

        await connector.ReadTicketAsync("5", default);

        var request = stub.Seen.Last();
        Assert.Equal("Basic " + Convert.ToBase64String("acme+public:private"u8), request.Headers["Authorization"]);
        Assert.Equal("3f2504e0-4f89-41d3-9a0c-0305e82c3301", request.Headers["clientId"]);
        Assert.Contains("version=2025.1", request.Headers["Accept"]);
        Assert.False(stub.Seen.First().Headers.ContainsKey("Authorization"));
    }

    /// <summary>A program that cuts texts by bytes leaves half a character, and the list it is in must still be read.</summary>
    [Fact]
    public async Task ReadChanged_HalfACharacterInOneTicket_ReadsAllAndReplacesIt()
    {
        await using var stub = await StubPsa.StartAsync();
        byte[] rows = [.. "["u8, .. Encoding.UTF8.GetBytes(Ticket.Replace("\"x\"", "\"disk ", StringComparison.Ordinal).Split(",\"_info")[0]), 0xF0, 0x9F, .. Encoding.UTF8.GetBytes("\",\"_info" + Ticket.Split(",\"_info")[1]), .. "]"u8];
        stub.On("GET", StubPsa.Rest + "service/tickets", async context =>
        {
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(rows);
        });
        using var connector = stub.Connect();

        var page = await connector.ReadChangedAsync(DateTimeOffset.UnixEpoch, 1, 500, default);

        Assert.Equal("disk \uFFFD", Assert.Single(page.Tickets).Title);
    }

    [Fact]
    public async Task ReadChanged_Query_AsksForServiceTicketsInOrder()
    {
        await using var stub = await StubPsa.StartAsync();
        stub.JsonAt("GET", "service/tickets", $"[{Ticket}]");
        using var connector = stub.Connect();

        var page = await connector.ReadChangedAsync(new DateTimeOffset(2026, 11, 20, 8, 0, 0, TimeSpan.Zero), 2, 1, default);

        Assert.True(page.Full);
        Assert.Equal(
            "?conditions=recordType=\"ServiceTicket\" and lastUpdated>=[2026-11-20T08:00:00Z]&orderBy=lastUpdated asc,id asc&page=2&pageSize=1",
            stub.Seen.Last().Query);
    }

    [Fact]
    public async Task ReadMembers_ForwardOnlyPages_FollowTheLinkUntilItIsEmpty()
    {
        await using var stub = await StubPsa.StartAsync();
        stub.On("GET", StubPsa.Rest + "system/members", async context =>
        {
            var first = context.Request.Query["pageId"] == "0";
            context.Response.Headers.Link = first ? $"<{stub.Address}x?pageSize=1000&pageId=7>; rel=\"next\"" : "";
            await context.Response.WriteAsync(first ? """[{"id":7,"identifier":"a","officeEmail":" a@x.test "}]""" : """[{"id":9,"identifier":"b"}]""");
        });
        using var connector = stub.Connect();

        var members = await connector.ReadMembersAsync(default);

        Assert.Equal([new("7", "a", "a", "a@x.test"), new("9", "b", "b", null)], members);
        Assert.Equal("forward-only", stub.Seen.Last().Headers["pagination-type"]);
    }

    [Fact]
    public async Task ListWithoutEnd_IsGivenUpNamingIt()
    {
        await using var stub = await StubPsa.StartAsync();
        stub.On("GET", StubPsa.Rest + "system/members", async context =>
        {
            var next = int.Parse(context.Request.Query["pageId"].ToString(), System.Globalization.CultureInfo.InvariantCulture) + 1;
            context.Response.Headers.Link = $"<{stub.Address}x?pageSize=1000&pageId={next}>; rel=\"next\"";
            await context.Response.WriteAsync($$"""[{"id":{{next}},"identifier":"a"}]""");
        });
        using var connector = stub.Connect();

        var endless = await Assert.ThrowsAsync<ConnectorUnavailableException>(() => connector.ReadMembersAsync(default));

        Assert.StartsWith("ConnectWise has answered 200 pages of system/members (200 rows) and names another", endless.Message, StringComparison.Ordinal);
        Assert.Equal(200, stub.Seen.Count(seen => seen.Path.EndsWith("system/members", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task UpdateTicket_Patch_ReplacesWholeReferencesAndAlwaysSendsCustomFields()
    {
        await using var stub = await StubPsa.StartAsync();
        stub.JsonAt("PATCH", "service/tickets/5", Ticket);
        using var connector = stub.Connect();

        await connector.UpdateTicketAsync("5", new() { Set = new Dictionary<string, string?>(StringComparer.Ordinal) { [TicketFields.Status] = "20", [TicketFields.Owner] = null } }, default);

        Assert.Equal(
            """[{"op":"remove","path":"owner"},{"op":"replace","path":"status","value":{"id":20}},{"op":"replace","path":"customFields","value":[]}]""",
            stub.Seen.Last().Body);
    }

    [Fact]
    public async Task Refusal_ErrorItem_NamesTheNeutralField()
    {
        await using var stub = await StubPsa.StartAsync();
        stub.JsonAt("PATCH", "service/tickets/5", """{"code":"InvalidObject","message":"ticket object is invalid","errors":[{"code":"NotFound","message":"Service Status 99 not found for Service Board 1","field":"status/name"}]}""", 400);
        using var connector = stub.Connect();

        var refusal = await Assert.ThrowsAsync<ConnectorRejectedException>(() => UpdateAsync(connector));

        Assert.Equal(TicketFields.Status, refusal.Field);
        Assert.Contains("Service Status 99 not found", refusal.Message);
    }

    [Theory]
    [InlineData(403, "<html><title>403 Forbidden</title></html>", true)]
    [InlineData(403, """{"code":"Forbidden","message":"You do not have permission."}""", false)]
    [InlineData(403, "", false)]
    [InlineData(408, "", true)]
    [InlineData(408, """{"code":"Timeout","message":"Too slow."}""", true)]
    [InlineData(425, "", true)]
    [InlineData(400, "<html><body>Bad Request</body></html>", true)]
    [InlineData(400, "{}", true)]
    [InlineData(413, "", false)]
    [InlineData(400, """{"code":"InvalidObject","message":"ticket object is invalid"}""", false)]
    public async Task Refusal_ThatIsNotConnectWisesOwn_LeavesTheWriteInDoubt(int status, string body, bool inDoubt)
    {
        await using var stub = await StubPsa.StartAsync();
        stub.JsonAt("PATCH", "service/tickets/5", body, status);
        using var connector = stub.Connect();

        var failure = await Assert.ThrowsAnyAsync<ConnectorException>(() => UpdateAsync(connector));

        Assert.Equal(inDoubt, failure is ConnectorUnavailableException { MayHaveBeenApplied: true, Unexplained: true });
        Assert.Equal(!inDoubt, failure is ConnectorRejectedException);
    }

    [Fact]
    public async Task Throttled_RetryAfter_IsPassedOn()
    {
        await using var stub = await StubPsa.StartAsync();
        stub.On("GET", StubPsa.Rest + "service/tickets/5", async context =>
        {
            context.Response.StatusCode = 429;
            context.Response.Headers.RetryAfter = "17";
            await context.Response.WriteAsync("""{"error":"ConnectWiseAPI","message":"Too many requests."}""");
        });
        using var connector = stub.Connect();

        var failure = await Assert.ThrowsAsync<ConnectorThrottledException>(() => connector.ReadTicketAsync("5", default));

        Assert.Equal(TimeSpan.FromSeconds(17), failure.RetryAfter);
    }

    [Fact]
    public async Task WrongKeys_AreACredentialsFailureWithTheRemotesWords()
    {
        await using var stub = await StubPsa.StartAsync();
        stub.JsonAt("GET", "service/tickets/5", """{"code":"Unauthorized","message":"UserNotAuthenticated"}""", 401);
        using var connector = stub.Connect();

        var failure = await Assert.ThrowsAsync<ConnectorCredentialsException>(() => connector.ReadTicketAsync("5", default));

        Assert.Contains("UserNotAuthenticated", failure.Message);
    }

    [Theory]
    [InlineData("PATCH", "Service Desk > Service Tickets > Edit")]
    [InlineData("GET", "Service Desk > Service Tickets > Inquire")]
    public async Task MissingRight_Cell_IsNamedWithTheWayThere(string method, string cell)
    {
        await using var stub = await StubPsa.StartAsync();
        stub.JsonAt(method, "service/tickets/5", """{"code":"Forbidden","message":"no"}""", 403);
        using var connector = stub.Connect();

        var failure = await Assert.ThrowsAsync<ConnectorRejectedException>(() => method == "GET" ? (Task)connector.ReadTicketAsync("5", default) : UpdateAsync(connector));

        Assert.Equal(RejectionKind.Permission, failure.Kind);
        Assert.Contains(cell, failure.Message);
        Assert.Contains("System > Security Roles", failure.Message);
    }

    [Fact]
    public async Task MissingRecord_IsNullAndAMissingRouteIsNot()
    {
        await using var stub = await StubPsa.StartAsync();
        stub.JsonAt("GET", "service/tickets/5", """{"code":"NotFound","message":"Ticket 5 not found"}""", 404);
        using var connector = stub.Connect();

        Assert.Null(await connector.ReadTicketAsync("5", default));
        await Assert.ThrowsAsync<ConnectorUnavailableException>(() => connector.ReadTicketAsync("6", default));
    }

    [Fact]
    public async Task CodebaseMoved_CompanyInfoIsAskedAgainAndTheCallRepeated()
    {
        await using var stub = await StubPsa.StartAsync();
        stub.JsonAt("GET", "service/tickets/5", Ticket);
        using var connector = stub.Connect();
        await connector.ReadTicketAsync("5", default);
        stub.Json("GET", "/login/companyinfo/acme", """{"Codebase":"v2026_1/","IsCloud":true}""");
        stub.Json("GET", "/v2026_1/apis/3.0/service/tickets/6", Ticket);

        var ticket = await connector.ReadTicketAsync("6", default);

        Assert.NotNull(ticket);
    }

    [Theory]
    [InlineData("null", 200)]
    [InlineData("", 404)]
    public async Task UnknownCompany_IsACredentialsFailureNeverAMissingTicket(string body, int status)
    {
        await using var stub = await StubPsa.StartAsync();
        stub.Json("GET", "/login/companyinfo/acme", body, status);
        using var connector = stub.Connect();

        var failure = await Assert.ThrowsAsync<ConnectorCredentialsException>(() => connector.ReadTicketAsync("5", default));

        Assert.Contains("acme", failure.Message);
    }

    [Fact]
    public async Task Write_ServerFailsOrBreaks_IsInDoubt()
    {
        await using var stub = await StubPsa.StartAsync();
        stub.JsonAt("PATCH", "service/tickets/5", """{"code":"ConnectWiseApi","message":"A timeout has occured. Please try again."}""", 500);
        stub.On("PATCH", StubPsa.Rest + "service/tickets/6", context =>
        {
            context.Abort();
            return Task.CompletedTask;
        });
        using var connector = stub.Connect();

        Assert.True((await Assert.ThrowsAsync<ConnectorUnavailableException>(() => UpdateAsync(connector))).MayHaveBeenApplied);
        Assert.True((await Assert.ThrowsAsync<ConnectorUnavailableException>(() => UpdateAsync(connector, "6"))).MayHaveBeenApplied);
    }

    [Fact]
    public async Task Write_NoConnection_IsNotInDoubt()
    {
        var stub = await StubPsa.StartAsync();
        stub.JsonAt("GET", "service/tickets/5", Ticket);
        using var connector = stub.Connect();
        await connector.ReadTicketAsync("5", default);
        var gone = stub.Address.Authority;
        await stub.DisposeAsync();

        var failure = await Assert.ThrowsAsync<ConnectorUnavailableException>(() => UpdateAsync(connector));

        Assert.False(failure.MayHaveBeenApplied);
        Assert.Contains(gone, failure.Message);
    }

    [Fact]
    public async Task AnswerWithoutJson_SaysWhatToCheck()
    {
        await using var stub = await StubPsa.StartAsync();
        stub.JsonAt("GET", "service/tickets/5", "<html>sign in</html>");
        using var connector = stub.Connect();

        var failure = await Assert.ThrowsAsync<ConnectorUnavailableException>(() => connector.ReadTicketAsync("5", default));

        Assert.Contains("Instance URI", failure.Message);
    }

    [Fact]
    public async Task AnswerTooLarge_IsRefused()
    {
        await using var stub = await StubPsa.StartAsync();
        stub.On("GET", StubPsa.Rest + "service/tickets/5", async context =>
        {
            var chunk = Encoding.ASCII.GetBytes(new string(' ', 1 << 20));
            for (var written = 0; written < 33 && !context.RequestAborted.IsCancellationRequested; written++)
            {
                await context.Response.Body.WriteAsync(chunk);
            }
        });
        using var connector = stub.Connect();

        await Assert.ThrowsAsync<ConnectorUnavailableException>(() => connector.ReadTicketAsync("5", default));
    }

    [Fact]
    public async Task ReadTickets_ManyIds_KeepEachAddressShort()
    {
        await using var stub = await StubPsa.StartAsync();
        stub.JsonAt("GET", "service/tickets", "[]");
        using var connector = stub.Connect();

        await connector.ReadTicketsAsync([.. Enumerable.Range(100_000, 500).Select(id => $"{id}")], default);

        var queries = stub.Seen.Where(request => request.Path.EndsWith("tickets", StringComparison.Ordinal)).Select(request => request.Query).ToList();
        Assert.True(queries.Count > 1);
        Assert.Equal(500, queries.Sum(query => query.Split('(', ')')[1].Split(',').Length));
        Assert.All(queries, query => Assert.True(Uri.EscapeDataString(query).Length < 2000));
    }

    [Fact]
    public async Task AddNote_WithoutFlags_StaysInternal()
    {
        await using var stub = await StubPsa.StartAsync();
        stub.JsonAt("POST", "service/tickets/5/notes", """{"id":88,"text":"hi","internalAnalysisFlag":true,"dateCreated":"2026-11-20T14:10:02Z","createdBy":"hubapi"}""", 201);
        using var connector = stub.Connect();

        var note = await connector.AddNoteAsync("5", new("hi", NoteFlags.None, null), default);

        Assert.Equal(NoteFlags.Internal, note.Flags);
        Assert.Contains("\"internalAnalysisFlag\":true", stub.Seen.Last().Body);
        Assert.Contains("\"detailDescriptionFlag\":false", stub.Seen.Last().Body);
    }

    [Theory]
    [InlineData(90, 90)]
    [InlineData(-600, -600)]
    [InlineData(0, 0)]
    public async Task ClockOffset_DateHeader_IsLearnedBeyondItsOwnPrecision(int ahead, int learned)
    {
        await using var stub = await StubPsa.StartAsync();
        stub.On("GET", StubPsa.Rest + "service/tickets/5", async context =>
        {
            context.Response.Headers.Date = TimeProvider.System.GetUtcNow().AddSeconds(ahead).ToString("R", System.Globalization.CultureInfo.InvariantCulture);
            await context.Response.WriteAsync(Ticket);
        });
        using var connector = stub.Connect();

        await connector.ReadTicketAsync("5", default);

        Assert.InRange(connector.ClockOffset!.Value.TotalSeconds - learned, learned == 0 ? 0 : -2, learned == 0 ? 0 : 2);
    }

    [Fact]
    public async Task ClockOffset_OfARemoteWhoseClockIsSetRight_IsZeroAgain()
    {
        await using var stub = await StubPsa.StartAsync();
        var ahead = 7200;
        stub.On("GET", StubPsa.Rest + "service/tickets/5", async context =>
        {
            context.Response.Headers.Date = TimeProvider.System.GetUtcNow().AddSeconds(ahead).ToString("R", System.Globalization.CultureInfo.InvariantCulture);
            await context.Response.WriteAsync(Ticket);
        });
        using var connector = stub.Connect();
        Assert.Null(connector.ClockOffset);

        await connector.ReadTicketAsync("5", default);
        ahead = 0;
        await connector.ReadTicketAsync("5", default);

        Assert.Equal(TimeSpan.Zero, connector.ClockOffset);
    }

    private static Task<RemoteTicket> UpdateAsync(ConnectWisePsaConnector connector, string id = "5") =>
        connector.UpdateTicketAsync(id, new() { Set = new Dictionary<string, string?>(StringComparer.Ordinal) { [TicketFields.Status] = "99" } }, default);
}
