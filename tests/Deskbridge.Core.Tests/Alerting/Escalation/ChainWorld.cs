using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Directory;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting.Escalation;

/// <summary>A team with Mia on duty, Ben off duty, their chief Lea in no team, and a second team in which Otto is on duty; all have phones.</summary>
internal sealed class ChainWorld : IAsyncDisposable
{
    private ChainWorld(PagerWorld pager)
    {
        Pager = pager;
        (Ben, Lea, Otto, Network) = (Build.Person("Ben"), Build.Person("Lea"), Build.Person("Otto"), Build.Team("Network"));
    }

    public PagerWorld Pager { get; }

    public Person Mia => Pager.Mia;

    public Person Ben { get; }

    public Person Lea { get; }

    public Person Otto { get; }

    public Team Network { get; }

    public static Person Dispatcher { get; } = Build.Person("Dana", PersonRole.Dispatcher);

    public static async Task<ChainWorld> StartAsync(int maxRepeats = 0, bool onDuty = true, Action<IServiceCollection>? more = null)
    {
        var world = new ChainWorld(await PagerWorld.StartAsync(onDuty, Build.Team(maxRepeats: maxRepeats), more));
        await world.Pager.Test.AddAsync(
            world.Ben, world.Lea, world.Otto, world.Network, Build.Member(world.Pager.Team, world.Ben), Build.Member(world.Network, world.Otto), Build.Duty(world.Network, world.Otto),
            world.Phone(world.Ben), world.Phone(world.Lea), world.Phone(world.Otto));
        return world;
    }

    /// <summary>On duty at once, after 10 minutes everybody, after 15 more the chief, after 5 more the other team.</summary>
    public Task SetWholeAsync() => SetAsync(Duty, Everybody(10), Named(15, Lea), Other(5, Network));

    public async Task SetAsync(params ChainStep[] steps)
    {
        var set = await Get<SetEscalation>().RunAsync(Pager.Team.Id, steps, null, Dispatcher, default);
        Assert.True(set.Failure is null, set.Failure?.Message);
    }

    public static ChainStep Duty { get; } = ChainStep.Of(StepAudience.Duty);

    public static ChainStep Everybody(int wait) => ChainStep.Of(StepAudience.Everybody, wait);

    public static ChainStep Named(int wait, params Person[] people) => new(wait, StepAudience.People, [.. people.Select(person => person.Id)], null);

    public static ChainStep Other(int wait, Team team) => new(wait, StepAudience.Team, [], team.Id);

    public Channel Phone(Person person) => Build.Channel(person, ChannelKind.Ntfy, $"{Pager.Sink.Url}/{person.Name.ToLowerInvariant()}");

    /// <summary>Whose phones rang so far, in their order; those that rang together by name.</summary>
    public string Rang => string.Join(' ', Pager.Sink.Arrivals.Select(arrival => Topics.Single(topic => arrival.Body.Contains($"\"topic\":\"{topic}\"", StringComparison.Ordinal))));

    private string[] Topics { get; } = ["mia", "ben", "lea", "otto", "admin"];

    public Task MinutesAsync(int minutes) => Pager.PassAsync(TimeSpan.FromMinutes(minutes), TimeSpan.FromSeconds(30));

    /// <summary>Raises the alert and lets the pages of its first step go.</summary>
    public async Task<Alert> RaiseAsync()
    {
        var alert = await Pager.RaiseAsync();
        await Pager.SendAsync();
        return alert;
    }

    public Task<List<string>> LinesAsync(Alert alert, params string[] kinds) => Pager.Test.ReadAsync(db =>
        db.AlertEvents.Where(line => line.AlertId == alert.Id && kinds.Contains(line.Kind)).OrderBy(line => line.Order).Select(line => line.Message).ToListAsync());

    public Task<DueStep?> NextAsync(Alert alert) => Pager.Test.ReadAsync(db => db.DueSteps.SingleOrDefaultAsync(step => step.AlertId == alert.Id));

    public T Get<T>()
        where T : notnull => Pager.Test.Get<T>();

    public async Task PunchAsync(bool goesIn, Person person, Team? team = null)
    {
        var id = (team ?? Pager.Team).Id;
        Assert.Null(goesIn ? (await Get<PunchIn>().RunAsync(id, person.Id, person, default)).Failure : (await Get<PunchOut>().RunAsync(id, person.Id, person, default)).Failure);
    }

    public ValueTask DisposeAsync() => Pager.DisposeAsync();
}
