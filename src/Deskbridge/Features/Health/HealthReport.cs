using Deskbridge.Core.Connections;
using Deskbridge.Core.Operations;

namespace Deskbridge.Features.Health;

/// <summary>How something is doing; the worst one counts.</summary>
internal enum HealthStatus
{
    Ok,

    /// <summary>It works, but something failed lately and is tried again.</summary>
    Degraded,

    /// <summary>It does not do its work.</summary>
    Failing,
}

/// <summary>
/// How the hub is doing. <paramref name="Status"/> is the worst of the database, the loops and the active connections;
/// <paramref name="Problems"/> say in words what is wrong, worst first. <paramref name="Tables"/> are counted when somebody looks, at most once an hour; null until the first count is done.
/// </summary>
internal sealed record HubHealthReport(
    HealthStatus Status, DateTimeOffset At, DatabaseStatus Database, TableCount? Tables, IReadOnlyList<LoopStatus> Loops, QueueLengths Queues, PagerHealth Pager,
    IReadOnlyList<ConnectionHealthReport> Connections, IReadOnlyList<ProblemReport> Problems)
{
    public static HubHealthReport Of(HealthPicture seen)
    {
        var database = new DatabaseStatus(seen.Database.Writer.Writable ? HealthStatus.Ok : HealthStatus.Failing, seen.Database.Writer.Message, seen.Database.Bytes, seen.Database.FreeBytes);
        var loops = seen.Pumps.Select(LoopStatus.Of).ToList();
        var connections = seen.Connections.Select(picture => ConnectionHealthReport.Of(picture, seen)).ToList();
        var queues = new QueueLengths(connections.Sum(c => c.Wakes), connections.Sum(c => c.Effects), seen.Pager.Due, seen.Details);
        return new HubHealthReport(
            connections.Select(connection => connection.Status).Concat(loops.Select(loop => loop.Status)).Append(database.Status).Max(),
            seen.At, database, seen.Tables, loops, queues, seen.Pager, connections,
            [.. seen.Problems.OrderByDescending(problem => problem.Gravity).Select(problem => new ProblemReport(problem.Gravity, problem.Message))]);
    }
}

/// <summary>The database; sizes in bytes.</summary>
internal sealed record DatabaseStatus(HealthStatus Status, string Message, long Bytes, long FreeBytes);

/// <summary>A loop that does a part of the hub's work, and how long ago it was heard of.</summary>
internal sealed record LoopStatus(Pump Name, HealthStatus Status, double IdleSeconds)
{
    public static LoopStatus Of(PumpState pump) => new(pump.Pump, pump.Stuck ? HealthStatus.Failing : HealthStatus.Ok, Math.Round(pump.SinceBeat.TotalSeconds, 1));
}

/// <summary>Work that waits: tickets to look at, writes not settled, pages due, details to read.</summary>
internal sealed record QueueLengths(int Wakes, int Effects, int Pages, int Details);

/// <summary>Something that is wrong, in words.</summary>
internal sealed record ProblemReport(HealthGravity Gravity, string Message);

/// <summary>
/// How a connection is doing. <paramref name="LagSeconds"/> is how long ago the last read came to its end; null when it is not active or has not
/// read yet. <paramref name="CallsPerMinute"/> is the budget that <paramref name="Calls"/> use.
/// </summary>
internal sealed record ConnectionHealthReport(
    Guid Id, string Name, string Kind, ConnectionState State, HealthStatus Status,
    DateTimeOffset? LastReadAt, DateTimeOffset? LastWriteAt, DateTimeOffset? LastCallbackAt, double? LagSeconds,
    DateTimeOffset? FailingSince, string? Failure, bool BreakerOpen, DateTimeOffset? BreakerOpenUntil,
    string Callbacks, bool RuleChangeHeld, int Wakes, int Effects, int CallsPerMinute, CallUsage Calls)
{
    public static ConnectionHealthReport Of(ConnectionPicture picture, HealthPicture seen)
    {
        var (connection, queue, health) = (picture.Connection, picture.Queue, picture.Connection.Health);
        var lag = connection.State == ConnectionState.Active && health.LastReadAt is { } read ? seen.At - read : (TimeSpan?)null;
        var breakerOpen = health.BreakerOpenUntil > seen.At;
        return new ConnectionHealthReport(
            connection.Id, connection.Name, connection.Kind, connection.State, HealthProblems.StandingOf(connection, seen.Silence, seen.At),
            health.LastReadAt, health.LastWriteAt, health.LastCallbackAt, lag is { } behind ? Math.Round(behind.TotalSeconds, 1) : null,
            health.FailingSince, health.Failure, breakerOpen, breakerOpen ? health.BreakerOpenUntil : null,
            health.Callbacks, connection.RuleChangeHeld, queue.Tickets, queue.Writes + queue.InDoubt + queue.Retries, picture.CallsPerMinute, picture.Calls);
    }
}
