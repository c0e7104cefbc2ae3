using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deskbridge.Access;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Runs;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Nodes;
using Deskbridge.Core.Sync;
using Deskbridge.Testing;
using Deskbridge.Tests.Stories;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Tests.Nodes;

/// <summary>Hubs that share a database act as one.</summary>
public sealed class SeveralHubsTests(SharedHubs hubs) : IClassFixture<SharedHubs>
{
    [Fact]
    public async Task Nodes_ShowWhoLivesAndWhoDoesWhat()
    {
        var id = await InstalledAsync();
        using var program = await ProgramAsync(hubs.One);
        JsonArray nodes = [];
        await StoryWorld.EventuallyAsync("both hubs live, and one of them reads the connection", async () =>
        {
            nodes = (await Visitor.JsonAsync(await program.GetAsync("/api/v1/nodes")))["items"]!.AsArray();
            return nodes.Count(node => (bool)node!["alive"]!) == 2 && nodes.Any(node => node!["tasks"]!.AsArray().Any(task => (string?)task!["task"] == "Poll" && task["connection"] is not null));
        });

        Assert.True((bool)nodes[0]!["isThis"]!);
        Assert.Equal(hubs.One.Address.ToString().TrimEnd('/'), (string?)nodes[0]!["address"]);
        using var browser = new Visitor(hubs.Two.Address, "10.1.0.3");
        await browser.SignInAsync((await PersonAsync(hubs.One)).Email, HubHost.Password);
        Assert.Contains("2 hubs share the database", await browser.ReadAsync("/health/nodes"), StringComparison.Ordinal);
        Assert.NotEqual(Guid.Empty, id);
    }

    [Fact]
    public async Task Session_OfOneHub_IsGoodAtTheOther()
    {
        var person = await PersonAsync(hubs.One);
        using var browser = new Visitor(hubs.One.Address, "10.1.0.1");
        await browser.SignInAsync(person.Email, HubHost.Password);

        using var answer = await browser.Http.GetAsync(new Uri(hubs.Two.Address, "/profile"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Run_InOneHub_IsWaitedForAndStoppedAtTheOther()
    {
        var id = await InstalledAsync();
        var admin = await PersonAsync(hubs.One);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        hubs.Psa.Before = async operation =>
        {
            if (operation != "test") return;
            hubs.Psa.Before = null;
            asked.SetResult();
            await goOn.Task;
        };
        var run = (await Runs(hubs.One).StartAsync(id, ConnectionRunKind.Test, admin, new RunRequest(), default)).RunId!.Value;
        await asked.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        var waiting = Runs(hubs.Two).WaitAsync(run, default);
        Assert.True(await Runs(hubs.Two).CancelAsync(run));
        Assert.False(waiting.IsCompleted);
        goOn.SetResult();
        await waiting.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal(RunState.Cancelled, (await Runs(hubs.Two).FindAsync(run, default))!.Run.State);
    }

    [Fact]
    public async Task Change_InOneHub_IsSeenByTheOtherAtOnce()
    {
        var id = await InstalledAsync();
        var admin = await PersonAsync(hubs.One);
        await StoryWorld.EventuallyAsync("both know of each other", () => Task.FromResult(hubs.One.Services.GetRequiredService<NodeFacts>().Others == 1));
        var heard = new TaskCompletionSource<Guid>(TaskCreationOptions.RunContinuationsAsynchronously);
        hubs.Two.Services.GetRequiredService<ConnectionChanges>().Subscribe(changed =>
        {
            if (changed == id) heard.TrySetResult(changed);
        });

        Assert.Null(await hubs.One.Services.GetRequiredService<SetConnectionState>().PauseAsync(id, admin, default));

        await heard.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Null(await hubs.Two.Services.GetRequiredService<ConnectorPool>().FindAsync(id, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Callback_IsAcceptedByEitherHub_AndCountsOnce()
    {
        var id = await InstalledAsync();
        var token = (await hubs.One.Services.GetRequiredService<HubStore>().ReadAsync(db => db.Connections.SingleAsync(c => c.Id == id), default)).CallbackToken;
        var ticket = hubs.Psa.Add();
        using var http = new HttpClient(new HttpClientHandler());
        foreach (var hub in (Hub[])[hubs.One, hubs.Two, hubs.One])
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(hub.Address, $"/callbacks/{token}")) { Content = JsonContent.Create(new { key = $"callback {ticket.Id}", id = ticket.Id, action = "updated" }) };
            request.Headers.Add("x-signature", Deskbridge.Testing.FakePsa.GoodSignature);
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Assert.Equal(1, await hubs.Two.Services.GetRequiredService<HubStore>().ReadAsync(db => db.Inbox.CountAsync(item => item.ConnectionId == id), default));
    }

    [Fact]
    public async Task RunOfAHubThatIsGone_IsMarkedInterruptedByTheOthers()
    {
        var id = await InstalledAsync();
        var lost = new ConnectionRun { Id = Guid.CreateVersion7(), ConnectionId = id, Kind = ConnectionRunKind.Install, StartedAt = TimeProvider.System.GetUtcNow(), NodeId = Guid.CreateVersion7() };
        var store = hubs.One.Services.GetRequiredService<HubStore>();
        await store.WriteAsync(db => Task.FromResult(db.ConnectionRuns.Add(lost)), default);

        await StoryWorld.EventuallyAsync("it is marked interrupted", async () =>
            (await store.ReadAsync(db => db.ConnectionRuns.SingleAsync(run => run.Id == lost.Id), default)).State == RunState.Interrupted);
    }

    [Fact]
    public async Task Hub_WhoseWritesAllWait_StillSaysThatItLives()
    {
        var store = hubs.One.Services.GetRequiredService<HubStore>();
        var me = hubs.One.Services.GetRequiredService<ThisNode>().Id;
        var goOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        List<Task> writes = [.. Enumerable.Range(0, 50).Select(_ => store.WriteAsync(_ => goOn.Task, default))];
        var since = await SeenAsync();

        try
        {
            await StoryWorld.EventuallyAsync("it says so again", async () => await SeenAsync() > since);
        }
        finally
        {
            goOn.SetResult();
            await Task.WhenAll(writes);
        }

        Task<DateTimeOffset> SeenAsync() => hubs.Two.Services.GetRequiredService<HubStore>().ReadAsync(db => db.Nodes.Where(row => row.Id == me).Select(row => row.SeenAt).SingleAsync(), default);
    }

    [Fact]
    public async Task ClaimsOfAFormerLife_AreFreed_WithoutARefusalOfThoseWhoWorkOnTheQueue()
    {
        // The hubs work on the queue too and may refuse a try by themselves; a hub that frees its claims in a way that disturbs refuses every one.
        for (var (round, attempts) = (0, 0); attempts != 1; round++)
        {
            Assert.InRange(round, 0, 9);
            attempts = await FreeDuringAClaimAsync();
        }
    }

    /// <summary>Frees the claims of a hub that starts anew, while another hub takes work from the same queue; answers how often that other one had to try.</summary>
    private async Task<int> FreeDuringAClaimAsync()
    {
        var two = hubs.Two.Services.GetRequiredService<HubStore>();
        var starting = new ThisNode(Guid.CreateVersion7(), "starting", Alone: false);
        Wake Held(string id, Guid by) => new() { ConnectionId = starting.Id, Type = "ticket", RemoteId = id, DueAt = DateTimeOffset.MaxValue, Reasons = "test", LeaseUntil = DateTimeOffset.MaxValue, Holder = by };
        await two.WriteAsync(db => Task.FromResult(db.Wakes.Add(Held("mine", starting.Id))), default);
        var attempts = 0;

        await two.WriteAsync(
            async db =>
            {
                await db.Wakes.CountAsync();
                db.Wakes.Add(Held("theirs", Guid.CreateVersion7()));
                await db.SaveChangesAsync();
                if (++attempts == 1) await new AbandonedClaims(hubs.One.Services.GetRequiredService<HubStore>(), starting, TimeProvider.System).ReleaseAsync(default);
            },
            default);

        var wakes = await two.ReadAsync(db => db.Wakes.Where(w => w.ConnectionId == starting.Id).OrderBy(w => w.RemoteId).ToListAsync(), default);
        Assert.Null(wakes[0].LeaseUntil);
        Assert.NotNull(wakes[1].LeaseUntil);
        return attempts;
    }

    [Fact]
    public async Task Hub_ThatStandsStillWhileItClaims_HoldsUpTheOthersForSecondsOnly()
    {
        var (one, two) = (hubs.One.Services.GetRequiredService<HubStore>(), hubs.Two.Services.GetRequiredService<HubStore>());
        var (claims, goOn) = (new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        var held = one.ClaimAsync(
            WorkHint.Pages,
            async _ =>
            {
                claims.SetResult();
                await goOn.Task;
                return 0;
            },
            default);
        await claims.Task;

        await two.ClaimAsync(WorkHint.Pages, _ => Task.FromResult(0), default).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.False(held.IsCompleted);
        goOn.SetResult();
        await Assert.ThrowsAnyAsync<Exception>(() => held); // what it still meant to do is refused
    }

    [Fact]
    public async Task Write_ThatAnotherHubDisturbsAgainAndAgain_GetsTheDatabaseForItself()
    {
        var (one, two) = (hubs.One.Services.GetRequiredService<HubStore>(), hubs.Two.Services.GetRequiredService<HubStore>());
        var id = await InstalledAsync();
        var before = await CounterAsync();
        List<Task> others = [];

        await one.WriteAsync(
            async db =>
            {
                var psa = await db.Connections.SingleAsync(c => c.Id == id);
                var other = two.WriteAsync(theirs => theirs.Connections.Where(c => c.Id == id).ExecuteUpdateAsync(set => set.SetProperty(c => c.WriteCounter, c => c.WriteCounter + 1)), default);
                others.Add(other);
                await Task.WhenAny(other, Task.Delay(TimeSpan.FromSeconds(1))); // it cannot end when this one runs alone
                psa.WriteCounter += 1000;
            },
            default).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);

        await Task.WhenAll(others);
        Assert.Equal(before + 1000 + others.Count, await CounterAsync());

        Task<long> CounterAsync() => two.ReadAsync(db => db.Connections.Where(c => c.Id == id).Select(c => c.WriteCounter).SingleAsync(), default);
    }

    [Fact]
    public async Task EscalationStep_ThatIsDue_IsRunByOneHubOnly()
    {
        var (team, first, second) = (Build.Team(), Build.Person("First"), Build.Person("Second"));
        var alerts = Enumerable.Range(0, 20).Select(_ => Build.Alert(Build.Connection(team))).ToList();
        team.Chain = new EscalationChain([ChainStep.Of(StepAudience.Duty), new ChainStep(5, StepAudience.People, [first.Id, second.Id], null)]).Stored;
        var ago = TimeProvider.System.GetUtcNow().AddMinutes(-5);
        var store = hubs.One.Services.GetRequiredService<HubStore>();
        await store.WriteAsync(
            db =>
            {
                db.AddRange([team, first, second, Build.Channel(first), Build.Channel(second), .. alerts]);
                db.AddRange(alerts.Select(alert => new DueStep { AlertId = alert.Id, Episode = 1, Round = 1, Step = 2, RanAt = ago, DueAt = ago }));
                return Task.CompletedTask;
            },
            default);

        await Task.WhenAll(new[] { hubs.One, hubs.Two, hubs.One, hubs.Two }.Select(hub => hub.Services.GetRequiredService<DueSteps>().RunAsync(TestContext.Current.CancellationToken)));

        var ids = alerts.ConvertAll(alert => alert.Id);
        var (lines, pages, next) = await store.ReadAsync(
            async db => (await db.AlertEvents.CountAsync(line => ids.Contains(line.AlertId) && line.Kind == "escalated"), await db.Pages.CountAsync(page => ids.Contains(page.AlertId)), await db.DueSteps.CountAsync(step => ids.Contains(step.AlertId) && step.Round == 2)), default);
        Assert.Equal((20, 40, 20), (lines, pages, next));
    }

    [Fact]
    public async Task OldHub_ThatMeetsANewerSchema_StopsByItself_AndSaysWhy()
    {
        await using var database = await Deskbridge.Testing.TestDatabase.PostgresAsync();
        var folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-old-");
        await using (var old = await Hub.StartAsync(new HubOptions { Data = folder.FullName, Database = database.Address, Port = 0 }, default))
        {
            var ended = old.WaitAsync(TestContext.Current.CancellationToken);

            await database.ChangeAsync("INSERT INTO \"__EFMigrationsHistory\" VALUES ('20990101_0001_later', '99.0')");

            var why = await Assert.ThrowsAsync<StartRefusedException>(() => ended.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken));
            Assert.Contains("20990101_0001_later", why.Message, StringComparison.Ordinal);
        }

        folder.Delete(recursive: true);
    }

    private static ConnectionRuns Runs(Hub hub) => hub.Services.GetRequiredService<ConnectionRuns>();

    private static async Task<Person> PersonAsync(Hub hub)
    {
        await using var scope = hub.Services.CreateAsyncScope();
        var system = new Person { Id = Guid.Empty, Name = "Test", Email = "test@example.com", EmailKey = "test@example.com", Role = PersonRole.Admin, CreatedAt = default };
        var marker = new RandomIds().NewMarker();
        var made = StoryWorld.Value(await scope.ServiceProvider.GetRequiredService<CreatePerson>().RunAsync(new PersonDraft($"Ada {marker}", $"ada-{marker}@example.com", PersonRole.Admin), system, default));
        Assert.Null(await scope.ServiceProvider.GetRequiredService<Accounts>().SetPasswordAsync(made.Id, HubHost.Password));
        return made;
    }

    private static async Task<Visitor> ProgramAsync(Hub hub)
    {
        var (_, token) = await hub.Services.GetRequiredService<ApiTokens>().CreateAsync((await PersonAsync(hub)).Id, "test", TokenScope.All, null, default);
        var visitor = new Visitor(hub.Address, "10.1.0.2");
        visitor.UseToken(token);
        return visitor;
    }

    private async Task<Guid> InstalledAsync()
    {
        var admin = await PersonAsync(hubs.One);
        var name = new RandomIds().NewMarker();
        var saved = await hubs.One.Services.GetRequiredService<CreateConnection>().RunAsync(
            "fake-psa", new ConnectionDraft { Name = name, Settings = new JsonObject { ["url"] = $"https://{name}.example.test", ["apiKey"] = "k" } }, admin, default);
        Assert.Null(saved.Failure);
        var run = (await Runs(hubs.One).StartAsync(saved.Id!.Value, ConnectionRunKind.Install, admin, new RunRequest(Adopt: true), default)).RunId!.Value;
        await Runs(hubs.One).WaitAsync(run, default);
        Assert.Equal(RunState.Succeeded, (await Runs(hubs.One).FindAsync(run, default))!.Run.State);
        return saved.Id.Value;
    }
}
