using Deskbridge.Core.Connections;

namespace Deskbridge.Core.Nodes;

/// <summary>A hub on a shared database, as it last wrote of itself.</summary>
public sealed class Node
{
    /// <summary>Id; see <see cref="Data.ThisNode"/>.</summary>
    public required Guid Id { get; init; }

    /// <summary>The machine's name.</summary>
    public required string Name { get; set; }

    /// <summary>Where it answers.</summary>
    public string Address { get; set; } = "";

    /// <summary>Version of its program.</summary>
    public string Version { get; set; } = "";

    /// <summary>When it started.</summary>
    public required DateTimeOffset StartedAt { get; set; }

    /// <summary>Its last sign of life.</summary>
    public required DateTimeOffset SeenAt { get; set; }

    /// <summary>What it does, as JSON (<see cref="NodeWork"/>).</summary>
    public string Work { get; set; } = "{}";
}

/// <summary>What a hub says of its work.</summary>
/// <param name="Tasks">Recurring tasks that it ran, each with the last time.</param>
/// <param name="CallsLastMinute">Calls to remote systems.</param>
/// <param name="ClockOffMs">The database server's clock minus this machine's.</param>
/// <param name="RepeatedWrites">Transactions that met another and ran again, since the start.</param>
public sealed record NodeWork(IReadOnlyList<NodeTask> Tasks, int CallsLastMinute, long ClockOffMs, long RepeatedWrites);

/// <summary>A recurring task of a connection.</summary>
/// <param name="ConnectionId">The connection; empty for what concerns all.</param>
/// <param name="Task">Poll, Rules, Callbacks, Sweep or Watch.</param>
/// <param name="At">When it was run last.</param>
/// <param name="Running">It runs now.</param>
public sealed record NodeTask(Guid ConnectionId, string Task, DateTimeOffset At, bool Running)
{
    /// <summary>Those of this process.</summary>
    internal static IReadOnlyList<NodeTask> Of(TaskLog log) => [.. log.Seen().Select(task => new NodeTask(task.ConnectionId, task.Task.ToString(), task.At, task.Running))];
}
