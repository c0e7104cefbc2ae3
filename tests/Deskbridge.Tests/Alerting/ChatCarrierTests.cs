using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Sandbox;
using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Tests.Alerting;

/// <summary>The Teams and Slack carriers against the sandbox, which answers as the vendors' documents say.</summary>
public sealed class ChatCarrierTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("deskbridge-chats-");
    private readonly CarrierHttp _http = new(TimeProvider.System);
    private readonly HttpClient _control = new(new SocketsHttpHandler { UseProxy = false });
    private SandboxServer _sandbox = null!;

    public async ValueTask InitializeAsync()
    {
        _sandbox = await SandboxServer.StartAsync(new SandboxOptions { DataFolder = _folder.FullName, Seed = false }, TimeProvider.System, default);
        _control.BaseAddress = new Uri(_sandbox.NtfyUrl, "/_control/");
        _control.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _sandbox.ControlToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _sandbox.DisposeAsync();
        _http.Dispose();
        _control.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Slack_TakesThePage_AndShowsIt()
    {
        var outcome = Assert.IsType<PageOutcome.Accepted>(await SendAsync(ChannelKind.Slack));

        Assert.Equal("Slack took it.", outcome.Detail);
        var arrived = Assert.Single(await ArrivedAsync("slack"))!;
        Assert.Equal("Mail server down", arrived["payload"]!["blocks"]![0]!["text"]!["text"]!.ToString());
    }

    [Fact]
    public async Task Teams_StartsARun_ThatPosts_AndItsIdIsKept()
    {
        var outcome = Assert.IsType<PageOutcome.Accepted>(await SendAsync(ChannelKind.Teams));

        var run = Assert.Single(await ArrivedAsync("teams"))!;
        Assert.Null(run["problem"]);
        Assert.Equal(run["run"]!.ToString(), outcome.ProviderId);
        Assert.Equal("Mail server down", run["message"]!["attachments"]![0]!["content"]!["body"]![0]!["inlines"]![0]!["text"]!.ToString());
    }

    [Fact]
    public async Task PagesOfAnyText_AreTakenByBoth()
    {
        var random = new Random(7);
        string[] pieces = ["<!channel>", "&", "**", "[a](b)", "{{DATE(", "🔥", "\n", "東京", "\"", "\\", "\u0001", " ", "word"];
        string Text(int count) => string.Concat(Enumerable.Range(0, count).Select(_ => pieces[random.Next(pieces.Length)]));
        foreach (var size in new[] { 0, 1, 40, 400, 4000 })
        {
            var page = Page() with { Title = Text(size), Text = Text(size * 4), Ticket = new PageTicket("1", Text(size), Text(size), null) };

            Assert.IsType<PageOutcome.Accepted>(await SendAsync(ChannelKind.Slack, page));
            Assert.IsType<PageOutcome.Accepted>(await SendAsync(ChannelKind.Teams, page));
        }

        Assert.All(await ArrivedAsync("teams"), run => Assert.Null(run!["problem"]));
        Assert.Equal(5, (await ArrivedAsync("slack")).Count);
    }

    [Theory]
    [InlineData(400, "invalid_payload", false, "fault of Deskbridge")]
    [InlineData(400, "invalid_blocks", false, "fault of Deskbridge")]
    [InlineData(400, "no_text", false, "fault of Deskbridge")]
    [InlineData(400, "user_not_found", false, "does not exist any more")]
    [InlineData(404, "channel_not_found", false, "does not exist any more")]
    [InlineData(400, "channel_not_found", false, "does not exist any more")]
    [InlineData(410, "channel_is_archived", false, "Take it out of the archive")]
    [InlineData(403, "action_prohibited", false, "Ask them to let the app post")]
    [InlineData(403, "posting_to_general_channel_denied", false, "Ask them to let the app post")]
    [InlineData(403, "invalid_token", false, "enter its new address")]
    [InlineData(403, "team_disabled", false, "enter its new address")]
    [InlineData(404, "no_service", true, "switches this channel off")]
    [InlineData(404, "no_active_hooks", true, "switches this channel off")]
    [InlineData(404, "no_team", true, "switches this channel off")]
    [InlineData(400, "something_new", false, "Slack answered 400. something_new")]
    public async Task Slack_RefusesForGood_NamingTheFix(int status, string word, bool gone, string fix)
    {
        await FaultAsync(new { carrier = "slack", kind = "status", status, text = word, times = 1 });

        var outcome = Assert.IsType<PageOutcome.PermFail>(await SendAsync(ChannelKind.Slack));

        Assert.Equal(gone, outcome.Gone);
        Assert.Contains(fix, outcome.Detail, StringComparison.Ordinal);
        Assert.Empty(await ArrivedAsync("slack"));
    }

    [Theory]
    [InlineData(429, "rate_limited", 30)]
    [InlineData(429, "", 30)]
    [InlineData(500, "rollup_error", null)]
    [InlineData(503, "whatever", null)]
    public async Task Slack_NotNow_IsTriedAgain(int status, string word, int? after)
    {
        await FaultAsync(new { carrier = "slack", kind = "status", status, text = word, retryAfterSeconds = after, times = 1 });

        var outcome = Assert.IsType<PageOutcome.TempFail>(await SendAsync(ChannelKind.Slack));

        Assert.Equal(after is { } seconds ? TimeSpan.FromSeconds(seconds) : null, outcome.RetryAfter);
    }

    [Theory]
    [InlineData(400, "WorkflowTriggerIsNotEnabled", false, "switched off or deleted")]
    [InlineData(400, "TriggerInputSchemaMismatch", false, "Send webhook alerts to a channel")]
    [InlineData(400, "InvalidRequestContent", false, "cannot read the call")]
    [InlineData(401, "DirectApiAuthorizationRequired", false, "to Anyone")]
    [InlineData(401, "SignatureInvalid", false, "does not accept the signature")]
    [InlineData(403, "SignatureExpired", false, "does not accept the signature")]
    [InlineData(404, "WorkflowNotFound", true, "switches this channel off")]
    [InlineData(404, "ResourceNotFound", false, "there is no workflow")]
    [InlineData(413, "RequestEntityTooLarge", false, "fault of Deskbridge")]
    public async Task Teams_RefusesForGood_NamingTheFix(int status, string code, bool gone, string fix)
    {
        await FaultAsync(new { carrier = "teams", kind = "status", status, text = code, times = 1 });

        var outcome = Assert.IsType<PageOutcome.PermFail>(await SendAsync(ChannelKind.Teams));

        Assert.Equal(gone, outcome.Gone);
        Assert.StartsWith($"Teams answered {status} ({code})", outcome.Detail, StringComparison.Ordinal);
        Assert.Contains(fix, outcome.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(429, 30)]
    [InlineData(500, null)]
    [InlineData(502, null)]
    [InlineData(503, 5)]
    public async Task Teams_NotNow_IsTriedAgain(int status, int? after)
    {
        await FaultAsync(new { carrier = "teams", kind = "status", status, retryAfterSeconds = after, times = 1 });

        var outcome = Assert.IsType<PageOutcome.TempFail>(await SendAsync(ChannelKind.Teams));

        Assert.Equal(after is { } seconds ? TimeSpan.FromSeconds(seconds) : null, outcome.RetryAfter);
    }

    [Theory]
    [InlineData(ChannelKind.Teams)]
    [InlineData(ChannelKind.Slack)]
    public async Task ConnectionCut_IsTriedAgain(ChannelKind kind)
    {
        await FaultAsync(new { carrier = kind.ToString().ToLowerInvariant(), kind = "cut", moment = "after", times = 1 });

        Assert.Contains("could not be reached", Assert.IsType<PageOutcome.TempFail>(await SendAsync(kind)).Detail, StringComparison.Ordinal);
        Assert.Single(await ArrivedAsync(kind.ToString().ToLowerInvariant()));
    }

    [Theory]
    [InlineData(ChannelKind.Teams, "sig=", "sig=not-")]
    [InlineData(ChannelKind.Slack, "/services/T", "/services/X")]
    public async Task AddressThatIsNotQuiteRight_IsRefused_AndNeverRepeated(ChannelKind kind, string part, string instead)
    {
        var address = AddressOf(kind).Replace(part, instead, StringComparison.Ordinal);

        var outcome = Assert.IsType<PageOutcome.PermFail>(await SendAsync(kind, address: address));

        Assert.DoesNotContain("sandbox", outcome.Detail, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(address, new PageAddress(kind, "", address).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task StoredAddressOfAnotherServer_IsNotCalled() =>
        Assert.Contains("is not where Slack takes messages", Assert.IsType<PageOutcome.PermFail>(await SendAsync(ChannelKind.Slack, address: "https://192.0.2.1/services/T0/B0/x")).Detail, StringComparison.Ordinal);

    private Task<PageOutcome> SendAsync(ChannelKind kind, PageMessage? page = null, string? address = null)
    {
        IPageCarrier carrier = kind == ChannelKind.Teams ? new TeamsCarrier(_http) : new SlackCarrier(_http);
        return carrier.SendAsync(page ?? Page(), new PageAddress(kind, "", address ?? AddressOf(kind)), TestContext.Current.CancellationToken);
    }

    private string AddressOf(ChannelKind kind) => (kind == ChannelKind.Teams ? _sandbox.TeamsUrl : _sandbox.SlackUrl).ToString();

    private async Task FaultAsync(object fault) => (await _control.PostAsJsonAsync("faults", fault, TestContext.Current.CancellationToken)).EnsureSuccessStatusCode();

    private async Task<JsonArray> ArrivedAsync(string carrier) => (await _control.GetFromJsonAsync<JsonNode>(carrier, TestContext.Current.CancellationToken))!["items"]!.AsArray();

    private static PageMessage Page() => new()
    {
        DeliveryId = Guid.CreateVersion7(),
        AlertId = Guid.CreateVersion7(),
        Episode = 1,
        Repeat = 1,
        Title = "Mail server down",
        Text = "Status: New",
        Url = new Uri("https://hub.example.test/alerts/1"),
        Status = "open",
        Since = "2 Mar 09:00 (Europe/Berlin)",
        Ticket = new PageTicket("10031", "Harborview Dental", "Priority 1", new Uri("https://psa.example.test/10031")),
        Person = new PagePerson(Guid.CreateVersion7(), "Mia Chen", "mia@example.test"),
        At = new ManualTime().GetUtcNow(),
    };
}
