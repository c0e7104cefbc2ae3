namespace Deskbridge.Features.Events;

/// <summary>How entries of the event log look on pages.</summary>
internal static class EventFace
{
    /// <summary>The colour of a kind: red for what somebody should see to.</summary>
    public static string Badge(string kind) => kind is "failure" or "rejected" or "refused-callback" or "refused-intake" or "alarm" ? "bg-red-lt" : "bg-blue-lt";
}
