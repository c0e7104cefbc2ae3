using System.Globalization;
using Deskbridge.Access;
using Microsoft.AspNetCore.Razor.TagHelpers;
using NodaTime;
using NodaTime.Text;

namespace Deskbridge.Features.Shared;

/// <summary><c>&lt;when at="@instant" /&gt;</c>: an instant in the reader's zone, the exact one on hover; a dash for none.</summary>
[HtmlTargetElement("when", TagStructure = TagStructure.WithoutEndTag)]
public sealed class WhenTagHelper(IHttpContextAccessor http, TimeProvider clock) : TagHelper
{
    private static readonly LocalDateTimePattern Time = LocalDateTimePattern.CreateWithInvariantCulture("HH:mm");
    private static readonly LocalDateTimePattern DayAndTime = LocalDateTimePattern.CreateWithInvariantCulture("d MMM HH:mm");
    private static readonly LocalDateTimePattern Full = LocalDateTimePattern.CreateWithInvariantCulture("d MMM uuuu HH:mm");

    public DateTimeOffset? At { get; set; }

    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        if (At is not { } at)
        {
            output.TagName = null;
            output.Content.SetContent("–");
            return;
        }

        var zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(http.HttpContext?.User.PersonZone ?? "") ?? DateTimeZone.Utc;
        var local = Instant.FromDateTimeOffset(at).InZone(zone).LocalDateTime;
        var today = Instant.FromDateTimeOffset(clock.GetUtcNow()).InZone(zone).LocalDateTime;
        var pattern = local.Date == today.Date ? Time : local.Year == today.Year ? DayAndTime : Full;
        output.TagName = "time";
        output.TagMode = TagMode.StartTagAndEndTag;
        output.Attributes.SetAttribute("datetime", at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        output.Attributes.SetAttribute("title", at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture) + $" UTC (shown in {zone.Id})");
        output.Content.SetContent(pattern.Format(local));
    }
}
