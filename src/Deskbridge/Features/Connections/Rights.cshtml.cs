using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Rights;
using Deskbridge.Core.Directory;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Connections;

/// <summary>What the connection's account needs, what it has, and the role to make.</summary>
[Authorize(Policy = Policies.Viewer)]
internal sealed class RightsModel(ConnectionQueries connections, RightsBook rights, Caller caller) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public ConnectionView Connection { get; private set; } = null!;

    public RightsView Rights { get; private set; } = null!;

    public bool MayCheck => User.IsAtLeast(PersonRole.Admin);

    /// <summary>Rows with a needed cell that is missing.</summary>
    public IReadOnlyList<RightRow> Lacking => [.. Rights.Rows.Where(row => row.Missing(setup: !Rights.Installed).Any())];

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (await connections.FindAsync(Id, cancel) is { State: not ConnectionState.Removed } found && await rights.ReadAsync(Id, cancel) is { } view)
        {
            (Connection, Rights) = (found, view);
            return Page();
        }

        return Refusals.Missing(HttpContext, new ConnectionNotFound(Id));
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (caller.Person.Role != PersonRole.Admin) return Forbid();
        var refused = await rights.CheckAsync(Id, goOn: true, cancel);
        TempData.Say(refused?.Message ?? "Looked at every cell; nothing was changed.", refused is not null);
        return RedirectToPage(new { Id });
    }

    /// <summary>A cell in a word, its icon and colour.</summary>
    public static (string Word, string Icon, string Colour) Face(RightCell cell) => (cell.State, cell.Need) switch
    {
        (RightState.Have, RightNeed.Never) => ("has", "check", "text-secondary"),
        (RightState.Have, _) => ("has", "check", "text-green"),
        (RightState.Missing, RightNeed.Never) => ("none", "ban", "text-secondary"),
        (RightState.Missing, RightNeed.Setup) => ("lacks", "x", "text-orange"),
        (RightState.Missing, _) => ("lacks", "x", "text-red"),
        _ => ("not known", "info-circle", "text-secondary"),
    };

    public static string Need(RightNeed need) => need switch
    {
        RightNeed.Always => "needed",
        RightNeed.Setup => "to set up",
        _ => "not needed",
    };
}
