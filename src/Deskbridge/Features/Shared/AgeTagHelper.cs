using System.Globalization;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Deskbridge.Features.Shared;

/// <summary><c>&lt;age of="@instant" /&gt;</c>: how long ago that was, short enough for a list; the exact instant on hover.</summary>
[HtmlTargetElement("age", TagStructure = TagStructure.WithoutEndTag)]
public sealed class AgeTagHelper(TimeProvider clock) : TagHelper
{
    public DateTimeOffset? Of { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (Of is not { } at)
        {
            output.TagName = null;
            output.Content.SetContent("never");
            return;
        }

        TimeTag.Write(output, at, Words(clock.GetUtcNow() - at));
    }

    private static string Words(TimeSpan age) => age switch
    {
        { TotalSeconds: < 0 } => "in " + Span(-age),
        { TotalSeconds: < 60 } => "just now",
        _ => Span(age) + " ago",
    };

    /// <summary>A length of time, in its largest unit.</summary>
    internal static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 90 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(1, (int)span.TotalSeconds)} s"),
        { TotalMinutes: < 90 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes} min"),
        { TotalHours: < 36 } => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalHours} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalDays} days"),
    };
}
