using Deskbridge.Access;
using Deskbridge.Core.Nodes;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Health;

[Authorize(Policy = Policies.Viewer)]
internal sealed class NodesModel(NodeQueries nodes, TimeProvider clock) : PageModel
{
    public IReadOnlyList<NodeView> Nodes { get; private set; } = [];

    public string Mark { get; private set; } = "";

    public string Summary => Nodes.Count(node => node.Alive) switch
    {
        1 => "One hub does all the work.",
        var several => $"{several} hubs share the database and the work; each recurring task is run by one of them at a time.",
    };

    /// <summary>A version with as much of its build's hash as tells builds apart.</summary>
    public static string Short(string version) => version.IndexOf('+', StringComparison.Ordinal) is > 0 and var plus && version.Length > plus + ShownOfHash ? version[..(plus + ShownOfHash)] : version;

    private const int ShownOfHash = 9;

    public static string Words(NodeTaskView task) => (task.Task switch
    {
        "Poll" => "Reading changed tickets",
        "Rules" => "Reading the rules",
        "Callbacks" => "Checking the callbacks",
        "Sweep" => "Comparing everything",
        _ => "Watching for silence",
    }) + (task.Connection is null ? "" : $" of {task.Connection}");

    public Task OnGetAsync(CancellationToken cancel) => LoadAsync(cancel);

    public async Task<IActionResult> OnGetLiveAsync(string? seen, CancellationToken cancel)
    {
        await LoadAsync(cancel);
        return seen == Mark ? StatusCode(StatusCodes.Status204NoContent) : Partial("_Nodes", this);
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        Nodes = await nodes.ListAsync(cancel);
        Mark = Live.Mark(clock, Nodes);
    }
}
