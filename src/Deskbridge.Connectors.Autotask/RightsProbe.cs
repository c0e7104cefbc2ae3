namespace Deskbridge.Connectors.Autotask;

/// <summary>Asks Autotask what the API user may do with each object: it tells it itself, so nothing need be tried (reference 3.1).</summary>
internal sealed class RightsProbe(AutotaskClient client, AutotaskOptions options)
{
    public async Task<RightsReport> RunAsync(CancellationToken cancel)
    {
        var rows = new List<RightRow>();
        var notes = new List<string>();
        foreach (var (right, entity) in AutotaskRights.Of(options))
        {
            var rights = await ReadAsync(entity, cancel);
            List<RightCell> cells = [.. Enum.GetValues<RightColumn>().Select(column => Cell(column, right[column], entity, rights))];
            var missing = cells.Exists(cell => cell is { State: RightState.Missing, Need: not RightNeed.Never });
            rows.Add(new RightRow(right, cells, missing ? AutotaskRights.Fix(entity) : null));
            if (rights?.UserAccessForQuery == 2 && entity == "Tickets") notes.Add("The API user sees some tickets only. Tickets outside of its lines of business or companies raise nothing.");
        }

        return new RightsReport("", rows, notes);
    }

    private async Task<EntityRightsDto?> ReadAsync(string entity, CancellationToken cancel)
    {
        try
        {
            return (await client.GetAsync($"{entity}/entityInformation", AutotaskJson.Default.EntityInfoDto, cancel)).Info;
        }
        catch (ConnectorException failure) when (failure is ConnectorRejectedException or ConnectorNotFoundException or ConnectorUnavailableException { RouteMissing: true })
        {
            return new EntityRightsDto(entity, 0, 0, 0);
        }
    }

    /// <summary>Deleting a webhook is not told apart: whoever may make one may take it away.</summary>
    private static RightCell Cell(RightColumn column, RightNeed need, string entity, EntityRightsDto? rights)
    {
        var told = column switch
        {
            RightColumn.Add or RightColumn.Delete => rights?.UserAccessForCreate,
            RightColumn.Edit => rights?.UserAccessForUpdate,
            _ => rights?.UserAccessForQuery,
        };
        var state = told switch { null => RightState.Unknown, 0 => RightState.Missing, _ => RightState.Have };
        return new(column, need, state, $"{entity} tells {(told is { } level ? $"access level {level}" : "nothing")}");
    }
}
