using System.Globalization;
using Deskbridge.Access;
using Deskbridge.Backups;
using Deskbridge.Core.Data;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace Deskbridge.Features.Backups;

/// <summary>The backups of the hub's own folder, and a button for one more.</summary>
[Authorize(Policy = Policies.Admin)]
internal sealed class IndexModel(BackupFolder folder, RestoredData restored, HubDatabase database, IOptions<BackupsOptions> options) : PageModel
{
    public IReadOnlyList<KeptBackup> Backups { get; private set; } = [];

    public Restoration? Restored { get; private set; }

    public string Folder => folder.Path;

    /// <summary>Why the last one could not be taken.</summary>
    public string? Failure => folder.Failure;

    public string Schedule => database.IsPostgres ? "On PostgreSQL the hub takes none by itself; whoever runs the server has a schedule for that."
        : options.Value.Every == TimeSpan.Zero
        ? "The hub takes no backups by itself (Backups__Every is zero)."
        : $"The hub takes one every {options.Value.Every.TotalHours.ToString("0.#", CultureInfo.InvariantCulture)} hours and keeps the last {options.Value.Keep}.";

    public async Task OnGetAsync(CancellationToken cancel)
    {
        Backups = folder.List();
        Restored = await restored.LastAsync(cancel);
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        try
        {
            var taken = await folder.TakeAsync(cancel);
            TempData.Say($"{taken.Name} is taken.");
        }
        catch (BackupRefusedException)
        {
            // The page tells why.
        }

        return RedirectToPage();
    }
}
