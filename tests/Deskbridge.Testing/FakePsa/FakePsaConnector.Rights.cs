using Deskbridge.Connectors;

namespace Deskbridge.Testing;

internal sealed partial class FakePsaConnector : IProbesRights, ITellsVersion
{
    public string? Version => _answered ? psa.Release : null;

    public async Task<RightsReport> ProbeRightsAsync(CancellationToken cancel)
    {
        await CallAsync("rights", "", cancel);
        return new RightsReport("Integration", [.. psa.NeededRights(context.Options).Select(Row)], [])
        {
            Version = psa.Release,
            Visible = new Visibility("Tampa", "Services", "Service", [new SeenBoard("Service", "Tampa", "Services", psa.All().Count(ticket => !ticket.ToRemote().Closed))], [.. psa.UnseenBoards.Keys]),
        };
    }

    private RightRow Row(NeededRight need)
    {
        var cells = Enum.GetValues<RightColumn>().Select(column =>
        {
            var lacks = psa.LackingRights.ContainsKey($"{need.Function} {column}");
            return new RightCell(column, need[column], lacks ? RightState.Missing : RightState.Have, lacks ? "The role's list says None." : "The role's list says All.");
        }).ToList();
        return new RightRow(need, cells, cells.Exists(cell => cell.State == RightState.Missing && cell.Need != RightNeed.Never) ? $"Set it under {need.Module} > {need.Function}." : null);
    }
}
