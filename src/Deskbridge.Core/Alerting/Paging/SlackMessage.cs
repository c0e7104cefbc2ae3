using System.Text.Json.Nodes;

namespace Deskbridge.Core.Alerting.Paging;

/// <summary>
/// A page as a Slack message of blocks (docs.slack.dev/reference/block-kit). Links stand in text, not on buttons: every press of a button, even of one that
/// only opens a page, is told to the app, and one without interactivity shows a warning beside it.
/// </summary>
internal static class SlackMessage
{
    /// <summary>"Header block": plain text, at most 150 characters.</summary>
    private const int LongestTitle = 150;

    /// <summary>"Section block": 3000 characters of text. A message of some 13,000 characters in all is refused as <c>msg_blocks_too_long</c> (slackapi/bolt-js#2509).</summary>
    private const int LongestText = 3000;

    /// <summary>A field may have 2000, which nobody reads.</summary>
    private const int LongestField = 300;

    /// <summary>The body of the request.</summary>
    public static JsonObject Of(PageMessage message)
    {
        var blocks = new JsonArray { new JsonObject { ["type"] = "header", ["text"] = new JsonObject { ["type"] = "plain_text", ["text"] = ChatText.Fit(ChatText.Title(message), LongestTitle), ["emoji"] = false } } };
        if (ChatText.Facts(message) is { Count: > 0 } facts)
            blocks.Add(new JsonObject { ["type"] = "section", ["fields"] = new JsonArray([.. facts.Select(fact => Text($"*{fact.Name}*\n{ChatText.Fit(fact.Value, LongestField, Escape)}"))]) });
        if (ChatText.Body(message) is { Length: > 0 } body) blocks.Add(Section(ChatText.Fit(body, LongestText, Escape)));
        if (Links(message) is { Length: > 0 } links) blocks.Add(Section(links));
        return new JsonObject { ["text"] = ChatText.Fit(ChatText.Banner(message), LongestText, Escape), ["blocks"] = blocks };
    }

    /// <summary>The three characters that begin something in a Slack text (docs.slack.dev/messaging/formatting-message-text, "Escaping text"): no text of a ticket can mention or link.</summary>
    public static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    private static string Links(PageMessage message) => string.Join("   ", ChatText.Links(message)
        .Select(link => $"<{Escape(link.Url.AbsoluteUri.Replace("|", "%7C", StringComparison.Ordinal))}|{link.Label}>")
        .Where(link => link.Length <= LongestText / 2));

    private static JsonObject Section(string text) => new() { ["type"] = "section", ["text"] = Text(text) };

    private static JsonObject Text(string text) => new() { ["type"] = "mrkdwn", ["text"] = text, ["verbatim"] = true };
}
