using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace Deskbridge.Features.Shared;

/// <summary>One sentence shown on the page that follows a post: what was done.</summary>
internal static class Notice
{
    public const string Key = "notice";

    public static void Say(this ITempDataDictionary data, string sentence) => data[Key] = sentence;
}
