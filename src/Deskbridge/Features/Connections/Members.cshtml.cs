using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Members;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Connections;

/// <summary>Who of the hub is which member, who is not, and the administrator's word where emails do not tell.</summary>
[Authorize(Policy = Policies.Admin)]
internal sealed class MembersModel(ConnectionQueries connections, MemberBook members, Caller caller) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    /// <summary>Whose member is to be chosen: the form begins with them.</summary>
    [BindProperty(SupportsGet = true)]
    public Guid? Person { get; set; }

    public ConnectionView Connection { get; private set; } = null!;

    public MemberReport Report { get; private set; } = new([], []);

    public IReadOnlyList<RemoteMember> Members { get; private set; } = [];

    /// <summary>Why there is no report.</summary>
    public string? Refused { get; private set; }

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel)
    {
        if (await connections.FindAsync(Id, cancel) is not { State: not ConnectionState.Removed } found)
        {
            return Refusals.Missing(HttpContext, new ConnectionNotFound(Id));
        }

        Connection = found;
        var read = await members.ReadAsync(Id, cancel);
        Refused = read.Failure?.Message;
        if (read.Failure is null) (Report, Members) = read.Value;
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(string? member, CancellationToken cancel) =>
        Answer((await members.ChooseAsync(Id, Person ?? Guid.Empty, member ?? "", caller.Person, cancel)).Failure, "Chosen. It counts from the next alert that is acknowledged.");

    public async Task<IActionResult> OnPostForgetAsync(CancellationToken cancel) =>
        Answer(await members.ForgetAsync(Id, Person ?? Guid.Empty, caller.Person, cancel), "Taken back: emails decide again.");

    private RedirectToPageResult Answer(Failure? refused, string done)
    {
        TempData.Say(refused?.Message ?? done, refused is not null);
        return RedirectToPage(new { Id, person = (Guid?)null });
    }
}
