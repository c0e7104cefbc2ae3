using System.Net;
using System.Text;

namespace Deskbridge.Core.Alerting.Intake;

/// <summary>What a person would read in HTML, as plain text. Never a parser to trust: its result is shown as text, encoded.</summary>
internal static class HtmlText
{
    private static readonly HashSet<string> Blocks = new(
        ["address", "article", "blockquote", "br", "center", "dd", "div", "dl", "dt", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "ol", "p", "pre", "section", "table", "tr", "ul"],
        StringComparer.OrdinalIgnoreCase);

    private static readonly HashSet<string> Unseen = new(["head", "script", "style", "template", "title"], StringComparer.OrdinalIgnoreCase);

    /// <summary>The text, with a line for each block.</summary>
    public static string Of(string html)
    {
        var text = new StringBuilder(html.Length);
        for (var at = 0; at < html.Length;)
        {
            if (html[at] != '<' || !IsTag(html, at))
            {
                var end = html.IndexOf('<', at + 1);
                if (end < 0) end = html.Length;
                Append(text, WebUtility.HtmlDecode(html[at..end]));
                at = end;
                continue;
            }

            if (html.AsSpan(at).StartsWith("<!--"))
            {
                var end = html.IndexOf("-->", at + 4, StringComparison.Ordinal);
                at = end < 0 ? html.Length : end + 3;
                continue;
            }

            var name = NameAt(html, at + 1);
            at = Behind(html, at);
            if (Unseen.Contains(name))
            {
                var close = html.IndexOf("</" + name, at, StringComparison.OrdinalIgnoreCase);
                at = close < 0 ? (name.Equals("head", StringComparison.OrdinalIgnoreCase) ? at : html.Length) : Behind(html, close);
            }
            else if (Blocks.Contains(name.TrimStart('/')))
            {
                Break(text, most: name.Equals("br", StringComparison.OrdinalIgnoreCase) ? 2 : 1);
            }
            else if (name is "td" or "th" or "TD" or "TH" && text.Length > 0 && text[^1] is not ('\n' or ' '))
            {
                text.Append(' ');
            }
        }

        return string.Join('\n', text.ToString().Split('\n').Select(line => line.Trim())).Trim();
    }

    private static bool IsTag(string html, int at) => at + 1 < html.Length && (char.IsAsciiLetter(html[at + 1]) || html[at + 1] is '/' or '!' or '?');

    private static string NameAt(string html, int at)
    {
        var end = at;
        if (end < html.Length && html[end] == '/') end++;
        while (end < html.Length && char.IsAsciiLetterOrDigit(html[end])) end++;
        return html[at..end];
    }

    /// <summary>Behind the tag; a bracket inside quotes does not end it.</summary>
    private static int Behind(string html, int at)
    {
        var quote = '\0';
        for (; at < html.Length; at++)
        {
            if (quote != '\0') quote = html[at] == quote ? '\0' : quote;
            else if (html[at] is '"' or '\'') quote = html[at];
            else if (html[at] == '>') return at + 1;
        }

        return html.Length;
    }

    private static void Append(StringBuilder text, string piece)
    {
        foreach (var c in piece)
        {
            if (!char.IsWhiteSpace(c)) text.Append(c);
            else if (text.Length > 0 && text[^1] is not (' ' or '\n')) text.Append(' ');
        }
    }

    /// <summary>A new line, unless so many are there already: the end of one block and the beginning of the next are one.</summary>
    private static void Break(StringBuilder text, int most)
    {
        if (text.Length > 0 && text[^1] == ' ') text.Length--;
        if (text.Length >= most && Enumerable.Range(1, most).Any(back => text[^back] != '\n')) text.Append('\n');
    }
}
