using System.Collections.Concurrent;
using Deskbridge.Connectors;
using Deskbridge.Core.Connections.Members;

namespace Deskbridge.Core.Connections;

/// <summary>Boards, statuses and members of one remote instance, remembered for a while.</summary>
internal sealed class RemoteLists(IConnector connector, TimeSpan keptFor, TimeProvider clock)
{
    /// <summary>What is looked for and not found asks again at most this often.</summary>
    private static readonly TimeSpan MissInterval = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, Remembered> _lists = new(StringComparer.Ordinal);

    public Task<IReadOnlyList<RemoteRef>> BoardsAsync(CancellationToken cancel) =>
        connector is IReadsBoards boards ? GetAsync("boards", keptFor, boards.ReadBoardsAsync, cancel) : Task.FromResult<IReadOnlyList<RemoteRef>>([]);

    public async Task<IReadOnlyList<RemoteStatus>> StatusesAsync(string boardId, Func<IReadOnlyList<RemoteStatus>, bool> suffice, CancellationToken cancel)
    {
        if (connector is not IReadsBoards boards) return [];
        var known = await StatusesAsync(boards, boardId, keptFor, cancel);
        return suffice(known) ? known : await StatusesAsync(boards, boardId, MissInterval, cancel);
    }

    public async Task<RemoteMember?> MemberAsync(string email, string? chosen, CancellationToken cancel)
    {
        if (connector is not IReadsMembers members || string.IsNullOrWhiteSpace(email)) return null;
        return MemberMatching.Find(email, await GetAsync("members", keptFor, members.ReadMembersAsync, cancel), chosen)
            ?? MemberMatching.Find(email, await GetAsync("members", MissInterval, members.ReadMembersAsync, cancel), chosen);
    }

    private Task<IReadOnlyList<RemoteStatus>> StatusesAsync(IReadsBoards boards, string boardId, TimeSpan notOlderThan, CancellationToken cancel) =>
        GetAsync("statuses/" + boardId, notOlderThan, c => boards.ReadStatusesAsync(boardId, c), cancel);

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
