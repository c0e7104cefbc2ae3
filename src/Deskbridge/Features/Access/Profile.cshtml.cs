using System.ComponentModel.DataAnnotations;
using Deskbridge.Access;
using Deskbridge.Access.SecondFactor;
using Deskbridge.Api;
using Deskbridge.Core.Audit;
using Deskbridge.Core.Common;
using Deskbridge.Core.Directory;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using NodaTime;

namespace Deskbridge.Features.Access;

/// <summary>What everybody may change about themselves: name, zone, password, tokens.</summary>
[Authorize(Policy = Policies.Viewer)]
internal sealed class ProfileModel(Accounts accounts, ApiTokens tokens, OpenSessions sessions, SecondFactors factors, ChangePerson change, AuditLog audit, TimeProvider clock, Caller caller) : PageModel
{
    [BindProperty]
    public Fields Form { get; set; } = new();

    public IReadOnlyList<ApiToken> Tokens { get; private set; } = [];

    /// <summary>How many browsers are signed in as me, this one among them.</summary>
    public int OpenSessions { get; private set; }

    public SecondFactorState Factor { get; private set; } = null!;

    /// <summary>The token just made, shown this once.</summary>
    public string? NewToken { get; private set; }

    public DateTimeOffset Now => clock.GetUtcNow();

    public static IEnumerable<string> Zones => DateTimeZoneProviders.Tzdb.Ids;

    public Task OnGetAsync(CancellationToken cancel)
    {
        Form = new Fields { Name = User.PersonName, TimeZone = User.PersonZone };
        return LoadAsync(cancel);
    }

    public async Task<IActionResult> OnPostProfileAsync(CancellationToken cancel)
    {
        var me = caller.Person;
        if (ModelState.IsValid)
        {
            var changed = await change.RunAsync(me.Id, new PersonDraft(Form.Name, me.Email, me.Role, Form.TimeZone), me, cancel);
            if (changed.Failure is { } refused) ModelState.Refuse(refused);
        }

        if (!ModelState.IsValid)
        {
            await LoadAsync(cancel);
            return Page();
        }

        TempData.Say("Saved.");
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostPasswordAsync(string? current, string? password, CancellationToken cancel)
    {
        ModelState.Clear();
        var refused = await accounts.ChangePasswordAsync(User.PersonId, current ?? "", password ?? "");
        if (refused is not null) return await RedrawAsync(refused, cancel);
        await Sessions.StartAsync(HttpContext, caller.Person);
        TempData.Say("The password is changed. Your other sessions have ended.");
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostEverywhereAsync(CancellationToken cancel)
    {
        await audit.WriteAsync(AuditNote.Of("sign-in.ended-everywhere", User.PersonId, User.PersonName), cancel);
        await Sessions.EndEverywhereAsync(HttpContext);
        return Redirect("/sign-in");
    }

    public async Task<IActionResult> OnPostTokenAsync(string? name, string[]? scopes, int? days, CancellationToken cancel)
    {
        ModelState.Clear();
        var wish = new TokenBody(name, scopes ?? [], days).Read();
        if (wish.Failure is { } refused) return await RedrawAsync(refused, cancel);
        (_, NewToken) = await tokens.CreateAsync(User.PersonId, wish.Value.Name, wish.Value.Scopes, wish.Value.Lasts, cancel);
        await OnGetAsync(cancel);
        return Page();
    }

    public async Task<IActionResult> OnPostRevokeAsync(Guid id, CancellationToken cancel)
    {
        await tokens.RevokeAsync(User.PersonId, id, cancel);
        TempData.Say("The token is revoked; whatever used it is refused from now on.");
        return RedirectToPage();
    }

    private async Task<IActionResult> RedrawAsync(Failure refused, CancellationToken cancel)
    {
        await OnGetAsync(cancel);
        ModelState.Refuse(refused);
        return Page();
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        Tokens = await tokens.ListAsync(User.PersonId, cancel);
        Factor = await factors.StateAsync(caller.Person, cancel);
        OpenSessions = (await sessions.ListAsync(User.PersonId, cancel)).Count;
    }

    internal sealed class Fields
    {
        [Required(ErrorMessage = "Enter your name."), StringLength(100)]
        public string Name { get; set; } = "";

        [Required(ErrorMessage = "Pick a time zone.")]
        public string TimeZone { get; set; } = "";
    }
}
