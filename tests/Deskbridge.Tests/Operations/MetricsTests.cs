using System.Net;
using Deskbridge.Access;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Directory;
using Deskbridge.Telemetry;
using Deskbridge.Testing;
using Deskbridge.Tests.Stories;
using Xunit;

namespace Deskbridge.Tests.Operations;

public sealed class MetricsTests : IDisposable
{
    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-metrics-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Metrics_NeedAToken()
    {
        await using var world = await HubWorld.StartAsync(_folder);
        using var stranger = world.Stranger();
        using var viewer = await world.ProgramAsync(PersonRole.Viewer);

        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("/metrics")).StatusCode);
        using var answer = await viewer.GetAsync("/metrics");
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.Contains("deskbridge_build_info{version=", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("metrics", HttpStatusCode.OK)]
    [InlineData("read", HttpStatusCode.OK)]
    [InlineData("alerts", HttpStatusCode.Forbidden)]
    public async Task Token_ReadsThem_WithTheScopeForIt(string scope, HttpStatusCode answer)
    {
        await using var world = await HubWorld.StartAsync(_folder);
        using var collector = await world.ProgramAsync(PersonRole.Viewer, Scopes.Parse([scope])!.Value);

        Assert.Equal(answer, (await collector.GetAsync("/metrics")).StatusCode);
        Assert.Equal(scope == "read" ? HttpStatusCode.OK : HttpStatusCode.Forbidden, (await collector.GetAsync("/api/v1/people")).StatusCode);
    }

    [Fact]
    public async Task Metrics_AreOpenToListedAddresses_AndToNoOthers()
    {
        await using var world = await HubWorld.StartAsync(_folder, configuration: new Dictionary<string, string?> { [MetricsAccess.Setting] = "127.0.0.1, 10.1.0.0/16" });
        using var listed = new Visitor(world.Hub.Address, "10.1.2.3");
        using var other = new Visitor(world.Hub.Address, "10.2.2.3");

        Assert.Equal(HttpStatusCode.OK, (await listed.GetAsync("/metrics")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.GetAsync("/metrics")).StatusCode);
    }

    [Fact]
    public void AllowList_WithATypo_IsRefusedAndNamed() =>
        Assert.Contains("10.0.0.300", Assert.Throws<StartRefusedException>(() => AddressList.Read(MetricsAccess.Setting, "127.0.0.1,10.0.0.300")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task MainJob_IsCounted_WithoutAWordOfTheTicket()
    {
        await using var world = await StoryWorld.StartAsync(options => options with { Configuration = new Dictionary<string, string?> { [MetricsAccess.Setting] = "127.0.0.1" } });
        var ticket = await world.PostTicketAsync("Zebrafish tank leaks at Harborview");
        await world.PollAsync();
        await StoryWorld.EventuallyAsync("the ticket is marked", async () => await world.FieldAsync(ticket, "Signl4Retrieved_c") == "true");
        var alert = await world.AlertAsync(ticket);
        StoryWorld.Value(await world.Get<AcknowledgeAlert>().RunAsync(alert.Id, world.Dana, default));
        await StoryWorld.EventuallyAsync("the marker follows", async () => await world.FieldAsync(ticket, "Signl4Status_c") == "Acknowledged");

        using var http = new HttpClient(new SocketsHttpHandler());
        var text = "";
        await StoryWorld.EventuallyAsync("everything is counted", async () =>
        {
            text = await http.GetStringAsync(new Uri(world.Hub.Address, "/metrics"));
            return text.Contains("kind=\"schedule\",state=\"confirmed\"} 1", StringComparison.Ordinal);
        });

        string[] expected =
        [
            "deskbridge_alerts_total{event=\"raised\"} 1", "deskbridge_alerts_total{event=\"acknowledged\"} 1", "deskbridge_alert_paged_seconds_count 1", "deskbridge_alert_acknowledged_seconds_count 1",
            "deskbridge_page_attempts_total{channel=\"ntfy\",outcome=\"accepted\"} 1", "deskbridge_alerts_current{status=\"acknowledged\"} 1",
            $"deskbridge_connection_info{{connection=\"{world.ConnectionId}\",name=\"Northbridge PSA\",kind=\"connectwise-psa\",state=\"active\"}} 1",
            $"deskbridge_connection_breaker{{connection=\"{world.ConnectionId}\"}} 0", $"deskbridge_budget_limit{{connection=\"{world.ConnectionId}\"}} 100000", "deskbridge_page_oldest_seconds 0",
        ];
        Assert.All(expected, line => Assert.Contains(line + "\n", text, StringComparison.Ordinal));
        string[] families =
        [
            "deskbridge_remote_calls_total", "deskbridge_remote_call_duration_seconds_bucket", "deskbridge_tickets_total", "deskbridge_transaction_duration_seconds_bucket", "deskbridge_transaction_wait_seconds_bucket",
            "deskbridge_jobs_total", "deskbridge_connection_lag_seconds", "deskbridge_pump_idle_seconds", "deskbridge_disk_free_bytes", "process_cpu_seconds_total", "process_resident_memory_bytes",
        ];
        Assert.All(families, family => Assert.Contains("\n" + family, text, StringComparison.Ordinal));
        Assert.Equal(!TestDatabase.OnPostgres, text.Contains("\ndeskbridge_database_size_bytes", StringComparison.Ordinal));
        Assert.DoesNotContain("Zebrafish", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Dana", text, StringComparison.Ordinal);
    }
}
