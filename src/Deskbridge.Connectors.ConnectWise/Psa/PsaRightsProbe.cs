using System.Text.Json;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>
/// Finds out about every cell of the role without changing anything: the caller's own list (<c>system/mySecurity</c>), a read of one row
/// of everything that is read, and for Add, Edit and Delete requests that no system can carry out, whichever it checks first: a record
/// without its required members, and changes of a record whose number cannot exist.
/// </summary>
internal sealed class PsaRightsProbe(PsaClient client, ConnectWisePsaOptions options, PsaVisibility visibility)
{
    private const int NoSuchId = int.MaxValue;
    private const string LocationsList = "ServiceResourceScheduling";

    private readonly List<string> _notes = [];

    public async Task<RightsReport> RunAsync(CancellationToken cancel)
    {
        var listed = await ListedAsync(cancel);
        var me = await MeAsync(cancel);
        var role = PsaMap.Text(PsaMap.Member(me, "securityRole"), "name") ?? "";
        var rows = new List<RightRow>();
        foreach (var need in PsaRoleNeeds.Of(options))
        {
            var row = listed.FirstOrDefault(row => PsaRoleNeeds.Same(need.Function, row.ModuleFunctionName));
            var limit = need.Function == PsaRoleNeeds.Scheduling && row?.CustomFlag == true ? await LimitAsync(me, cancel) : null;
            rows.Add(PsaRightsJudge.Judge(need, row, await ProveAsync(need.Function, cancel), limit, role));
        }

        return new(role, rows, _notes) { Visible = await visibility.ReadAsync(me, cancel), Version = client.Version ?? "" };
    }

    private Task<IReadOnlyList<RightProof>> ProveAsync(string function, CancellationToken cancel) => function switch
    {
        PsaRoleNeeds.Tickets => ProofsAsync(cancel, Read("read a ticket", "service/tickets"), Change("change a ticket that does not exist", "service/tickets")),
        PsaRoleNeeds.Scheduling => ProofsAsync(cancel, [Read("read the schedule", "schedule/entries"), .. Writes("a schedule entry", "schedule/entries")]),
        PsaRoleNeeds.Templates => ProofsAsync(cancel, Read("read a template", "service/templates"), Change("change a template that does not exist", "service/templates")),
        PsaRoleNeeds.Members => ProofsAsync(cancel, Read("read a member", "system/members")),
        PsaRoleNeeds.MyAccount => ProofsAsync(cancel, new Trial(RightColumn.Inquire, "read the own account", c => client.GetAsync("system/myMembers", c))),
        PsaRoleNeeds.Company => ProofsAsync(cancel, Read("read a company", "company/companies")),
        PsaRoleNeeds.Contacts => ProofsAsync(cancel, Read("read a contact", "company/contacts")),
        PsaRoleNeeds.Documents => ProofsAsync(cancel, Read("list documents of no record", "system/documents") with { IsRead = false }),
        PsaRoleNeeds.Tables => ProofsAsync(
            cancel,
            [
                Read("read a custom field", "system/userDefinedFields", PsaRoleNeeds.FieldsItem), .. Writes("a custom field", "system/userDefinedFields", PsaRoleNeeds.FieldsItem),
                Read("read a workflow rule", "system/workflows", PsaRoleNeeds.RulesItem), .. Writes("a workflow rule", "system/workflows", PsaRoleNeeds.RulesItem),
                Read("read a board", "service/boards", PsaRoleNeeds.BoardsItem),
            ]),
        _ => Task.FromResult<IReadOnlyList<RightProof>>([]),
    };

    private static async Task<IReadOnlyList<RightProof>> ProofsAsync(CancellationToken cancel, params IReadOnlyList<Trial> trials)
    {
        var proofs = new List<RightProof>();
        foreach (var trial in trials)
        {
            if (await IsRefusedAsync(trial, cancel) is { } refused) proofs.Add(new(trial.Column, trial.What, trial.IsRead, refused, trial.Item));
        }

        return proofs;
    }

    /// <summary>Null when the answer says nothing about rights: this release does not have the route.</summary>
    private static async Task<bool?> IsRefusedAsync(Trial trial, CancellationToken cancel)
    {
        try
        {
            await trial.Call(cancel);
            return false;
        }
        catch (ConnectorRejectedException refusal)
        {
            return refusal.Kind == RejectionKind.Permission;
        }
        catch (ConnectorException answered) when (answered is ConnectorNotFoundException or ConnectorConflictException)
        {
            return false;
        }
        catch (ConnectorUnavailableException failure) when (failure.RouteMissing || !trial.IsRead)
        {
            return null; // the vendor answers some senseless requests with 500
        }
    }

    private Trial Read(string what, string path, string? item = null) => new(
        RightColumn.Inquire, item is null ? what : $"{what} ({item})",
        async cancel => await client.PageAsync(path, new() { Page = 1, PageSize = 1 }, static row => row.ValueKind, cancel))
    { IsRead = true, Item = item };

    private Trial Change(string what, string path, string? item = null) =>
        new(RightColumn.Edit, what, cancel => client.PatchAsync($"{path}/{NoSuchId}", new PatchDocument(), cancel)) { Item = item };

    private Trial[] Writes(string what, string path, string? item = null) =>
    [
        new(RightColumn.Add, $"add {what} without its required members", cancel => client.PostAsync(path, new ReferenceDto(), PsaJson.Default.ReferenceDto, cancel)) { Item = item },
        Change($"change {what} that does not exist", path, item),
        new(RightColumn.Delete, $"delete {what} that does not exist", cancel => client.DeleteAsync($"{path}/{NoSuchId}", cancel)) { Item = item },
    ];

    private async Task<IReadOnlyList<SecurityRowDto>> ListedAsync(CancellationToken cancel)
    {
        try
        {
            return await client.PageAsync(
                "system/mySecurity", new() { Page = 1, PageSize = PsaQuery.LargestPage }, static row => PsaClient.Read(row, PsaJson.Default.SecurityRowDto), cancel);
        }
        catch (ConnectorException failure) when (failure is ConnectorRejectedException or ConnectorNotFoundException or ConnectorUnavailableException { RouteMissing: true })
        {
            _notes.Add($"ConnectWise does not show the role's own list of rights, so only calls tell: {failure.Message}");
            return [];
        }
    }

    private async Task<JsonElement> MeAsync(CancellationToken cancel)
    {
        try
        {
            return PsaMap.First(await client.GetAsync("system/myMembers", cancel));
        }
        catch (ConnectorException failure) when (failure is ConnectorRejectedException or ConnectorNotFoundException or ConnectorUnavailableException { RouteMissing: true })
        {
            return default;
        }
    }

    /// <summary>
    /// Why a customised Resource Scheduling does not reach the tickets (S47). The vendor does not say whether the customised entries are those
    /// allowed; they are taken to be, as they stand under <i>Allow Access</i> on its screen.
    /// </summary>
    private async Task<string?> LimitAsync(JsonElement me, CancellationToken cancel)
    {
        try
        {
            var items = await client.PageAsync(
                "system/mySecurity/customizeItems", new() { Page = 1, PageSize = PsaQuery.LargestPage }, static row => PsaClient.Read(row, PsaJson.Default.CustomizeItemDto), cancel);
            var allowed = items.Where(item => item.CustomizeIdentifier == LocationsList).Select(item => item.ItemIdentifier ?? "").ToList();
            var home = PsaMap.Text(PsaMap.Member(me, "defaultLocation"), "name");
            if (allowed.Count == 0 || home is null)
            {
                _notes.Add($"{PsaRoleNeeds.Scheduling} is customised, and to which locations could not be read: allow all of them, or at least that of the API member.");
                return null;
            }

            if (allowed.Exists(name => PsaRoleNeeds.Same(name, home)))
            {
                _notes.Add($"{PsaRoleNeeds.Scheduling} is limited to {string.Join(", ", allowed)}: tickets of other locations get no owner.");
                return null;
            }

            return $"It is limited to {string.Join(", ", allowed)}, and the API member's location is {home}.";
        }
        catch (ConnectorRejectedException)
        {
            return null;
        }
    }

    private sealed record Trial(RightColumn Column, string What, Func<CancellationToken, Task> Call)
    {
        public bool IsRead { get; init; } = Column == RightColumn.Inquire;

        public string? Item { get; init; }
    }
}
