using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Deskbridge.Features.Shared;

/// <summary><c>&lt;left until="@instant" /&gt;</c>: how long until something is due, or since when it is overdue; the exact instant on hover.</summary>
[HtmlTargetElement("left", TagStructure = TagStructure.WithoutEndTag)]
public sealed class LeftTagHelper(TimeProvider clock) : TagHelper
{
    public DateTimeOffset? Until { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (Until is not { } at)
        {
            output.SuppressOutput();
            return;
        }

        var left = at - clock.GetUtcNow();
        TimeTag.Write(output, at, left >= TimeSpan.Zero ? $"{AgeTagHelper.Span(left)} left" : $"overdue by {AgeTagHelper.Span(-left)}");
    }
}
