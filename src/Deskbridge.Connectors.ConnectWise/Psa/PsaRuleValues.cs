namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>The instance's own lists that clauses and actions take their names from. The calls are bounded: the first 50 boards, the first 1,000 companies.</summary>
internal sealed class PsaRuleValues(PsaClient client)
{
    /// <summary>Each type of each board: an action sets one of them, where a clause means all of one name.</summary>
    public const string TypesByBoard = "typeOfBoard";

    /// <summary>Each team of each board.</summary>
    public const string TeamsByBoard = "teamOfBoard";

    private const int MostBoards = 50;
    private const int BoardsNamed = 3;

    /// <summary>The values of a list, by name; empty for a list there is none of.</summary>
    public Task<IReadOnlyList<RuleValue>> ReadAsync(string list, CancellationToken cancel) => list switch
    {
        "board" => BoardsAsync(cancel),
        "status" => StatusesAsync(cancel),
        "type" => OnBoardsAsync("types", cancel),
        "subtype" => OnBoardsAsync("subtypes", cancel),
        "item" => OnBoardsAsync("items", cancel),
        "team" => OnBoardsAsync("teams", cancel),
        TypesByBoard => EachOfBoardsAsync("types", cancel),
        TeamsByBoard => EachOfBoardsAsync("teams", cancel),
        "priority" => ListAsync("service/priorities", cancel),
        "source" => ListAsync("service/sources", cancel),
        "severity" => ListAsync("service/severities", cancel),
        "impact" => ListAsync("service/impacts", cancel),
        "location" => ListAsync("system/locations", cancel),
        "department" => ListAsync("system/departments", cancel),
        "company" => CompaniesAsync(cancel),
        "owner" => MembersAsync(cancel),
        _ => Task.FromResult<IReadOnlyList<RuleValue>>([]),
    };

    private async Task<IReadOnlyList<RuleValue>> BoardsAsync(CancellationToken cancel) =>
        Sorted((await PsaBoards.ReadAsync(client, cancel)).Select(board => new RuleValue(PsaMap.Number(board.Id), board.Name ?? "", "")));

    /// <summary>A rule tells statuses by name alone, so those of one name are one; its id is that of the first board.</summary>
    private async Task<IReadOnlyList<RuleValue>> StatusesAsync(CancellationToken cancel)
    {
        var found = new List<RuleValue>();
        foreach (var board in (await PsaBoards.ReadAsync(client, cancel)).Take(MostBoards))
        {
            var statuses = await PsaBoards.ReadStatusesAsync(client, board.Id ?? 0, cancel);
            found.AddRange(statuses.Select(status => new RuleValue(PsaMap.Number(status.Id), status.Name ?? "", board.Name ?? "")));
        }

        return Merged(found);
    }

    private async Task<IReadOnlyList<RuleValue>> OnBoardsAsync(string list, CancellationToken cancel) => Merged(await EachOfBoardsAsync(list, cancel));

    private async Task<IReadOnlyList<RuleValue>> EachOfBoardsAsync(string list, CancellationToken cancel)
    {
        var found = new List<RuleValue>();
        foreach (var board in (await PsaBoards.ReadAsync(client, cancel)).Take(MostBoards))
        {
            var rows = await client.ListAsync($"service/boards/{board.Id}/{list}", PsaJson.Default.ReferenceDto, cancel);
            found.AddRange(rows.Select(row => new RuleValue(PsaMap.Number(row.Id), row.Name ?? "", board.Name ?? "")));
        }

        return Sorted(found);
    }

    private async Task<IReadOnlyList<RuleValue>> ListAsync(string path, CancellationToken cancel) =>
        Sorted((await client.ListAsync(path, PsaJson.Default.ReferenceDto, cancel)).Select(row => new RuleValue(PsaMap.Number(row.Id), row.Name ?? row.Identifier ?? "", "")));

    private async Task<IReadOnlyList<RuleValue>> CompaniesAsync(CancellationToken cancel)
    {
        var query = new PsaQuery { OrderBy = "name asc", Fields = "id,name", Page = 1, PageSize = PsaQuery.LargestPage };
        return await client.PageAsync("company/companies", query, row => PsaClient.Read(row, PsaJson.Default.ReferenceDto) is var company ? new RuleValue(PsaMap.Number(company.Id), company.Name ?? "", "") : null!, cancel);
    }

    private async Task<IReadOnlyList<RuleValue>> MembersAsync(CancellationToken cancel) =>
        Sorted((await client.ListAsync("system/members", PsaJson.Default.MemberDto, cancel, new Conditions().Equal("inactiveFlag", false), "id,identifier,firstName,lastName,officeEmail,inactiveFlag"))
            .Where(member => member.InactiveFlag != true).Select(PsaMap.ToMember).Select(member => new RuleValue(member.Id, member.Name, "")));

    private static List<RuleValue> Merged(IEnumerable<RuleValue> values) => Sorted(values
        .GroupBy(value => value.Name, StringComparer.OrdinalIgnoreCase)
        .Select(same => same.First() with { Where = Boards([.. same.Select(value => value.Where).Distinct(StringComparer.Ordinal)]) }));

    private static string Boards(List<string> boards) =>
        boards.Count <= BoardsNamed ? string.Join(", ", boards) : $"{string.Join(", ", boards.Take(BoardsNamed))} and {boards.Count - BoardsNamed} more";

    private static List<RuleValue> Sorted(IEnumerable<RuleValue> values) => [.. values.Where(value => value.Name.Length > 0).OrderBy(value => value.Name, StringComparer.OrdinalIgnoreCase)];
}
