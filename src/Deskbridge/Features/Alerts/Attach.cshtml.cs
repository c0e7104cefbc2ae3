using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Common;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace Deskbridge.Features.Alerts;

/// <summary>Attaches a file to an alert; a page of its own, for it alone takes that much, and the alert's page refreshes itself.</summary>
[Authorize(Policy = Policies.Responder), RequestSizeLimit(AlertingOptions.MostOfAFile + 64 * 1024)]
internal sealed class AttachModel(AlertQueries alerts, AddAlertFile add, IOptions<AlertingOptions> options, Caller caller, RandomIds ids) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty(Name = "File")]
    public IFormFile? Chosen { get; set; }

    /// <summary>Made with the form: sending the form twice attaches one file.</summary>
    [BindProperty]
    public string? ClientKey { get; set; }

    public AlertDetail Detail { get; private set; } = null!;

    public long Largest => options.Value.LargestFile;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        ClientKey ??= ids.NewMarker();
        if (await alerts.GetAsync(Id, cancel) is not { } detail) return Refusals.Missing(HttpContext, new AlertNotFound(Id));
        Detail = detail;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        var added = await add.RunAsync(Id, Chosen?.FileName, await BytesAsync(cancel), caller.Person, ClientKey, cancel);
        if (added.Failure is { } refused)
        {
            ModelState.Clear();
            ModelState.Refuse(refused);
            ClientKey = null;
            return await OnGetAsync(cancel);
        }

        TempData.Say("The file is attached.");
        return Redirect($"/alerts/{Id}");
    }

    private async Task<byte[]> BytesAsync(CancellationToken cancel)
    {
        using var bytes = new MemoryStream();
        if (Chosen is not null) await Chosen.CopyToAsync(bytes, cancel);
        return bytes.ToArray();
    }
}
