namespace Deskbridge.Connectors.ConnectWise.Psa;

internal sealed partial class ConnectWisePsaConnector : IReadsMembers, IReadsBoards, ISchedulesMembers
{
    private const string ServiceTicketSchedule = "S"; // ids of schedule types differ per system, the identifier does not
    private const string FirmStatus = "Firm";
    private ReferenceDto? _scheduleType;
    private ReferenceDto? _scheduleStatus;

    public async Task<IReadOnlyList<RemoteMember>> ReadMembersAsync(CancellationToken cancel)
    {
        var members = await _client.ListAsync(
            "system/members", PsaJson.Default.MemberDto, cancel, new Conditions().Equal("inactiveFlag", false), "id,identifier,firstName,lastName,officeEmail,inactiveFlag");
        return [.. members.Where(member => member.InactiveFlag != true).Select(PsaMap.ToMember)];
    }

    public async Task<IReadOnlyList<RemoteMember>> ReadAllMembersAsync(CancellationToken cancel) =>
        [.. (await _client.ListAsync("system/members", PsaJson.Default.MemberDto, cancel, fields: "id,identifier,firstName,lastName,officeEmail,inactiveFlag")).Select(PsaMap.ToMember)];

    public async Task<IReadOnlyList<RemoteRef>> ReadBoardsAsync(CancellationToken cancel) =>
        [.. (await PsaBoards.ReadAsync(_client, cancel)).Select(board => new RemoteRef(PsaMap.Number(board.Id), board.Name ?? ""))];

    public async Task<IReadOnlyList<RemoteStatus>> ReadStatusesAsync(string boardId, CancellationToken cancel) =>
        [.. (await PsaBoards.ReadStatusesAsync(_client, PsaMap.Number(boardId), cancel))
            .Select(status => new RemoteStatus(PsaMap.Number(status.Id), status.Name ?? "", status.ClosedStatus == true))];

    public async Task<IReadOnlyList<RemoteScheduleEntry>> ReadScheduleAsync(string ticketId, CancellationToken cancel)
    {
        var where = new Conditions().Equal("type/identifier", ServiceTicketSchedule).Equal("objectId", PsaMap.Number(ticketId)).Equal("doneFlag", false);
        var entries = await _client.ListAsync("schedule/entries", PsaJson.Default.ScheduleEntryDto, cancel, where);
        return [.. entries.Where(entry => entry.DoneFlag != true && entry.Member?.Id is not null).Select(PsaMap.ToScheduleEntry)];
    }

    public async Task<RemoteScheduleEntry> AddScheduleAsync(string ticketId, string memberId, CancellationToken cancel)
    {
        _scheduleType ??= await FindAsync("schedule/types", new Conditions().Equal("identifier", ServiceTicketSchedule), cancel)
            ?? throw new ConnectorRejectedException(
                "ConnectWise has no schedule type with identifier S (service ticket). Restore it under Setup Tables > Schedule Type.", TicketFields.Owner);
        _scheduleStatus ??= await FindAsync("schedule/statuses", new Conditions().Equal("name", FirmStatus), cancel);
        var entry = new ScheduleEntryDto
        {
            ObjectId = PsaMap.Number(ticketId),
            Type = new(_scheduleType.Id, Identifier: ServiceTicketSchedule),
            Member = new(PsaMap.Number(memberId)),
            Status = _scheduleStatus is { Id: { } status } ? new(status) : null,
            AllowScheduleConflictsFlag = true,
        };
        var stored = await _client.PostAsync("schedule/entries", entry, PsaJson.Default.ScheduleEntryDto, cancel);
        return PsaMap.ToScheduleEntry(PsaClient.Read(stored, PsaJson.Default.ScheduleEntryDto));
    }

    public Task EndScheduleAsync(string ticketId, string entryId, CancellationToken cancel) =>
        _client.PatchAsync($"schedule/entries/{PsaMap.Number(entryId)}", new PatchDocument().Value("doneFlag", true), cancel);

    private async Task<ReferenceDto?> FindAsync(string path, Conditions where, CancellationToken cancel) =>
        await _client.ListAsync(path, PsaJson.Default.ReferenceDto, cancel, where) is [var first, ..] ? first : null;
}
