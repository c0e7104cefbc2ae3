using Deskbridge.Access;
using Deskbridge.Core.Common;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Deskbridge.Features.Shared;

/// <summary>
/// <c>&lt;told text="@sentence" /&gt;</c>: a sentence of the hub's log. Instants in it were written for every reader alike, in UTC; here each
/// is shown in this reader's zone with the exact one on hover, as everywhere else.
/// </summary>
[HtmlTargetElement("told", TagStructure = TagStructure.WithoutEndTag)]
public sealed class ToldTagHelper(IHttpContextAccessor http, TimeProvider clock) : TagHelper
{
    public string? Text { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        var text = Text ?? "";
        var zone = http.HttpContext?.User.PersonZone;
        var now = clock.GetUtcNow();
        var end = 0;
        output.TagName = null;
        foreach (var (index, length, at) in WrittenInstants.In(text))
        {
            var shown = ShownInstant.Of(at, zone, now);
            output.Content.Append(text[end..index]);
            var time = new HtmlContentBuilder().AppendHtml("<time datetime=\"").Append(shown.Machine).AppendHtml("\" title=\"").Append(shown.Exact).AppendHtml("\">").Append(shown.Text).AppendHtml("</time>");
            output.Content.AppendHtml(time);
            end = index + length;
        }

        output.Content.Append(text[end..]);
    }
}
