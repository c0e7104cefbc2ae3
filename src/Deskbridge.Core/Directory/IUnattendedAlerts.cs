using Deskbridge.Core.Data;

namespace Deskbridge.Core.Directory;

/// <summary>Alerts that wait for somebody to page. The directory knows no more of them than that a person may be the one.</summary>
internal interface IUnattendedAlerts
{
    /// <summary>Pages those that may reach this person, who can be paged now. Part of the caller's transaction.</summary>
    Task PageUnattendedOfAsync(HubDb db, Guid personId, DateTimeOffset now, CancellationToken cancel);
}
