using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace Deskbridge.Features.Shared;

/// <summary>One sentence shown on the page that follows a post: what was done, or why it was not.</summary>
internal static class Notice
{
    public const string Key = "notice";

    public const string RefusedKey = "notice-refused";

    public static void Say(this ITempDataDictionary data, string sentence, bool refused = false) => data[refused ? RefusedKey : Key] = sentence;
}
