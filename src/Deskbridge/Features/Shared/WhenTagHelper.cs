using Deskbridge.Access;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Deskbridge.Features.Shared;

/// <summary><c>&lt;when at="@instant" /&gt;</c>: an instant in the reader's zone, the exact one on hover; a dash for none.</summary>
[HtmlTargetElement("when", TagStructure = TagStructure.WithoutEndTag)]
public sealed class WhenTagHelper(IHttpContextAccessor http, TimeProvider clock) : TagHelper
{
    public DateTimeOffset? At { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (At is not { } at)
        {
            output.TagName = null;
            output.Content.SetContent("–");
            return;
        }

        var shown = ShownInstant.Of(at, http.HttpContext?.User.PersonZone, clock.GetUtcNow());
        output.TagName = "time";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("datetime", shown.Machine);
        output.Attributes.SetAttribute("title", shown.Exact);
        output.Content.SetContent(shown.Text);
    }
}
