using Deskbridge.Access;
using Deskbridge.Access.SecondFactor;
using Deskbridge.Api;
using Deskbridge.Core.Common;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;

namespace Deskbridge.Features.Access;

/// <summary>Everybody's own second factor. What weakens it asks for a code first: a session left open must not be enough.</summary>
[Authorize(Policy = Policies.Viewer), EnableRateLimiting(ApiModule.SignInLimit)]
internal sealed class SecondFactorModel(SecondFactors factors, Caller caller) : PageModel
{
    public SecondFactorState State { get; private set; } = null!;

    /// <summary>A proposal, while there is no second factor.</summary>
    public EnrolView? View { get; private set; }

    /// <summary>Shown this once.</summary>
    public IReadOnlyList<string>? Codes { get; private set; }

    public Task OnGetAsync(CancellationToken cancel) => LoadAsync(null, cancel);

    public async Task<IActionResult> OnPostConfirmAsync(string? secret, string? code, CancellationToken cancel)
    {
        ModelState.Clear();
        var me = caller.Person;
        if (await factors.HasAsync(me.Id, cancel)) return RedirectToPage();
        var confirmed = await factors.ConfirmAsync(me, secret, code ?? "", cancel);
        if (confirmed.Failure is { } refused) return await RedrawAsync(refused, secret, cancel);
        Codes = confirmed.Value;
        await Sessions.StartAsync(HttpContext, me);
        return await RedrawAsync(null, null, cancel);
    }

    public async Task<IActionResult> OnPostCodesAsync(string? code, CancellationToken cancel)
    {
        ModelState.Clear();
        if (await factors.CheckAsync(caller.Person.Id, code ?? "", cancel) is { } refused) return await RedrawAsync(refused, null, cancel);
        Codes = await factors.NewRecoveryCodesAsync(caller.Person.Id, cancel);
        return await RedrawAsync(null, null, cancel);
    }

    public async Task<IActionResult> OnPostRemoveAsync(string? code, CancellationToken cancel)
    {
        ModelState.Clear();
        var me = caller.Person;
        if (await factors.IsRequiredAsync(me, cancel)) return RedirectToPage();
        if (await factors.CheckAsync(me.Id, code ?? "", cancel) is { } refused) return await RedrawAsync(refused, null, cancel);
        await factors.RemoveAsync(me.Id, cancel);
        await Sessions.StartAsync(HttpContext, me);
        TempData.Say("The second factor is removed: your password alone signs you in.");
        return RedirectToPage();
    }

    private async Task<IActionResult> RedrawAsync(Failure? refused, string? secret, CancellationToken cancel)
    {
        if (refused is not null) ModelState.Refuse(refused);
        await LoadAsync(secret, cancel);
        return Page();
    }

    private async Task LoadAsync(string? secret, CancellationToken cancel)
    {
        State = await factors.StateAsync(caller.Person, cancel);
        if (State.Since is null) View = new EnrolView(factors.Read(caller.Person, secret) ?? factors.Propose(caller.Person));
    }
}
