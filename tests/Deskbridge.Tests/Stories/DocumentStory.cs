using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deskbridge.Core.Alerting;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>A photo taken on the phone becomes a document of the ticket (S6), exactly once.</summary>
public sealed class DocumentStory
{
    private static readonly byte[] Photo = [0xFF, 0xD8, 0xFF, 0, 13, 10, 45, 45, 1, 2, 3];

    [Fact]
    public async Task Photo_AttachedOnThePhone_IsOnTheTicketOnce_ThoughTheAnswerIsLost()
    {
        await using var world = await StartAsync(pages: true, settings: new JsonObject { ["details"] = new JsonArray("Notes", "Documents") });
        var (ticket, alert) = await AlertedAsync(world);
        using var visitor = await world.SignedInAsync();
        var page = $"/alerts/{alert.Id}/attach";
        Assert.Contains($"href=\"{page}\"", await visitor.ReadAsync($"/alerts/{alert.Id}"), StringComparison.Ordinal);

        await world.ControlAsync(HttpMethod.Post, "faults", new { kind = "error-after", method = "POST", path = "^/system/documents", count = 1 });
        var answer = await SendAsync(visitor, page, Photo, "C:\\DCIM\\Straße.jpg");
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);

        var file = Assert.Single((await world.Get<AlertQueries>().GetAsync(alert.Id, default))!.Files);
        await EventuallyAsync("the upload is confirmed", async () => (await world.Get<AlertQueries>().GetAsync(alert.Id, default))!.Files[0].State == "confirmed");
        var document = Assert.Single(await DocumentsAsync(world, ticket))!;
        Assert.Equal("Straße.jpg", document["fileName"]!.GetValue<string>());
        Assert.StartsWith("Straße.jpg (Dana Reyes via Deskbridge #", document["title"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(Photo, await world.Psa.GetByteArrayAsync($"system/documents/{document["id"]}/download"));

        await EventuallyAsync("it stands among the ticket's documents", async () => (await world.Get<AlertWork>().ReadAsync(alert.Id, default)).Ticket!.Details.Any(detail => detail.Group == "Documents" && detail.Name.StartsWith("Straße.jpg", StringComparison.Ordinal)));
        var shown = WebUtility.HtmlDecode(await visitor.ReadAsync($"/alerts/{alert.Id}"));
        Assert.Contains("on the ticket", shown, StringComparison.Ordinal);
        Assert.Contains($"href=\"/api/v1/alerts/{alert.Id}/files/{file.Id}/content\"", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Download_IsForPeopleOfTheHub_AndNeverShownAsAPage()
    {
        await using var world = await StartAsync(pages: true);
        var (_, alert) = await AlertedAsync(world);
        var file = Value(await world.Get<AddAlertFile>().RunAsync(alert.Id, "page.html", "<script>alert(1)</script>"u8.ToArray(), world.Dana, null, default));
        var path = $"/api/v1/alerts/{alert.Id}/files/{file.Id}/content";
        using var visitor = await world.SignedInAsync();

        var answer = await visitor.GetAsync(path);

        Assert.Equal("<script>alert(1)</script>", await answer.Content.ReadAsStringAsync());
        Assert.Equal(("application/octet-stream", "attachment", "page.html"), (answer.Content.Headers.ContentType!.MediaType, answer.Content.Headers.ContentDisposition!.DispositionType, answer.Content.Headers.ContentDisposition.FileName));
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        using var stranger = new Visitor(world.Hub.Address, "10.9.9.7");
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task Form_WithoutAFile_OrWithTooLargeAOne_SaysSo()
    {
        await using var world = await StartAsync(pages: true, with: options => options with { Configuration = new Dictionary<string, string?> { ["Alerting:LargestFile"] = "2048" } });
        var (_, alert) = await AlertedAsync(world);
        using var visitor = await world.SignedInAsync();
        var page = $"/alerts/{alert.Id}/attach";

        Assert.Contains("The file is empty.", await (await SendAsync(visitor, page, [], "empty.txt")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("at most 2 KB", await (await SendAsync(visitor, page, new byte[3000], "large.bin")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await SendAsync(visitor, page, new byte[26 * 1024 * 1024], "huge.bin")).StatusCode);
        Assert.Empty((await world.Get<AlertQueries>().GetAsync(alert.Id, default))!.Files);
    }

    [Fact]
    public async Task RightThatIsMissing_IsNamed_AndTheFileFollowsWhenItIsThere()
    {
        await using var world = await StartAsync(pages: true);
        var (ticket, alert) = await AlertedAsync(world);
        await world.ControlAsync(HttpMethod.Put, "rights", new { cells = new Dictionary<string, string> { ["Manage Documents"] = "None/None/None/All" } });
        Value(await world.Get<AddAlertFile>().RunAsync(alert.Id, "photo.jpg", Photo, world.Dana, null, default));

        await EventuallyAsync("the refusal names the cell", async () => (await world.Get<AlertWork>().ReadAsync(alert.Id, default)).Effects.Any(write => write is { Kind: "document", State: "rejected", Error: { } why } && why.Contains("Companies > Manage Documents > Add", StringComparison.Ordinal)));
        await world.ControlAsync(HttpMethod.Put, "rights", new { cells = new Dictionary<string, string> { ["Manage Documents"] = "All/None/None/All" } });
        var write = (await world.Get<AlertWork>().ReadAsync(alert.Id, default)).Effects.Single(write => write.Kind == "document");
        Assert.Null(await world.Get<Core.Connections.WriteReview>().RetryAsync(world.ConnectionId, write.Id, world.Dana, default));
        await EventuallyAsync("the file is on the ticket", async () => (await DocumentsAsync(world, ticket)).Count == 1);
    }

    private static async Task<HttpResponseMessage> SendAsync(Visitor visitor, string page, byte[] bytes, string name)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent(await visitor.TokenAsync(page)), "__RequestVerificationToken" },
            { new StringContent("k1"), "ClientKey" },
        };
        using var file = new ByteArrayContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("image/jpeg") } };
        form.Add(file, "File", name);
        return await visitor.Http.PostAsync(page, form, TestContext.Current.CancellationToken);
    }

    private static async Task<JsonArray> DocumentsAsync(StoryWorld world, int ticket) => (await world.Psa.GetFromJsonAsync<JsonArray>($"system/documents?recordType=Ticket&recordId={ticket}"))!;

    private static async Task<(int Ticket, Alert Alert)> AlertedAsync(StoryWorld world)
    {
        var ticket = await world.PostTicketAsync("Mail server down at Harborview");
        await world.PollAsync();
        await EventuallyAsync("the ticket has its alert", async () => await world.FieldAsync(ticket, "Signl4Retrieved_c") == "true");
        return (ticket, await world.AlertAsync(ticket));
    }
}
