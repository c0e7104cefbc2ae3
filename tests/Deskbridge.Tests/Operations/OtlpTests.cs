using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Data;
using Deskbridge.Telemetry;
using Deskbridge.Tests.Stories;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Deskbridge.Tests.Operations;

public sealed class OtlpTests
{
    [Fact]
    public async Task Collector_GetsMetricsAndTheSpansOfAPoll()
    {
        await using var collector = await Collector.StartAsync();
        await using (var world = await StoryWorld.StartAsync(options => options with
        {
            Configuration = new Dictionary<string, string?> { [OtlpSettings.Endpoint] = collector.Address.ToString(), [OtlpSettings.Headers] = "x-team=night" },
        }))
        {
            var ticket = await world.PostTicketAsync("Zebrafish tank leaks");
            await world.PollAsync();
            await StoryWorld.EventuallyAsync("the page is recorded", async () => await world.Get<HubStore>().ReadAsync(db => db.Pages.AnyAsync(page => page.State == PageState.Accepted), default));
            await StoryWorld.EventuallyAsync("the ticket is marked", async () => await world.FieldAsync(ticket, "Signl4Retrieved_c") == "true");
        }

        var traces = collector.Of("/v1/traces");
        var metrics = collector.Of("/v1/metrics");
        Assert.All(["poll", "ticket", "page", "write", "call", "deskbridge"], name => Assert.Contains(name, traces, StringComparison.Ordinal));
        Assert.All(["deskbridge.alerts", "deskbridge.page.attempts", "deskbridge.connection.lag"], name => Assert.Contains(name, metrics, StringComparison.Ordinal));
        Assert.DoesNotContain("Zebrafish", traces + metrics, StringComparison.Ordinal);
        Assert.Contains("night", collector.Teams);
    }

    [Theory]
    [InlineData("collector:4318", null, OtlpSettings.Endpoint)]
    [InlineData("http://collector:4318", "http/json", OtlpSettings.Protocol)]
    public void Setting_ThatMakesNoSense_IsRefusedAndNamed(string endpoint, string? protocol, string named)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [OtlpSettings.Endpoint] = endpoint, [OtlpSettings.Protocol] = protocol }).Build();

        Assert.Contains(named, Assert.Throws<StartRefusedException>(() => OtlpSettings.AreSet(configuration)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithoutACollector_NothingOfTheLibraryIsLoaded()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Reads the process's maps, which only Linux shows.");
        await using var hub = await HubProcess.StartAsync();

        var maps = await File.ReadAllTextAsync($"/proc/{hub.Id.ToString(CultureInfo.InvariantCulture)}/maps", TestContext.Current.CancellationToken);

        Assert.Contains("Microsoft.EntityFrameworkCore.dll", maps, StringComparison.Ordinal);
        Assert.DoesNotContain("OpenTelemetry", maps, StringComparison.Ordinal);
    }

    private sealed class Collector(WebApplication app) : IAsyncDisposable
    {
        private readonly ConcurrentBag<(string Path, string Body)> _got = [];

        public ConcurrentBag<string> Teams { get; } = [];

        public Uri Address => new(app.Urls.First());

        public static async Task<Collector> StartAsync()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var collector = new Collector(app);
            app.Run(collector.TakeAsync);
            await app.StartAsync();
            return collector;
        }

        public string Of(string path) => string.Concat(_got.Where(request => request.Path == path).Select(request => request.Body));

        public ValueTask DisposeAsync() => app.DisposeAsync();

        private async Task TakeAsync(HttpContext http)
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            _got.Add((http.Request.Path, Encoding.Latin1.GetString(body.ToArray())));
            Teams.Add(http.Request.Headers["x-team"].ToString());
            http.Response.ContentType = "application/x-protobuf";
        }
    }
}
