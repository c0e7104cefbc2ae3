using Deskbridge.Access;
using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Connections;

/// <summary>The gallery: every kind of system this build can talk to.</summary>
[Authorize(Policy = Policies.Admin)]
internal sealed class NewModel(ConnectorCatalog catalog) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public string? Q { get; set; }

    [BindProperty(SupportsGet = true)]
    public string? Category { get; set; }

    public IReadOnlyList<string> Categories => [.. catalog.All.Select(type => type.Category).Distinct(StringComparer.Ordinal)];

    public IReadOnlyList<IConnectorType> Types =>
    [
        .. catalog.All.Where(type =>
            (string.IsNullOrEmpty(Category) || type.Category == Category)
            && (string.IsNullOrWhiteSpace(Q) || $"{type.Name} {type.Summary} {type.Category}".Contains(Q.Trim(), StringComparison.OrdinalIgnoreCase))),
    ];
}
