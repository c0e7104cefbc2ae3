using Deskbridge.Access;
using Deskbridge.Core.Alerting.Twilio;
using Deskbridge.Features.Heartbeat;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Settings;

[Authorize(Policy = Policies.Admin)]
internal sealed class IndexModel(SettingsStore settings, HeartbeatSettings heartbeat, TwilioSettings twilio, TestTwilio test) : PageModel
{
    [BindProperty]
    public Fields Form { get; set; } = new();

    [BindProperty]
    public HeartbeatFields Beat { get; set; } = new();

    [BindProperty]
    public TwilioFields Sms { get; set; } = new();

    public TwilioView Twilio { get; private set; } = new(null, false, null, null, null);

    /// <summary>The host that the heartbeat calls; null when none is set.</summary>
    public string? BeatHost { get; private set; }

    public HubSettings Stored { get; private set; } = new(null, null, null, null, false);

    public async Task OnGetAsync(CancellationToken cancel)
    {
        await LoadAsync(cancel);
        Form = new Fields
        {
            PublicUrl = Stored.PublicUrl,
            SmtpServer = Stored.SmtpServer,
            SmtpFrom = Stored.SmtpFrom,
            SmtpUser = Stored.SmtpUser,
            SecondFactorFrom = Stored.SecondFactorFrom?.ToString() ?? SettingsChange.Nobody,
        };
        Sms = new TwilioFields { AccountSid = Twilio.AccountSid, From = Twilio.From, Address = Twilio.Address };
    }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        var password = Form.ForgetPassword ? "" : string.IsNullOrEmpty(Form.SmtpPassword) ? null : Form.SmtpPassword;
        var refused = await settings.ChangeAsync(new(Form.PublicUrl ?? "", Form.SmtpServer ?? "", Form.SmtpFrom ?? "", Form.SmtpUser ?? "", password, Form.SecondFactorFrom), cancel);
        if (refused is not null)
        {
            await LoadAsync(cancel);
            ModelState.Refuse(refused);
            return Page();
        }

        TempData.Say("Saved.");
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostHeartbeatAsync(CancellationToken cancel)
    {
        var url = Beat.Off ? "" : string.IsNullOrWhiteSpace(Beat.Url) ? null : Beat.Url;
        var refused = await heartbeat.ChangeAsync(new(url, Beat.Seconds), cancel);
        if (refused is not null)
        {
            await OnGetAsync(cancel);
            ModelState.Refuse(refused, nameof(Beat));
            return Page();
        }

        TempData.Say(Beat.Off ? "The heartbeat is off." : "Saved. The page Health shows the first call within a minute.");
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostTwilioAsync(CancellationToken cancel)
    {
        var token = Sms.ForgetToken ? "" : string.IsNullOrEmpty(Sms.AuthToken) ? null : Sms.AuthToken;
        var refused = await twilio.ChangeAsync(new(Sms.AccountSid ?? "", token, Sms.From ?? "", Sms.Address ?? ""), cancel);
        if (refused is not null)
        {
            var entered = Sms;
            await OnGetAsync(cancel);
            Sms = entered;
            ModelState.Refuse(refused, nameof(Sms));
            return Page();
        }

        TempData.Say("Saved. Test the account now.");
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostTwilioTestAsync(CancellationToken cancel)
    {
        var tested = await test.RunAsync(cancel);
        TempData.Say(tested.Detail, !tested.Works);
        return RedirectToPage();
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        Twilio = await twilio.ReadAsync(cancel);
        Stored = await settings.ReadAsync(cancel);
        try
        {
            var target = await heartbeat.ReadAsync(cancel);
            BeatHost = target?.Url.Host;
            Beat.Seconds ??= (int?)target?.Interval.TotalSeconds;
        }
        catch (InvalidOperationException)
        {
            BeatHost = "an address that cannot be decrypted";
        }
    }

    internal sealed class TwilioFields
    {
        public string? AccountSid { get; set; }

        public string? AuthToken { get; set; }

        public bool ForgetToken { get; set; }

        public string? From { get; set; }

        public string? Address { get; set; }
    }

    internal sealed class HeartbeatFields
    {
        public string? Url { get; set; }

        public int? Seconds { get; set; }

        public bool Off { get; set; }
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
