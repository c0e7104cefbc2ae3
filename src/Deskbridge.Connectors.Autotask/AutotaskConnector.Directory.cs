using System.Globalization;

namespace Deskbridge.Connectors.Autotask;

internal sealed partial class AutotaskConnector : IReadsMembers, IReadsBoards
{
    /// <summary>The built-in "Autotask Administrator", which workflow rules act as: nobody's account, and it holds no role.</summary>
    private const string SystemResource = "4";

    private static readonly string[] ResourceColumns = ["id", "firstName", "lastName", "email", "userName", "isActive"];

    public bool SameStatuses => true;

    public Task<IReadOnlyList<RemoteMember>> ReadMembersAsync(CancellationToken cancel) => MembersAsync([AutotaskQuery.Where("eq", "isActive", true)], cancel);

    public Task<IReadOnlyList<RemoteMember>> ReadAllMembersAsync(CancellationToken cancel) => MembersAsync([], cancel);

    /// <summary>Queues: values of a list, no records of their own.</summary>
    public async Task<IReadOnlyList<RemoteRef>> ReadBoardsAsync(CancellationToken cancel) =>
        [.. (await _schemas.ReadAsync(cancel)).Choices(TicketSchema.Queue).Select(queue => new RemoteRef(queue.Value.ToString(CultureInfo.InvariantCulture), queue.Label))];

    /// <summary>The same for every queue.</summary>
    public async Task<IReadOnlyList<RemoteStatus>> ReadStatusesAsync(string boardId, CancellationToken cancel)
    {
        var schema = await _schemas.ReadAsync(cancel);
        var closed = _closed.In(schema);
        return [.. schema.Choices(TicketSchema.Status).Select(status => new RemoteStatus(status.Value.ToString(CultureInfo.InvariantCulture), status.Label, closed.Contains(status.Value)))];
    }

    private async Task<IReadOnlyList<RemoteMember>> MembersAsync(IReadOnlyList<System.Text.Json.Nodes.JsonObject> filter, CancellationToken cancel) =>
        [.. (await _client.ListAsync("Resources", new AutotaskQuery(filter, ResourceColumns), AutotaskJson.Default.ResourceDto, cancel)).Select(AutotaskMap.ToMember).Where(member => member.Id != SystemResource)];
}
