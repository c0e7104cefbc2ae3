using Deskbridge.Access;
using Deskbridge.Features.Heartbeat;
using Deskbridge.Features.Shared;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Deskbridge.Features.Health;

[Authorize(Policy = Policies.Viewer)]
internal sealed class IndexModel(HubHealth health, OutsideHeartbeat heartbeat, TimeProvider clock) : PageModel
{
    public HealthPicture Report { get; private set; } = null!;

    public HeartbeatState Beat => heartbeat.State;

    public DateTimeOffset Now => clock.GetUtcNow();

    public string Mark { get; private set; } = "";

    public Task OnGetAsync(CancellationToken cancel) => LoadAsync(cancel);

    public async Task<IActionResult> OnGetLiveAsync(string? seen, CancellationToken cancel)
    {
        await LoadAsync(cancel);
        return seen == Mark ? StatusCode(StatusCodes.Status204NoContent) : Partial("_Health", this);
    }

    private async Task LoadAsync(CancellationToken cancel)
    {
        Report = await health.ReadAsync(cancel);
        Mark = Live.Mark(clock, Report.Problems, Report.Pager, Beat, Report.Tables?.At, Report.Pumps.Select(pump => pump.Stuck), Report.Connections.Select(row => new { row.Connection.State, row.Connection.Health, row.Queue }));
    }
}
