using Deskbridge.Access;
using Deskbridge.Access.Links;
using Deskbridge.Access.SecondFactor;
using Deskbridge.Api;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Common;
using Deskbridge.Core.Directory;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.People;

[Authorize(Policy = Policies.Admin)]
internal sealed class PersonModel(
    PersonQueries people, Admission admission, AddPerson add, InvitePerson invite, TestPerson test,
    OneTimeLinks links, Accounts accounts, SecondFactors factors, TimeProvider clock, Caller caller) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty]
    public PersonFields Form { get; set; } = new();

    public Person Person { get; private set; } = null!;

    public WithPassword? Reset { get; private set; }

    /// <summary>What came of the test messages just sent.</summary>
    public PersonTested? Tested { get; private set; }

    /// <summary>A link just made.</summary>
    public LinkSent? Sent { get; private set; }

    public bool HasPassword { get; private set; }

    /// <summary>An invitation that waits.</summary>
    public OneTimeLink? Invitation { get; private set; }

    public SecondFactorState Factor { get; private set; } = null!;

    public string SignInWords =>
        (HasPassword ? "With a password" : Invitation is not null ? "Invited, has not chosen a password yet" : "No password yet")
        + (Factor.Since is not null ? " and a second factor." : HasPassword && Factor.Required ? "; sets up a second factor at the next sign-in." : HasPassword ? ", without a second factor." : ".");

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (await people.GetAsync(Id, cancel) is not { } person)
        {
            return Refusals.Missing(HttpContext, new PersonNotFound(Id));
        }

        Person = person;
        HasPassword = await accounts.HasPasswordAsync(Id);
        var now = clock.GetUtcNow();
        Invitation = (await links.InvitationsAsync(cancel)).FirstOrDefault(link => link.PersonId == Id && link.State(now) == LinkState.Open);
        Factor = await factors.StateAsync(person, cancel);
        Form = PersonFields.Of(person);
        return Page();
    }

    public async Task<IActionResult> OnPostSaveAsync(CancellationToken cancel)
    {
        var typed = Form;
        var result = await AnswerAsync(await admission.ChangeAsync(Id, Form.ToDraft(), caller.Person, cancel), "Saved.", cancel);
        Form = typed;
        return result;
    }

    public async Task<IActionResult> OnPostDeactivateAsync(CancellationToken cancel) =>
        await AnswerAsync(await admission.DeactivateAsync(Id, caller.Person, cancel), "Deactivated: signed out, API tokens and links ended, off duty and not paged any more.", cancel);

    public async Task<IActionResult> OnPostReactivateAsync(CancellationToken cancel) =>
        await AnswerAsync(await admission.ReactivateAsync(Id, caller.Person, cancel), "Active again, and off duty.", cancel);

    public async Task<IActionResult> OnPostPasswordAsync(CancellationToken cancel)
    {
        ModelState.Clear();
        var reset = await add.NewPasswordAsync(Id, caller.Person, cancel);
        if (reset.Failure is { } refused) ModelState.Refuse(refused);
        else Reset = reset.Value;
        return await OnGetAsync(cancel);
    }

    public async Task<IActionResult> OnPostTestAsync(CancellationToken cancel)
    {
        ModelState.Clear();
        var tested = await test.RunAsync(Id, caller.Person, cancel);
        if (tested.Failure is { } refused) ModelState.Refuse(refused);
        else Tested = tested.Value;
        return await OnGetAsync(cancel);
    }


    public async Task<IActionResult> OnPostLinkAsync(CancellationToken cancel)
    {
        ModelState.Clear();
        var sent = await invite.AgainAsync(Id, $"{Request.Scheme}://{Request.Host}", caller.Person, cancel);
        if (sent.Failure is { } refused) ModelState.Refuse(refused);
        else Sent = sent.Value;
        return await OnGetAsync(cancel);
    }

    public async Task<IActionResult> OnPostRevokeAsync(Guid link, CancellationToken cancel)
    {
        ModelState.Clear();
        var refused = await invite.RevokeAsync(link, caller.Person, cancel);
        TempData.Say(refused?.Message ?? "The invitation is taken back: its link does not work any more.", refused is not null);
        return RedirectToPage();
    }

    public async Task<IActionResult> OnPostFactorAsync(CancellationToken cancel)
    {
        ModelState.Clear();
        await factors.RemoveAsync(Id, cancel);
        TempData.Say("The second factor is taken away, and the sessions have ended. They can set up a new one.");
        return RedirectToPage();
    }

    private async Task<IActionResult> AnswerAsync(Result<Person> result, string done, CancellationToken cancel)
    {
        if (result.Failure is { } refused)
        {
            ModelState.Clear();
            ModelState.Refuse(refused);
            return await OnGetAsync(cancel);
        }

        TempData.Say(done);
        return RedirectToPage();
    }
}
