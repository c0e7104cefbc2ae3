using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Sync;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Deskbridge.Core.Tests.Alerting;

/// <summary>A team with one engineer on duty who has an ntfy topic on a provider that we watch, and a linked ticket.</summary>
internal sealed class PagerWorld : IAsyncDisposable
{
    private PagerWorld(TestStore test, HttpSink sink)
    {
        Test = test;
        Sink = sink;
        Team = Build.Team("Night");
        Mia = Build.Person("Mia Chen");
        Phone = Build.Channel(Mia, ChannelKind.Ntfy, sink.Url + "/mia");
        Connection = Build.Connection(Team);
        Ticket = Build.Ticket(Connection);
        Link = Build.Link(Ticket);
    }

    public TestStore Test { get; }

    public HttpSink Sink { get; }

    public Team Team { get; }

    public Person Mia { get; }

    public Channel Phone { get; }

    public Connection Connection { get; }

    public Ticket Ticket { get; }

    public Link Link { get; }

    public static async Task<PagerWorld> StartAsync(bool onDuty = true, Team? team = null, Action<IServiceCollection>? more = null)
    {
        var test = await TestStore.CreateAsync(services =>
        {
            services.AddAlerting();
            more?.Invoke(services);
        });
        var world = new PagerWorld(test, await HttpSink.StartAsync());
        world.Team.RepeatMinutes = team?.RepeatMinutes ?? world.Team.RepeatMinutes;
        world.Team.MaxRepeats = team?.MaxRepeats ?? world.Team.MaxRepeats;
        await test.AddAsync(world.Team, world.Mia, world.Phone, Build.Member(world.Team, world.Mia), world.Connection, world.Ticket, world.Link);
        await test.AddAsync(new Setting { Key = SettingKeys.PublicUrl, Value = "https://hub.example.test" });
        if (onDuty) await test.AddAsync(Build.Duty(world.Team, world.Mia));
        return world;
    }

    /// <summary>Raises the alert of the ticket as the engine does.</summary>
    public async Task<Alert> RaiseAsync(string title = "Server room too warm")
    {
        var alert = Build.Alert(Connection, Link, title: title);
        await Test.Store.WriteAsync(
            async db =>
            {
                db.Alerts.Add(alert);
                await Test.Get<PagePlanner>().BeginEpisodeAsync(db, alert, Test.Time.GetUtcNow(), default);
            },
            default);
        return alert;
    }

    /// <summary>Raises an alert of the hub itself.</summary>
    public Task RaiseHubAlertAsync(string title) =>
        Test.Store.WriteAsync(
            db => Test.Get<HubAlerts>().RaiseAsync(db, Connection.Id, title, title, "", Test.Time.GetUtcNow(), default), default);

    public Task<int> SendAsync() => Test.Get<PageSender>().RunOnceAsync(default);

    /// <summary>Lets time pass second by second, as the worker sees it.</summary>
    public async Task PassAsync(TimeSpan span, TimeSpan? step = null)
    {
        var stride = step ?? TimeSpan.FromSeconds(5);
        for (var passed = TimeSpan.Zero; passed < span; passed += stride)
        {
            Test.Time.Advance(stride);
            await SendAsync();
        }
    }

    public Task<List<Page>> PagesAsync(Alert alert) =>
        Test.ReadAsync(db => db.Pages.Where(p => p.AlertId == alert.Id).OrderBy(p => p.Episode).ThenBy(p => p.Repeat).ToListAsync());

    public Task<Alert> ReloadAsync(Alert alert) => Test.ReadAsync(db => db.Alerts.SingleAsync(a => a.Id == alert.Id));

    public Task<List<string>> TimelineAsync(Alert alert) =>
        Test.ReadAsync(db => db.AlertEvents.Where(e => e.AlertId == alert.Id).OrderBy(e => e.Order).Select(e => e.Kind).ToListAsync());

    public async ValueTask DisposeAsync()
    {
        await Test.DisposeAsync();
        await Sink.DisposeAsync();
    }
}

/// <summary>A process that dies at a named place, as far as a test can do that: the pass ends there with nothing further done.</summary>
internal sealed class DiesAt(string name)
{
    private bool _armed = true;

    /// <summary>Puts it in the place of the failpoints that do nothing.</summary>
    public void Replace(IServiceCollection services) => services.AddSingleton(Failpoints);

    private Failpoints Failpoints => new(place =>
    {
        if (!_armed || place != name) return;
        _armed = false;
        throw new ProcessDiedException($"The process died at {name}.");
    });
}

internal sealed class ProcessDiedException(string message) : Exception(message);
