using System.Collections.Concurrent;
using Deskbridge.Connectors;

namespace Deskbridge.Core.Connections;

/// <summary>Boards, statuses and members of one remote instance, remembered for a while.</summary>
internal sealed class RemoteLists(IConnector connector, TimeSpan keptFor, TimeProvider clock)
{
    /// <summary>An unmatched email asks again at most this often.</summary>
    private static readonly TimeSpan MissInterval = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Remembered> _lists = new(StringComparer.Ordinal);

    public Task<IReadOnlyList<RemoteRef>> BoardsAsync(CancellationToken cancel) =>
        connector is IReadsBoards boards ? GetAsync("boards", keptFor, boards.ReadBoardsAsync, cancel) : Task.FromResult<IReadOnlyList<RemoteRef>>([]);

    public Task<IReadOnlyList<RemoteStatus>> StatusesAsync(string boardId, CancellationToken cancel) => connector is IReadsBoards boards
        ? GetAsync("statuses/" + boardId, keptFor, c => boards.ReadStatusesAsync(boardId, c), cancel)
        : Task.FromResult<IReadOnlyList<RemoteStatus>>([]);

    public async Task<RemoteMember?> MemberByEmailAsync(string email, CancellationToken cancel)
    {
        if (connector is not IReadsMembers members || string.IsNullOrWhiteSpace(email)) return null;
        return Find(await GetAsync("members", keptFor, members.ReadMembersAsync, cancel), email)
            ?? Find(await GetAsync("members", MissInterval, members.ReadMembersAsync, cancel), email);
    }

    public void Forget() => _lists.Clear();

    private static RemoteMember? Find(IReadOnlyList<RemoteMember> members, string email) =>
        members.FirstOrDefault(member => string.Equals(member.Email?.Trim(), email.Trim(), StringComparison.OrdinalIgnoreCase));

    private async Task<IReadOnlyList<T>> GetAsync<T>(
        string key, TimeSpan notOlderThan, Func<CancellationToken, Task<IReadOnlyList<T>>> read, CancellationToken cancel)
    {
        var now = clock.GetTimestamp();
        if (_lists.TryGetValue(key, out var known) && clock.GetElapsedTime(known.ReadAt, now) < notOlderThan) return (IReadOnlyList<T>)known.Items;
        var items = await read(cancel);
        _lists[key] = new Remembered(items, now);
        return items;
    }

    private sealed record Remembered(object Items, long ReadAt);
}
