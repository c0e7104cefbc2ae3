using System.Net;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Tests.Api;

public sealed class AlertApiTests(ApiHost hub) : IClassFixture<ApiHost>
{
    private static readonly RandomIds Ids = new();

    [Fact]
    public async Task List_MoreThanTheLimit_GoesOnAtTheCursorUntilAllWereSeenOnce()
    {
        var marker = Ids.NewMarker();
        for (var i = 0; i < 5; i++) await AlertAsync(title: $"Отказ {marker} {i}");

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await hub.Viewer.ReadAsync($"alerts?q=отказ%20{marker}&limit=2&cursor={cursor}")).Body();
            seen.AddRange(page["items"]!.AsArray().Select(item => item!["id"]!.GetValue<string>()));
            cursor = page["next"]?.GetValue<string>();
        }
        while (cursor is not null);

        Assert.Equal(5, seen.Count);
        Assert.Equal(5, seen.Distinct().Count());
    }

    [Theory]
    [InlineData("status=asleep", "asleep")]
    [InlineData("limit=201", "201")]
    [InlineData("limit=0", "1 to 200")]
    [InlineData("cursor=nonsense", "cursor")]
    [InlineData("limit=many", "limit")]
    public async Task List_WithAValueThatCannotBe_SaysWhichOne(string query, string named) =>
        Assert.Contains(named, (await hub.Viewer.ReadAsync("alerts?" + query)).Problem(HttpStatusCode.BadRequest), StringComparison.Ordinal);

    [Fact]
    public async Task List_ByStatus_HoldsOnlyThose()
    {
        var marker = Ids.NewMarker();
        await AlertAsync(title: $"{marker} open");
        await AlertAsync(title: $"{marker} closed", status: AlertStatus.Closed);

        var items = (await hub.Viewer.ReadAsync($"alerts?status=closed&q={marker}")).Body()["items"]!.AsArray();

        var item = Assert.Single(items)!;
        Assert.Equal($"{marker} closed", item["title"]!.GetValue<string>());
        Assert.Equal("closed", item["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Acknowledge_Twice_AnswersTheAlertBothTimesAndWritesOneLine()
    {
        var alert = await AlertAsync();

        var first = (await hub.Responder.PostAsync($"alerts/{alert.Id}/acknowledge")).Body();
        var second = (await hub.Responder.PostAsync($"alerts/{alert.Id}/acknowledge")).Body();

        Assert.Equal("acknowledged", first["status"]!.GetValue<string>());
        Assert.Equal("Responder Person", first["acknowledgedBy"]!.GetValue<string>());
        Assert.NotNull(first["acknowledgedAt"]);
        Assert.Equal(first["timeline"]!.ToJsonString(), second["timeline"]!.ToJsonString());
        Assert.Single(second["timeline"]!.AsArray(), line => line!["kind"]!.GetValue<string>() == "acknowledged");
        Assert.Equal("""{"acknowledged":1,"closed":0}""", second["responses"]!.ToJsonString());
    }

    [Fact]
    public async Task Actions_GoThroughTheStatesAndBack()
    {
        var alert = await AlertAsync();
        async Task<string> DoAsync(string action) => (await hub.Responder.PostAsync($"alerts/{alert.Id}/{action}")).Body()["status"]!.GetValue<string>();

        Assert.Equal("acknowledged", await DoAsync("acknowledge"));
        Assert.Equal("open", await DoAsync("unacknowledge"));
        Assert.Equal("open", await DoAsync("unacknowledge"));
        Assert.Equal("closed", await DoAsync("close"));
        Assert.Equal("closed", await DoAsync("close"));
        Assert.Equal("open", await DoAsync("reopen"));
        Assert.Equal("open", await DoAsync("reopen"));
    }

    [Fact]
    public async Task Acknowledge_ClosedAlert_Answers409AndTheFix()
    {
        var alert = await AlertAsync(status: AlertStatus.Closed);

        var problem = (await hub.Responder.PostAsync($"alerts/{alert.Id}/acknowledge")).Problem(HttpStatusCode.Conflict);

        Assert.Contains("Re-open it first", problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnyAction_OnAnAlertThatIsNot_Answers404()
    {
        var id = Ids.NewId();
        foreach (var action in new[] { "acknowledge", "unacknowledge", "close", "reopen" })
        {
            Assert.Contains(id.ToString(), (await hub.Responder.PostAsync($"alerts/{id}/{action}")).Problem(HttpStatusCode.NotFound), StringComparison.Ordinal);
        }

        Assert.Contains(id.ToString(), (await hub.Viewer.ReadAsync($"alerts/{id}")).Problem(HttpStatusCode.NotFound), StringComparison.Ordinal);
        (await hub.Viewer.ReadAsync("alerts/no-id")).Problem(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Viewer_MayLookButNotAct()
    {
        var alert = await AlertAsync();

        (await hub.Viewer.ReadAsync($"alerts/{alert.Id}")).Body();
        foreach (var action in new[] { "acknowledge", "unacknowledge", "close", "reopen", "notes" })
        {
            (await hub.Viewer.PostAsync($"alerts/{alert.Id}/{action}", new { text = "x" })).Problem(HttpStatusCode.Forbidden);
            (await hub.Stranger.PostAsync($"alerts/{alert.Id}/{action}", new { text = "x" })).Problem(HttpStatusCode.Unauthorized);
        }
    }

    [Fact]
    public async Task Note_SentTwiceWithOneKey_IsAddedOnce()
    {
        var alert = await AlertAsync();
        var key = Ids.NewMarker();

        var first = await hub.Responder.PostAsync($"alerts/{alert.Id}/notes", new { text = "再起動した 🙂 \"ok\"" }, key);
        var second = await hub.Responder.PostAsync($"alerts/{alert.Id}/notes", new { text = "再起動した 🙂 \"ok\"" }, key);
        var other = await hub.Responder.PostAsync($"alerts/{alert.Id}/notes", new { text = "another" }, key);

        Assert.Equal(first.Body(HttpStatusCode.Created)["id"]!.GetValue<string>(), second.Body(HttpStatusCode.Created)["id"]!.GetValue<string>());
        other.Problem(HttpStatusCode.UnprocessableEntity);
        var notes = (await hub.Viewer.ReadAsync($"alerts/{alert.Id}")).Body()["notes"]!.AsArray();
        Assert.Equal("再起動した 🙂 \"ok\"", Assert.Single(notes)!["text"]!.GetValue<string>());
    }

    [Fact]
    public async Task Note_EmptyOrTooLong_IsRefusedNamingTheField()
    {
        var alert = await AlertAsync();

        var empty = await hub.Responder.PostAsync($"alerts/{alert.Id}/notes", new { text = "  " });
        var missing = await hub.Responder.PostAsync($"alerts/{alert.Id}/notes", new { });
        var endless = await hub.Responder.PostAsync($"alerts/{alert.Id}/notes", new { text = new string('x', 60_001) });

        Assert.Equal("text", empty.Body(HttpStatusCode.BadRequest)["field"]!.GetValue<string>());
        Assert.Equal("text", missing.Body(HttpStatusCode.BadRequest)["field"]!.GetValue<string>());
        Assert.Contains("60001", endless.Problem(HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Note_EditedByItsAuthor_TellsItsNewVersion_AndTheEarlierTextStaysReadable()
    {
        var alert = await AlertAsync();
        var note = (await hub.Responder.PostAsync($"alerts/{alert.Id}/notes", new { text = "Looking." })).Body(HttpStatusCode.Created);
        var path = $"alerts/{alert.Id}/notes/{note["id"]!.GetValue<string>()}";

        var edited = (await hub.Responder.PutAsync(path, new { text = "Found it. 🙂", version = 1 })).Body();
        var again = (await hub.Responder.PutAsync(path, new { text = "Found it. 🙂", version = 1 })).Body();

        Assert.Equal(("Found it. 🙂", 2), (edited["text"]!.GetValue<string>(), edited["version"]!.GetValue<int>()));
        Assert.NotNull(edited["editedAt"]);
        Assert.Equal(("Found it. 🙂", 2), (again["text"]!.GetValue<string>(), again["version"]!.GetValue<int>()));
        var shown = (await hub.Viewer.ReadAsync($"alerts/{alert.Id}")).Body();
        Assert.Equal("Found it. 🙂", Assert.Single(shown["notes"]!.AsArray())!["text"]!.GetValue<string>());
        var line = Assert.Single(shown["timeline"]!.AsArray(), line => line!["kind"]!.GetValue<string>() == "note-edited")!;
        Assert.Contains("Looking.", line["why"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoteEdit_ThatMayNotBe_IsRefusedWithTheReason()
    {
        var alert = await AlertAsync();
        var other = await AlertAsync();
        var mine = (await hub.Responder.PostAsync($"alerts/{alert.Id}/notes", new { text = "Mine." })).Body(HttpStatusCode.Created)["id"]!.GetValue<string>();
        var admins = (await hub.Admin.PostAsync($"alerts/{alert.Id}/notes", new { text = "The admin's." })).Body(HttpStatusCode.Created)["id"]!.GetValue<string>();
        var path = $"alerts/{alert.Id}/notes/{mine}";
        var edit = new { text = "Another.", version = 1 };

        Assert.Contains("wrote this note", (await hub.Responder.PutAsync($"alerts/{alert.Id}/notes/{admins}", edit)).Problem(HttpStatusCode.Forbidden), StringComparison.Ordinal);
        (await hub.Viewer.PutAsync(path, edit)).Problem(HttpStatusCode.Forbidden);
        (await hub.Stranger.PutAsync(path, edit)).Problem(HttpStatusCode.Unauthorized);
        (await hub.Responder.PutAsync($"alerts/{other.Id}/notes/{mine}", edit)).Problem(HttpStatusCode.NotFound);
        (await hub.Responder.PutAsync($"alerts/{alert.Id}/notes/{Ids.NewId()}", edit)).Problem(HttpStatusCode.NotFound);
        Assert.Equal("version", (await hub.Responder.PutAsync(path, new { text = "Another." })).Body(HttpStatusCode.BadRequest)["field"]!.GetValue<string>());
        Assert.Equal("text", (await hub.Responder.PutAsync(path, new { text = " ", version = 1 })).Body(HttpStatusCode.BadRequest)["field"]!.GetValue<string>());
        Assert.Equal("text", (await hub.Responder.PutAsync(path, new { text = new string('x', 60_001), version = 1 })).Body(HttpStatusCode.BadRequest)["field"]!.GetValue<string>());
        (await hub.Admin.PutAsync(path, new { text = "The admin's word.", version = 1 })).Body();
        Assert.Contains("The admin's word.", (await hub.Responder.PutAsync(path, edit)).Problem(HttpStatusCode.Conflict), StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_SentTwiceWithOneKey_IsAttachedOnce_AndComesBackAsItWas()
    {
        var alert = await AlertAsync();
        var key = Ids.NewMarker();
        byte[] bytes = [0, 1, 2, 255, 13, 10];

        var first = (await SendFileAsync(hub.Responder, alert, bytes, "../Größe 🙂.jpg", key)).Body(HttpStatusCode.Created);
        var second = (await SendFileAsync(hub.Responder, alert, bytes, "../Größe 🙂.jpg", key)).Body(HttpStatusCode.Created);

        Assert.Equal(first["id"]!.GetValue<string>(), second["id"]!.GetValue<string>());
        var shown = Assert.Single((await hub.Viewer.ReadAsync($"alerts/{alert.Id}")).Body()["files"]!.AsArray())!;
        Assert.Equal(("Größe 🙂.jpg", 6), (shown["name"]!.GetValue<string>(), shown["size"]!.GetValue<int>()));
        Assert.Equal(bytes, await hub.Viewer.GetByteArrayAsync($"alerts/{alert.Id}/files/{first["id"]!.GetValue<string>()}/content", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task File_ThatMayNotBe_IsRefusedWithTheReason()
    {
        var alert = await AlertAsync();
        var other = await AlertAsync();
        var file = (await SendFileAsync(hub.Responder, alert, [1], "x.txt")).Body(HttpStatusCode.Created)["id"]!.GetValue<string>();

        Assert.Equal("file", (await SendFileAsync(hub.Responder, alert, [], "x.txt")).Body(HttpStatusCode.BadRequest)["field"]!.GetValue<string>());
        (await SendFileAsync(hub.Responder, alert, new byte[10 * 1024 * 1024 + 1], "x.bin")).Problem(HttpStatusCode.RequestEntityTooLarge);
        (await SendFileAsync(hub.Viewer, alert, [1], "x.txt")).Problem(HttpStatusCode.Forbidden);
        (await SendFileAsync(hub.Stranger, alert, [1], "x.txt")).Problem(HttpStatusCode.Unauthorized);
        (await hub.Responder.PostAsync($"alerts/{alert.Id}/files", new { name = "x" })).Problem(HttpStatusCode.UnsupportedMediaType);
        (await hub.Viewer.ReadAsync($"alerts/{other.Id}/files/{file}/content")).Problem(HttpStatusCode.NotFound);
        (await hub.Stranger.ReadAsync($"alerts/{alert.Id}/files/{file}/content")).Problem(HttpStatusCode.Unauthorized);
    }

    private static Task<Answer> SendFileAsync(HttpClient client, Alert alert, byte[] bytes, string name, string? key = null)
    {
        var content = new ByteArrayContent(bytes) { Headers = { ContentType = new("application/octet-stream") } };
        return client.CallAsync(HttpMethod.Post, $"alerts/{alert.Id}/files?name={Uri.EscapeDataString(name)}", content, key);
    }

    private async Task<Alert> AlertAsync(string? title = null, AlertStatus status = AlertStatus.Open)
    {
        var connection = Build.Connection();
        connection.State = ConnectionState.Draft;
        var alert = Build.Alert(connection, status: status, title: title ?? $"Alert {Ids.NewMarker()}");
        await hub.AddAsync(connection, alert);
        return alert;
    }
}
