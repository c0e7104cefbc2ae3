using System.Globalization;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Deskbridge.Features.Shared;

/// <summary>A <c>time</c> element that says in words how far off an instant is, with the exact instant on hover.</summary>
internal static class TimeTag
{
    public static void Write(TagHelperOutput output, DateTimeOffset at, string words)
    {
        output.TagName = "time";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("datetime", at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        output.Attributes.SetAttribute("title", at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC");
        output.Content.SetContent(words);
    }
}
