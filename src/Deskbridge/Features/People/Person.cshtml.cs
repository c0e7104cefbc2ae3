using Deskbridge.Access;
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
    PersonQueries people, ChangePerson change, DeactivatePerson deactivate, ReactivatePerson reactivate, AddPerson add, TestPerson test, Caller caller) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    [BindProperty]
    public PersonFields Form { get; set; } = new();

    public Person Person { get; private set; } = null!;

    public WithPassword? Reset { get; private set; }

    /// <summary>What came of the test messages just sent.</summary>
    public PersonTested? Tested { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (await people.GetAsync(Id, cancel) is not { } person)
        {
            Refusals.Explain(HttpContext, StatusCodes.Status404NotFound, new PersonNotFound(Id).Message);
            return new EmptyResult();
        }

        Person = person;
        Form = PersonFields.Of(person);
        return Page();
    }

    public async Task<IActionResult> OnPostSaveAsync(CancellationToken cancel)
    {
        var typed = Form;
        var result = await AnswerAsync(await change.RunAsync(Id, Form.ToDraft(), caller.Person, cancel), "Saved.", cancel);
        Form = typed;
        return result;
    }

    public async Task<IActionResult> OnPostDeactivateAsync(CancellationToken cancel) =>
        await AnswerAsync(await deactivate.RunAsync(Id, caller.Person, cancel), "Deactivated: signed out, off duty and not paged any more.", cancel);

    public async Task<IActionResult> OnPostReactivateAsync(CancellationToken cancel) =>
        await AnswerAsync(await reactivate.RunAsync(Id, caller.Person, cancel), "Active again, and off duty.", cancel);

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
