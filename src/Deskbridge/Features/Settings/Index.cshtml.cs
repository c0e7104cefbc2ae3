using Deskbridge.Access;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Settings;

[Authorize(Policy = Policies.Admin)]
internal sealed class IndexModel(SettingsStore settings) : PageModel
{
    [BindProperty]
    public Fields Form { get; set; } = new();

    public HubSettings Stored { get; private set; } = new(null, null, null, null, false);

    public async Task OnGetAsync(CancellationToken cancel)
    {
        Stored = await settings.ReadAsync(cancel);
        Form = new Fields
        {
            PublicUrl = Stored.PublicUrl,
            SmtpServer = Stored.SmtpServer,
            SmtpFrom = Stored.SmtpFrom,
            SmtpUser = Stored.SmtpUser,
            SecondFactorFrom = Stored.SecondFactorFrom?.ToString() ?? SettingsChange.Nobody,
        };
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        var password = Form.ForgetPassword ? "" : string.IsNullOrEmpty(Form.SmtpPassword) ? null : Form.SmtpPassword;
        var refused = await settings.ChangeAsync(new(Form.PublicUrl, Form.SmtpServer, Form.SmtpFrom, Form.SmtpUser, password, Form.SecondFactorFrom), cancel);
        if (refused is not null)
        {
            Stored = await settings.ReadAsync(cancel);
            ModelState.Refuse(refused);
            return Page();
        }

        TempData.Say("Saved.");
        return RedirectToPage();
    }

    internal sealed class Fields
    {
        public string? PublicUrl { get; set; }

        public string? SmtpServer { get; set; }

        public string? SmtpFrom { get; set; }

        public string? SmtpUser { get; set; }

        public string? SmtpPassword { get; set; }

        public string? SecondFactorFrom { get; set; }

        public bool ForgetPassword { get; set; }
    }
}
