using System.Text;
using System.Text.Json.Nodes;
using Deskbridge.Core.Common;

namespace Deskbridge.Core.Alerting.Paging;

/// <summary>
/// A page as a message with an Adaptive Card, as a workflow made of "Send webhook alerts to a channel" takes it
/// (learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors, "Send Adaptive Cards using an incoming webhook"). All words stand in rich text
/// blocks, which read no Markdown, so that no text of a ticket becomes a link or a heading on any of Teams' clients (learn.microsoft.com/adaptive-cards, "Text features").
/// </summary>
internal static class TeamsCard
{
    /// <summary>A message may have 28 KB.</summary>
    internal const int LargestMessage = 28_000;

    private const int LongestTitle = 250;
    private const int LongestFact = 300;
    private const int LongestText = 6000;
    private const int MostLines = 60;

    /// <summary>The body of the request; the text is cut until it is small enough.</summary>
    public static byte[] Of(PageMessage message)
    {
        for (var most = LongestText; ; most /= 2)
        {
            var body = Encoding.UTF8.GetBytes(Json.Write(Message(message, most)));
            if (body.Length <= LargestMessage || most == 0) return body;
        }
    }

    private static JsonObject Message(PageMessage message, int longestText)
    {
        var card = new JsonObject
        {
            ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
            ["type"] = "AdaptiveCard",
            ["version"] = "1.2",
            ["msteams"] = new JsonObject { ["width"] = "full" },
            ["body"] = new JsonArray([Title(message), .. ChatText.Facts(message).Select(Fact), .. Lines(message, longestText)]),
        };
        var links = ChatText.Links(message);
        if (links.Count > 0)
            card["actions"] = new JsonArray([.. links.Select(link => new JsonObject { ["type"] = "Action.OpenUrl", ["title"] = link.Label, ["url"] = link.Url.AbsoluteUri })]);
        return new JsonObject
        {
            ["type"] = "message",
            ["attachments"] = new JsonArray { new JsonObject { ["contentType"] = "application/vnd.microsoft.card.adaptive", ["contentUrl"] = null, ["content"] = card } },
        };
    }

    private static JsonObject Title(PageMessage message)
    {
        var run = Run(ChatText.Fit(ChatText.Title(message), LongestTitle));
        run["size"] = "Large";
        run["weight"] = "Bolder";
        if (!message.IsTest) run["color"] = "Attention";
        return Block("Default", run);
    }

    private static JsonObject Fact((string Name, string Value) fact)
    {
        var name = Run(fact.Name + ": ");
        name["isSubtle"] = true;
        return Block("Small", name, Run(ChatText.Fit(fact.Value, LongestFact)));
    }

    /// <summary>A block for each line, for clients differ in what they make of a line's end inside one. An empty line becomes the distance to the next.</summary>
    private static IEnumerable<JsonObject> Lines(PageMessage message, int longest)
    {
        var lines = ChatText.Fit(ChatText.Body(message), longest).Split('\n');
        var apart = true;
        foreach (var (index, line) in lines.Take(MostLines).Index())
        {
            if (line.Length > 0) yield return Block(apart ? "Medium" : "Small", Run(index == MostLines - 1 && lines.Length > MostLines ? "…" : line));
            apart = line.Length == 0;
        }
    }

    private static JsonObject Block(string spacing, params ReadOnlySpan<JsonNode?> runs) => new() { ["type"] = "RichTextBlock", ["spacing"] = spacing, ["inlines"] = new JsonArray(runs) };

    /// <summary>Two braces begin a function such as <c>{{DATE(…)}}</c>, in runs too: parted by an invisible character they are two braces.</summary>
    private static JsonObject Run(string text) => new() { ["type"] = "TextRun", ["text"] = Part(Part(text)) };

    /// <summary>Done twice, for of three braces the first time leaves two together.</summary>
    private static string Part(string text) => text.Replace("{{", "{\u2060{", StringComparison.Ordinal);
}
