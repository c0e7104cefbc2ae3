using System.Globalization;
using System.Runtime.CompilerServices;
using Deskbridge.Connectors.Http;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Doctor;

/// <summary>The running hub, when one runs: whether it is ready, whether connections were read lately, and which alarms of its own are open.</summary>
internal static class HubChecks
{
    private const string Area = "Hub";
    private static readonly TimeSpan ReadLately = TimeSpan.FromMinutes(10);

    public static async IAsyncEnumerable<Finding> RunAsync(
        IServiceProvider services, DataFolder folder, TimeProvider clock, [EnumeratorCancellation] CancellationToken cancel)
    {
        var store = services.GetRequiredService<HubStore>();
        var holder = InstanceLease.Holds(folder);
        if (holder is null) yield return Finding.Warning(Area, "Runs", "No hub runs on this folder, so nobody is paged.", "Start it: deskbridge serve, or systemctl start deskbridge.");
        else yield return await ReadyAsync(holder, cancel);

        var alarms = await services.GetRequiredService<ConnectionFindings>().ReadAllAsync(cancel);
        if (alarms.Count == 0) yield return Finding.Well(Area, "Alarms", "The hub has no open alert of its own.");
        foreach (var alarm in alarms) yield return Finding.Failed(Area, $"Alarm of {alarm.Connection}", $"{alarm.Finding.Title}. {alarm.Finding.Text}", "Mend what the alarm names; it closes by itself.");

        var told = await store.ReadAsync(
            db => (from connection in db.Connections
                   where connection.State == ConnectionState.Active
                   join health in db.ConnectionHealth on connection.Id equals health.ConnectionId
                   orderby connection.Name
                   select new { connection.Name, Health = health }).ToListAsync(cancel),
            cancel);
        foreach (var one in told)
        {
            foreach (var notice in HealthNotices.Of(one.Health, clock.GetUtcNow())) yield return Finding.Warning(Area, $"{notice.About} of {one.Name}", notice.Message, notice.Fix);
        }

        if (holder is null) yield break;
        var steps = await store.ReadAsync(db => db.LateStepsAsync(clock.GetUtcNow(), cancel), cancel);
        yield return steps == 0
            ? Finding.Well(Area, "Escalation", "No escalation step is overdue.")
            : Finding.Failed(Area, "Escalation", $"{steps} escalation steps are overdue by more than a minute: people who should be paged are not.", "The hub's log says why. Restart the hub, and escalate by hand meanwhile.");
        var reads = await store.ReadAsync(
            db => (from connection in db.Connections
                   where connection.State == ConnectionState.Active
                   join health in db.ConnectionHealth on connection.Id equals health.ConnectionId into found
                   from health in found.DefaultIfEmpty()
                   orderby connection.Name
                   select new Read(connection.Name, health.LastReadAt, health.Failure)).ToListAsync(cancel),
            cancel);
        foreach (var read in reads) yield return LastRead(read, clock.GetUtcNow());
    }

    /// <summary>Instants that the hub wrote and this machine's clock must fit: what lies ahead was written before the clock was set back.</summary>
    public static async Task<Finding> ClockAsync(IServiceProvider services, TimeProvider clock, CancellationToken cancel)
    {
        var latest = await services.GetRequiredService<HubStore>().ReadAsync(
            async db => new[]
            {
                await db.Probes.MaxAsync(probe => (DateTimeOffset?)probe.At, cancel),
                await db.ConnectionHealth.MaxAsync(health => health.LastReadAt, cancel),
                await db.Alerts.MaxAsync(alert => (DateTimeOffset?)alert.ChangedAt, cancel),
            }.Max(),
            cancel);
        return Clock(latest, clock.GetUtcNow());
    }

    internal static Finding Clock(DateTimeOffset? latest, DateTimeOffset now) => latest - now > TimeSpan.FromSeconds(60)
        ? Finding.Failed(
            Area, "Clock", $"This machine's clock shows {now:u}, but the hub wrote something at {latest:u}: the clock was set back. Repeats and retries that are due wait until it has caught up.",
            "Set the clock right (timedatectl set-ntp true). When it is right now and was wrong before, nothing is to be done but wait.")
        : Finding.Well(Area, "Clock", "This machine's clock is not behind what the hub wrote.");

    internal static Finding LastRead(Read read, DateTimeOffset now) => read.At is { } at && now - at <= ReadLately
        ? Finding.Well(Area, $"Last read of {read.Connection}", $"{(int)Math.Max(0, (now - at).TotalSeconds)} seconds ago.")
        : Finding.Failed(
            Area, $"Last read of {read.Connection}",
            (read.At is { } last ? $"{((int)(now - last).TotalMinutes).ToString(CultureInfo.InvariantCulture)} minutes ago." : "Never.") + (read.Failure is { } failure ? $" {failure}" : ""),
            "See the checks of the connection below; the connection's page tells more.");

    private static async Task<Finding> ReadyAsync(Holder holder, CancellationToken cancel)
    {
        var who = $"process {holder.ProcessId} at {holder.Address}, since {holder.Since:u}";
        if (holder.LocalAddress is not { } address)
            return Finding.Warning(Area, "Runs", $"The folder is held by {who}, which is no hub.", "Wait until that command has ended.");
        using var http = new HttpClient(new ConnectFailureHandler(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false })) { Timeout = TimeSpan.FromSeconds(15) };
        try
        {
            using var answer = await http.GetAsync(new Uri(address, "/health/ready"), cancel);
            return answer.IsSuccessStatusCode
                ? Finding.Well(Area, "Runs", $"It runs and is ready: {who}.")
                : Finding.Failed(Area, "Runs", $"It runs but is not ready: {who}.", "Its database takes no writes, or a loop is stuck; the page Health and the log say which. When nothing else helps, restart the hub.");
        }
        catch (Exception failure) when (failure is HttpRequestException || (failure is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return Finding.Failed(Area, "Runs", $"It holds the folder but does not answer: {who}. {failure.Message}", "It starts, ends or hangs. Look again in a minute; then restart it and keep its log.");
        }
    }

    /// <summary>When a connection was read to the end last.</summary>
    internal sealed record Read(string Connection, DateTimeOffset? At, string? Failure);
}
