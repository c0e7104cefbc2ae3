using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Rules;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Connections;

/// <summary>Which status acknowledge and close set on each board.</summary>
[Authorize(Policy = Policies.Admin)]
internal sealed class StatusesModel(ConnectionQueries connections, BoardStatuses statuses, Caller caller) : PageModel
{
    [BindProperty(SupportsGet = true)]
    public Guid Id { get; set; }

    public ConnectionView Connection { get; private set; } = null!;

    public BoardStatusTable? Table { get; private set; }

    /// <summary>Why there is no table, or why it was not saved.</summary>
    public string? Refused { get; private set; }

    public static string PostedName(OutboundState on, string board) => $"{on}.{board}";

    /// <summary>What is selected for a board: as posted, else as stored.</summary>
    public string? Selected(StatusChoice choice, string board) =>
        Request.HasFormContentType ? Request.Form[PostedName(choice.On, board)].ToString() : choice.Chosen?.Id;

    public async Task<IActionResult> OnGetAsync(CancellationToken cancel) => await DrawAsync(cancel) ? Page() : Missing();

    public async Task<IActionResult> OnPostAsync(CancellationToken cancel)
    {
        if (!await DrawAsync(cancel)) return Missing();
        var saved = await statuses.SetAsync(Id, [.. Posted()], caller.Person, cancel);
        if (saved.Failure is { } refused)
        {
            Refused = refused.Message;
            return Page();
        }

        TempData.Say("Saved.");
        return RedirectToPage(new { Id });
    }

    private IEnumerable<BoardChoice> Posted() =>
        from board in Table?.Boards ?? []
        from state in Enum.GetValues<OutboundState>()
        let status = Request.Form[PostedName(state, board.Board.Id)].ToString()
        where status.Length > 0
        select new BoardChoice(state, board.Board.Id, status);

    private async Task<bool> DrawAsync(CancellationToken cancel)
    {
        if (await connections.FindAsync(Id, cancel) is not { State: not ConnectionState.Removed } found) return false;
        Connection = found;
        var read = await statuses.ReadAsync(Id, cancel);
        Refused = read.Failure?.Message;
        Table = read.Failure is null ? read.Value : null;
        return true;
    }

    private EmptyResult Missing()
    {
        return Refusals.Missing(HttpContext, new ConnectionNotFound(Id));
    }
}
