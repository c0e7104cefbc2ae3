using System.Text.Json.Nodes;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting;

/// <summary>What a page says in Slack and in Teams, and that no text breaks out of its place or over the limits.</summary>
public sealed class ChatMessageTests
{
    private static readonly string[] Pieces =
        ["word", "<", ">", "&", "&amp;", "<!channel>", "<https://evil.test|click>", "*bold*", "_", "`", "~", "[a](https://evil.test)", "# ", "- ", "1. ", "{{", "{{{", "{{DATE(2017-02-14T06:00:00Z)}}", "}}", "\"", "\\", "|", "東京", "🔥", "e\u0301", "\ud83d", "\u0000", "\u0007", "\u2028", "\r\n", "\n", "\n\n", "\t"];

    [Fact]
    public void Slack_TellsPriorityCustomerTicketAndSince_AndLinksToAlertAndTicket()
    {
        var message = SlackMessage.Of(Page());

        var blocks = message["blocks"]!.AsArray();
        Assert.Equal("Priority 1 - Emergency: Mail down &amp; out (Harborview Dental, ticket 10031)", message["text"]!.ToString());
        Assert.Equal(("header", "plain_text", "Mail down & out"), (blocks[0]!["type"]!.ToString(), blocks[0]!["text"]!["type"]!.ToString(), blocks[0]!["text"]!["text"]!.ToString()));
        Assert.Equal(
            ["*Priority*\nPriority 1 - Emergency", "*Customer*\nHarborview Dental", "*Ticket*\n10031", "*Since*\n2 Mar 09:00 (Europe/Berlin)"],
            blocks[1]!["fields"]!.AsArray().Select(field => field!["text"]!.ToString()));
        Assert.Equal("Status: New\n\nPage 2: nobody has acknowledged yet.", blocks[2]!["text"]!["text"]!.ToString());
        Assert.Equal(
            "<https://hub.example.test/alerts/7?d=018f0000-0000-7000-8000-000000000001|Open the alert>   <https://psa.example.test/open?a=1&amp;b=2|Open the ticket>",
            blocks[3]!["text"]!["text"]!.ToString());
    }

    [Fact]
    public void Teams_TellsPriorityCustomerTicketAndSince_AndLinksToAlertAndTicket()
    {
        var message = JsonNode.Parse(TeamsCard.Of(Page()))!;

        var attachment = Assert.Single(message["attachments"]!.AsArray())!;
        var card = attachment["content"]!;
        Assert.Equal(("message", "application/vnd.microsoft.card.adaptive", "AdaptiveCard", "1.2"), (message["type"]!.ToString(), attachment["contentType"]!.ToString(), card["type"]!.ToString(), card["version"]!.ToString()));
        Assert.Equal(
            ["Mail down & out", "Priority: Priority 1 - Emergency", "Customer: Harborview Dental", "Ticket: 10031", "Since: 2 Mar 09:00 (Europe/Berlin)", "Status: New", "Page 2: nobody has acknowledged yet."],
            Said(card));
        Assert.Equal("Attention", card["body"]![0]!["inlines"]![0]!["color"]!.ToString());
        Assert.Equal(
            ["Action.OpenUrl Open the alert https://hub.example.test/alerts/7?d=018f0000-0000-7000-8000-000000000001", "Action.OpenUrl Open the ticket https://psa.example.test/open?a=1&b=2"],
            card["actions"]!.AsArray().Select(action => $"{action!["type"]} {action["title"]} {action["url"]}"));
    }

    [Fact]
    public void Page_WithoutATicketOrAnAddress_LeavesOutWhatItDoesNotKnow()
    {
        var page = Page() with { Ticket = null, Url = null, Title = "" };

        var (slack, teams) = (SlackMessage.Of(page), JsonNode.Parse(TeamsCard.Of(page))!["attachments"]![0]!["content"]!);

        Assert.Equal(["header", "section", "section"], slack["blocks"]!.AsArray().Select(block => block!["type"]!.ToString()));
        Assert.Equal("Alert", slack["text"]!.ToString());
        Assert.Equal(["Alert", "Since: 2 Mar 09:00 (Europe/Berlin)", "Company: Harborview Dental", "Priority: Priority 1 - Emergency", "Status: New", "Page 2: nobody has acknowledged yet."], Said(teams));
        Assert.Null(teams["actions"]);
    }

    [Fact]
    public void Slack_TextOfATicket_NeitherMentionsNorLinks() =>
        Assert.Equal("&lt;!channel&gt; &lt;https://evil.test|click&gt; a &amp;amp; b", SlackMessage.Of(Page() with { Text = "<!channel> <https://evil.test|click> a &amp; b" })["blocks"]![2]!["text"]!["text"]!.ToString());

    [Fact]
    public void Teams_TextOfATicket_StandsWhereNoMarkdownIsRead_AndNoFunctionBegins()
    {
        var card = JsonNode.Parse(TeamsCard.Of(Page() with { Text = "**x** [a](https://evil.test) {{{DATE(2017-02-14T06:00:00Z)}}" }))!["attachments"]![0]!["content"]!;

        Assert.All(card["body"]!.AsArray(), element => Assert.Equal("RichTextBlock", element!["type"]!.ToString()));
        Assert.Equal("**x** [a](https://evil.test) {\u2060{\u2060{DATE(2017-02-14T06:00:00Z)}}", Said(card).Last());
    }

    [Theory]
    [InlineData("abc", 3, "abc")]
    [InlineData("abcd", 3, "ab…")]
    [InlineData("ab🔥🔥", 5, "ab🔥…")]
    [InlineData("a&&&", 9, "a&amp;…")]
    public void Fit_CutsBetweenCharacters_CountingThemAsTheyAreWritten(string text, int most, string fit) =>
        Assert.Equal(fit, ChatText.Fit(text, most, SlackMessage.Escape));

    [Fact]
    public Task AnyText_StaysWithinSlacksLimits_AndInItsPlace() => Fuzz.RunAsync(random =>
    {
        var page = Anything(random);
        var message = JsonNode.Parse(Core.Common.Json.Write(SlackMessage.Of(page)))!;

        var body = ChatText.Body(page);
        Assert.InRange(message["text"]!.ToString().Length, 1, 3000);
        Assert.InRange(message["blocks"]!.ToJsonString().Length, 1, 40_000);
        foreach (var block in message["blocks"]!.AsArray())
        {
            var texts = block!["type"]!.ToString() == "header" ? [] : block["fields"] is { } fields ? fields.AsArray().Select(field => field!["text"]!.ToString()).ToList() : [block["text"]!["text"]!.ToString()];
            if (texts.Count == 0) Assert.InRange(block["text"]!["text"]!.ToString().Length, 1, 150);
            Assert.All(texts, text => Assert.InRange(text.Length, 1, block["fields"] is null ? 3000 : 2000));
            foreach (var text in texts.Where(text => !text.Contains("|Open the alert>", StringComparison.Ordinal)))
            {
                Assert.DoesNotContain('<', text);
                Assert.DoesNotContain('>', text);
                Assert.All(text.Split('&').Skip(1), after => Assert.Matches("^(amp|lt|gt);", after));
                Assert.DoesNotContain('\ud83d', text.Replace("🔥", "", StringComparison.Ordinal));
                if (block["fields"] is null) Assert.StartsWith(Unescaped(text).TrimEnd('…'), body, StringComparison.Ordinal);
            }
        }
    });

    [Fact]
    public Task AnyText_FitsIntoATeamsMessage_AndStaysAsItIs() => Fuzz.RunAsync(random =>
    {
        var page = Anything(random);
        var bytes = TeamsCard.Of(page);

        Assert.InRange(bytes.Length, 1, TeamsCard.LargestMessage);
        var card = JsonNode.Parse(bytes)!["attachments"]![0]!["content"]!;
        Assert.All(card["body"]!.AsArray(), element => Assert.All(element!["inlines"]!.AsArray(), run =>
        {
            Assert.NotEmpty(run!["text"]!.ToString());
            Assert.DoesNotContain("{{", run["text"]!.ToString(), StringComparison.Ordinal);
        }));
        var lines = ChatText.Body(page).Split('\n').Where(line => line.Length > 0).ToList();
        var shown = Said(card).Skip(1 + ChatText.Facts(page).Count).Select(line => line.Replace("\u2060", "", StringComparison.Ordinal)).ToList();
        Assert.Equal(lines.Take(Math.Max(0, shown.Count - 1)), shown.SkipLast(1));
    });

    private static IEnumerable<string> Said(JsonNode card) => card["body"]!.AsArray().Select(block => string.Concat(block!["inlines"]!.AsArray().Select(run => run!["text"]!.ToString())));

    private static string Unescaped(string text) =>
        text.Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal).Replace("&amp;", "&", StringComparison.Ordinal);

    private static PageMessage Anything(Random random) => Page() with
    {
        Title = Text(random, 50),
        Text = Text(random, random.Next(4) == 0 ? 5000 : 100),
        Since = Text(random, 10),
        Ticket = new PageTicket(Text(random, 3), Text(random, 80), random.Next(3) == 0 ? null : Text(random, 80), new Uri("https://psa.example.test/" + new string('x', random.Next(3000)))),
    };

    private static string Text(Random random, int most) =>
        string.Join(random.Next(2) == 0 ? " " : "", Enumerable.Range(0, random.Next(most + 1)).Select(_ => Pieces[random.Next(Pieces.Length)]));

    private static PageMessage Page() => new()
    {
        DeliveryId = Guid.Parse("018f0000-0000-7000-8000-000000000001"),
        AlertId = Guid.CreateVersion7(),
        Episode = 1,
        Repeat = 2,
        Title = "Mail down & out",
        Text = "Company: Harborview Dental\nPriority: Priority 1 - Emergency\nStatus: New\n\nPage 2: nobody has acknowledged yet.",
        Url = new Uri("https://hub.example.test/alerts/7"),
        Status = "open",
        Since = "2 Mar 09:00 (Europe/Berlin)",
        Ticket = new PageTicket("10031", "Harborview Dental", "Priority 1 - Emergency", new Uri("https://psa.example.test/open?a=1&b=2")),
        Person = new PagePerson(Guid.CreateVersion7(), "Mia Chen", "mia@example.test"),
        At = new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero),
    };
}
