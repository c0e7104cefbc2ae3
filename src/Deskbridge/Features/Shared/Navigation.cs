using Deskbridge.Core.Directory;

namespace Deskbridge.Features.Shared;

/// <summary>The places of the hub, in the order of the menu.</summary>
internal static class Navigation
{
    public static IReadOnlyList<Place> Places { get; } =
    [
        new("/alerts", "Alerts", "bell", PersonRole.Viewer, OnPhone: true),
        new("/duty", "Duty", "phone-call", PersonRole.Viewer, OnPhone: true),
        new("/connections", "Connections", "plug-connected", PersonRole.Viewer, OnPhone: true),
        new("/health", "Health", "activity", PersonRole.Viewer, OnPhone: true),
        new("/events", "Events", "list-details", PersonRole.Viewer, OnPhone: false),
        new("/people", "People", "users", PersonRole.Viewer, OnPhone: false),
        new("/audit", "Audit", "history", PersonRole.Admin, OnPhone: false),
        new("/settings", "Settings", "settings", PersonRole.Admin, OnPhone: false, Below: "/backups"),
    ];

    /// <summary>One place. <paramref name="OnPhone"/>: it has a seat in the bar at the bottom; the others are behind "More". <paramref name="Below"/>: pages that belong to it elsewhere.</summary>
    internal sealed record Place(string Path, string Name, string Icon, PersonRole Least, bool OnPhone, string? Below = null)
    {
        public string? Current(HttpRequest request) => Holds(request, Path) || (Below is not null && Holds(request, Below)) ? "page" : null;

        private static bool Holds(HttpRequest request, string path) => request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase);
    }
}
