using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Operations;
using Deskbridge.Features.Connections;

namespace Deskbridge.Features.Health;

/// <summary>What is wrong, and where it is mended.</summary>
internal sealed record HealthProblem(HealthGravity Gravity, string Message, string? Fix = null, string? FixAt = null);

/// <summary>How bad a problem is.</summary>
internal enum HealthGravity
{
    /// <summary>Something could be better.</summary>
    Notice,

    /// <summary>A page may reach nobody, for a reason that lies with people: who is on duty, which team is chosen.</summary>
    Attention,

    /// <summary>The hub does not do its work. The heartbeat stops.</summary>
    Broken,
}

/// <summary>Judges what was seen. Pure.</summary>
internal static class HealthProblems
{
    /// <summary>Less free space than this is a problem, bytes.</summary>
    private const long LeastFree = 500L * 1024 * 1024;

    public static IEnumerable<HealthProblem> Of(DatabasePicture database)
    {
        if (!database.Writer.Writable) yield return new(HealthGravity.Broken, $"The database takes no writes: nothing can be recorded, so nobody is paged. {database.Writer.Message}");
        if (database.FreeBytes < LeastFree) yield return new(HealthGravity.Broken, $"Only {database.FreeBytes / 1024 / 1024} MB are free where the data folder is. Make room before the database stops.");
    }

    public static IEnumerable<HealthProblem> Of(IReadOnlyList<PumpState> pumps) =>
        from pump in pumps
        where pump.Stuck
        select new HealthProblem(HealthGravity.Broken, $"The hub has stopped {pump.Work}: nothing was heard of that for {ConnectionFace.Minutes(pump.SinceBeat)} minutes. Restart the hub, and keep its log.");

    public static IEnumerable<HealthProblem> Of(PagerHealth pager)
    {
        if (pager.Late > 0) yield return new(HealthGravity.Broken, $"{pager.Late} pages are more than two minutes late. Look at the pages of the open alerts for the provider's answers.", "Open alerts", "/alerts");
        if (pager.StepsLate > 0) yield return new(HealthGravity.Broken, $"{(pager.StepsLate == 1 ? "1 escalation step is" : $"{pager.StepsLate} escalation steps are")} overdue by more than a minute. The hub's log says why; escalate by hand meanwhile.", "Open alerts", "/alerts");
        if (pager.Unattended > 0) yield return new(HealthGravity.Attention, $"{(pager.Unattended == 1 ? "1 open alert could page nobody. It pages" : $"{pager.Unattended} open alerts could page nobody. They page")} as soon as somebody with a channel comes on duty.", "Open duty", "/duty");
        if (pager.FailedToday > 0) yield return new(HealthGravity.Notice, $"{pager.FailedToday} pages failed for good in the last 24 hours. The alerts say why; test the channels they went by.", "Open alerts", "/alerts?status=all");
    }

    public static IEnumerable<HealthProblem> Of(ConnectionPicture picture, TimeSpan silence, DateTimeOffset now)
    {
        var (connection, queue) = (picture.Connection, picture.Queue);
        var at = $"/connections/{connection.Id}";
        if (connection.SecretsLost)
            yield return new(connection.State == ConnectionState.Active ? HealthGravity.Broken : HealthGravity.Attention, $"{connection.Name}: the stored secrets cannot be read. Enter them again.", "Enter them", at + "/settings");
        if (connection.State != ConnectionState.Active) yield break;
        if (connection.Health.Failure is { } failure)
            yield return new(StandingOf(connection, silence, now) == HealthStatus.Failing ? HealthGravity.Broken : connection.Health.FailingSince is null ? HealthGravity.Notice : HealthGravity.Attention, $"{connection.Name}: {failure}", "Open the connection", at);
        else if (connection.Health.LastReadAt is { } read && now - read > silence)
            yield return new(HealthGravity.Broken, $"{connection.Name}: nothing was read since {ConnectionFace.Minutes(now - read)} minutes. Run Test to see why.", "Open the connection", at);
        if (picture.RulesRefused is { } refused)
            yield return new(HealthGravity.Attention, $"{connection.Name}: the rules were changed in {connection.KindName} and cannot be used. {refused}", "Open the connection", at);
        if (connection.CustomFields == CustomFieldMode.Unrestored)
        {
            yield return new(
                HealthGravity.Attention, $"{connection.Name}: writing a part of the custom fields emptied others, and putting them back failed. The events name the ticket and hold the values.",
                "Open the events", $"/events?connection={connection.Id}&kind=custom-fields");
        }

        foreach (var notice in HealthNotices.Of(connection.Health, now)) yield return new(HealthGravity.Notice, $"{connection.Name}: {notice.Message} {notice.Fix}", "Open the connection", at);
        foreach (var trouble in picture.Access) yield return new(HealthGravity.Attention, $"{connection.Name}: {trouble}", "Look at the rights", at + "/rights");
        if (connection.RuleChangeHeld) yield return new(HealthGravity.Notice, $"{connection.Name}: changed rules wait for a confirmation.", "Look at the change", at);
        if (queue is { Missing: > 0 and var missing }) yield return new(HealthGravity.Notice, $"{connection.Name}: {(missing == 1 ? "1 ticket is not found any more. Say whether it was" : $"{missing} tickets are not found any more. Say whether they were")} deleted.", "Look at them", at);
        if (queue.OldestSince is { } oldest && now - oldest > silence)
            yield return new(HealthGravity.Broken, $"{connection.Name}: {queue.Tickets} tickets wait, the oldest since {ConnectionFace.Minutes(now - oldest)} minutes.", "Open the connection", at);
    }

    /// <summary>The hub's own open alerts: each names what is to be mended, and closes when that is done.</summary>
    public static IEnumerable<HealthProblem> Of(IEnumerable<NamedFinding> findings) =>
        from named in findings
        select new HealthProblem(HealthGravity.Attention, $"{named.Connection}: {named.Finding.Title}", "Open the alert", $"/alerts/{named.Finding.AlertId}");

    public static IEnumerable<HealthProblem> Of(IReadOnlyList<ConnectionView> known, IReadOnlyList<TeamView> teams)
    {
        foreach (var connection in known.Where(connection => connection is { State: ConnectionState.Active, TeamId: null }))
            yield return new(HealthGravity.Attention, $"{connection.Name}: no team is chosen, so its alerts page nobody but the administrators.", "Choose a team", $"/connections/{connection.Id}/settings");
        foreach (var team in teams.Where(team => known.Any(connection => connection.State == ConnectionState.Active && connection.TeamId == team.Id)))
        {
            if (!team.Manned) yield return new(HealthGravity.Attention, $"{team.Name}: nobody is on duty.", "Open duty", "/duty");
            foreach (var member in team.Members.Where(member => member.OnDutySince is not null && member.Channels == 0))
                yield return new(HealthGravity.Attention, $"{team.Name}: {member.Name} is on duty without a channel and cannot be paged.", "Open duty", "/duty");
        }
    }

    /// <summary>How a connection is doing, by the bound after which silence is an alarm.</summary>
    public static HealthStatus StandingOf(ConnectionView connection, TimeSpan silence, DateTimeOffset now)
    {
        var health = connection.Health;
        if (connection.State != ConnectionState.Active) return HealthStatus.Ok;
        if (now - health.LastReadAt > silence || now - health.FailingSince > silence) return HealthStatus.Failing;
        return health.BreakerOpenUntil > now || health.Failure is not null ? HealthStatus.Degraded : HealthStatus.Ok;
    }
}
