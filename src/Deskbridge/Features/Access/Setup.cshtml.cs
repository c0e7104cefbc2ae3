using System.ComponentModel.DataAnnotations;
using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Features.Access;

/// <summary>First run: makes the first administrator for whoever has the one-time code.</summary>
[AllowAnonymous, EnableRateLimiting(ApiModule.SignInLimit)]
internal sealed class SetupModel(SetupCode setup, AttemptTurns turns, Accounts accounts, HubStore store, RandomIds random, TimeProvider clock) : PageModel
{
    [BindProperty]
    public Fields Form { get; set; } = new();

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) =>
        await setup.CurrentAsync(cancel) is null ? Redirect("/sign-in") : Page();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        using var turn = await turns.EnterAsync("setup", cancel); // of two browsers that send the code at once, one wins
        if (await setup.CurrentAsync(cancel) is null) return Redirect("/sign-in");
        if (!ModelState.IsValid) return Page();
        if (!setup.Matches(Form.Code))
        {
            return Refuse(new InvalidFailure("code", "That is not the code. Look at the last start of the hub in its terminal or log: each start prints a new one."));
        }

        // The password first: a refused one must not leave an administrator with a mistyped email behind, who could be mailed a link.
        if (await accounts.CheckNewAsync(Form.Password) is { } weak) return Refuse(weak);
        var admin = await AdminAsync(cancel);
        if ((admin.Failure ?? await accounts.SetPasswordAsync(admin.Value.Id, Form.Password)) is { } refused) return Refuse(refused);
        return LocalRedirect(await HalfSignIn.AfterPasswordAsync(HttpContext, admin.Value, "/settings"));
    }

    private PageResult Refuse(Failure refused)
    {
        ModelState.Refuse(refused);
        return Page();
    }

    /// <summary>A setup that was cut off left the person without a password: take that one up again.</summary>
    private Task<Result<Person>> AdminAsync(CancellationToken cancel)
    {
        var draft = new PersonDraft(Form.Name, Form.Email, PersonRole.Admin);
        var key = PersonRules.Key(Form.Email);
        return store.WriteAsync<Result<Person>>(
            async db =>
            {
                var person = await db.People.SingleOrDefaultAsync(p => p.EmailKey == key, cancel);
                if (person is null) return await PersonRules.AddAsync(db, random.NewId(), draft, clock.GetUtcNow(), cancel);
                if (await PersonRules.CheckAsync(db, person.Id, draft, cancel) is { } refused) return refused;
                PersonRules.Apply(draft, person);
                person.Active = true;
                return person;
            },
            cancel);
    }

    internal sealed class Fields
    {
        [Required(ErrorMessage = "Enter the one-time code."), StringLength(40)]
        public string Code { get; set; } = "";

        [Required(ErrorMessage = "Enter your name."), StringLength(100)]
        public string Name { get; set; } = "";

        [Required(ErrorMessage = "Enter your email."), EmailAddress(ErrorMessage = "That is not an email address."), StringLength(254)]
        public string Email { get; set; } = "";

        [Required(ErrorMessage = "Choose a password.")]
        public string Password { get; set; } = "";
    }
}
