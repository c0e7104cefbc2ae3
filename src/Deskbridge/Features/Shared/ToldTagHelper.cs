using System.Globalization;
using System.Text.RegularExpressions;
using Deskbridge.Access;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Deskbridge.Features.Shared;

/// <summary>
/// <c>&lt;told text="@sentence" /&gt;</c>: a sentence of the hub's log. Instants in it were written for every reader alike, in UTC; here each
/// is shown in this reader's zone with the exact one on hover, as everywhere else.
/// </summary>
[HtmlTargetElement("told", TagStructure = TagStructure.WithoutEndTag)]
public sealed partial class ToldTagHelper(IHttpContextAccessor http, TimeProvider clock) : TagHelper
{
    public string? Text { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var text = Text ?? "";
        var zone = http.HttpContext?.User.PersonZone;
        var now = clock.GetUtcNow();
        var end = 0;
        output.TagName = null;
        foreach (var found in Instants().EnumerateMatches(text))
        {
            var written = text.Substring(found.Index, found.Length);
            if (Read(written) is not { } at) continue;
            var shown = ShownInstant.Of(at, zone, now);
            output.Content.Append(text[end..found.Index]);
            var time = new HtmlContentBuilder().AppendHtml("<time datetime=\"").Append(shown.Machine).AppendHtml("\" title=\"").Append(shown.Exact).AppendHtml("\">").Append(shown.Text).AppendHtml("</time>");
            output.Content.AppendHtml(time);
            end = found.Index + found.Length;
        }

        output.Content.Append(text[end..]);
    }

    private static DateTimeOffset? Read(string written) =>
        DateTimeOffset.TryParse(written.Replace(" UTC", "Z", StringComparison.Ordinal), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at : null;

    [GeneratedRegex(@"(?<![\w.:-])\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z| UTC|[+-]\d\d:\d\d)(?!\w)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Instants();
}
