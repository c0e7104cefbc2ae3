using System.Collections.Concurrent;

namespace Deskbridge.Core.Connections;

/// <summary>Which recurring tasks this process ran, each with the last time.</summary>
internal sealed class TaskLog(TimeProvider clock)
{
    private readonly ConcurrentDictionary<(Guid Connection, ConnectionTask Task), (DateTimeOffset At, bool Running)> _tasks = new();

    public void Began(Guid connectionId, ConnectionTask task) => _tasks[(connectionId, task)] = (clock.GetUtcNow(), true);

    public void Ended(Guid connectionId, ConnectionTask task) => _tasks[(connectionId, task)] = (clock.GetUtcNow(), false);

    /// <summary>The latest first.</summary>
    public IReadOnlyList<TaskSeen> Seen() =>
        [.. _tasks.Select(pair => new TaskSeen(pair.Key.Connection, pair.Key.Task, pair.Value.At, pair.Value.Running)).OrderByDescending(task => task.At)];
}

/// <summary>A recurring task of a connection; <see cref="Guid.Empty"/> for what concerns all.</summary>
internal sealed record TaskSeen(Guid ConnectionId, ConnectionTask Task, DateTimeOffset At, bool Running);
