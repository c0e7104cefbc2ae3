using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Deskbridge.Cli;
using Deskbridge.Access;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Runs;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Sync;
using Deskbridge.Sandbox;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;
using Xunit.Sdk;

namespace Deskbridge.Tests.Stories;

/// <summary>A real hub and a real sandbox, connected and installed, with Dana on duty and reachable by ntfy.</summary>
internal sealed class StoryWorld : IAsyncDisposable
{
    /// <summary>The worlds that are there, by the test they were made in: who waits in vain in one tells how it stands.</summary>
    private static readonly ConcurrentDictionary<StoryWorld, ITest?> There = new();

    private readonly DirectoryInfo _folder;
    private bool _sandboxEnded;
    private (int Board, int Company)? _place;
    private readonly KeptLog _log;
    private readonly int _ntfyPort;

    private StoryWorld(DirectoryInfo folder, SandboxServer sandbox, TestDatabase database, Hub hub, KeptLog log, Person dana, Guid connectionId)
    {
        (_folder, Sandbox, Database, Hub, _log, Dana, ConnectionId) = (folder, sandbox, database, hub, log, dana, connectionId);
        _ntfyPort = sandbox.NtfyUrl.Port;
        Psa = new HttpClient(new HttpClientHandler()) { BaseAddress = new Uri(sandbox.HttpUrl, "v4_6_release/apis/3.0/") };
        var keys = sandbox.ConnectWise;
        Psa.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{keys.CompanyId}+{keys.PublicKey}:{keys.PrivateKey}")));
        Psa.DefaultRequestHeaders.Add("clientId", keys.ClientId);
        There[this] = TestContext.Current.Test;
    }

    public const string Topic = "dana-pages";

    public SandboxServer Sandbox { get; private set; }

    public TestDatabase Database { get; }

    public Hub Hub { get; private set; }

    public Person Dana { get; }

    public Guid ConnectionId { get; }

    /// <summary>Everything the hub logged so far.</summary>
    public IReadOnlyCollection<string> Log => _log.Lines;

    /// <summary>The clock of hub and sandbox.</summary>
    public TimeProvider Clock { get; private init; } = TimeProvider.System;

    /// <summary>The hub has its pages, for those who open some.</summary>
    private bool OpensPages { get; init; }

    /// <summary>A REST client of the PSA, as any program would be.</summary>
    public HttpClient Psa { get; }

    /// <summary>Starts both and installs the connection.</summary>
    /// <param name="with">Last word on how the hub is started.</param>
    /// <param name="clock">The clock of hub and sandbox; the real one when none is given.</param>
    /// <param name="install">False for a connection that is only set up.</param>
    /// <param name="onSqlite">The story is about SQLite, whatever database the tests run on.</param>
    /// <param name="settings">Settings of the connection beside its address and keys.</param>
    /// <param name="pages">Somebody opens pages in it; most stories are told to the API, and making pages ready is a good part of a start.</param>
    /// <param name="remote">Which simulated system it is connected to; ConnectWise PSA when none is given.</param>
    public static async Task<StoryWorld> StartAsync(
        Func<HubOptions, HubOptions>? with = null, TimeProvider? clock = null, bool onSqlite = false, JsonObject? settings = null, bool install = true, bool pages = false, Func<SandboxServer, StoryRemote>? remote = null)
    {
        clock ??= TimeProvider.System;
        var folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-story-");
        var sandbox = await SandboxServer.StartAsync(
            new SandboxOptions { DataFolder = Path.Combine(folder.FullName, "sandbox"), AllowPlainHttpLoopbackCallbacks = true }, clock, default);
        var data = Path.Combine(folder.FullName, "hub");
        var database = await (onSqlite ? TestDatabase.MigratedSqliteAsync(data) : TestDatabase.MigratedAsync(data));
        var log = new KeptLog();
        var options = Options(folder, database, log, clock, pages);
        var hub = await Hub.StartAsync(with?.Invoke(options) ?? options, default);
        T Get<T>()
            where T : notnull => hub.Services.GetRequiredService<T>();

        var dana = Value(await Get<CreateFirstAdministrator>().RunAsync(new PersonDraft("Dana Reyes", "dana.reyes@northbridge-msp.test"), default));
        var team = Value(await Get<CreateTeam>().RunAsync(new TeamDraft("Service Desk"), dana, default));
        Assert.Null(await Get<SetTeamMembers>().RunAsync(team.Id, [dana.Id], dana, default));
        Value(await Get<CreateChannel>().RunAsync(dana.Id, ChannelKind.Ntfy, new ChannelDraft("Phone", new Uri(sandbox.NtfyUrl, Topic).ToString()), dana, default));
        Value(await Get<PunchIn>().RunAsync(team.Id, dana.Id, dana, default));
        await SetPublicUrlAsync(Get<HubStore>(), hub.Address);

        var (kind, name, access) = (remote ?? ConnectWise)(sandbox);
        foreach (var (setting, value) in settings ?? []) access[setting] = value?.DeepClone();
        var saved = await Get<CreateConnection>().RunAsync(
            kind,
            new ConnectionDraft { Name = name, TeamId = team.Id, Settings = access },
            dana,
            default);
        Assert.True(saved.Failure is null, saved.Failure?.Message);
        var world = new StoryWorld(folder, sandbox, database, hub, log, dana, saved.Id!.Value) { Clock = clock, OpensPages = pages };
        if (install) await world.RunAsync(ConnectionRunKind.Install);
        return world;
    }

    /// <summary>A hub that nobody clicked at: made by importing a configuration file into an empty folder, and then started.</summary>
    public static async Task<StoryWorld> ImportedAsync(Func<SandboxServer, DirectoryInfo, string> configuration)
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-story-");
        var sandbox = await SandboxServer.StartAsync(new SandboxOptions { DataFolder = Path.Combine(folder.FullName, "sandbox") }, TimeProvider.System, default);
        var file = Path.Combine(folder.FullName, "hub.yaml");
        await File.WriteAllTextAsync(file, configuration(sandbox, folder));
        var data = Path.Combine(folder.FullName, "hub");
        var database = await TestDatabase.EmptyAsync(data);
        await using var told = new StringWriter();
        Assert.True(await ImportCommand.RunAsync(data, database.Address, file, dryRun: false, told, default) == ExitCodes.Done, told.ToString());

        var log = new KeptLog();
        var hub = await Hub.StartAsync(Options(folder, database, log, TimeProvider.System, pages: false), default);
        var (dana, connection) = await hub.Services.GetRequiredService<HubStore>().ReadAsync(async db => (await db.People.SingleAsync(), await db.Connections.SingleAsync()), default);
        return new StoryWorld(folder, sandbox, database, hub, log, dana, connection.Id);
    }

    /// <summary>The hub's data folder.</summary>
    public string Folder => Path.Combine(_folder.FullName, "hub");

    public T Get<T>()
        where T : notnull => Hub.Services.GetRequiredService<T>();

    /// <summary>Runs Test, Install and so on to their end; they must succeed.</summary>
    public async Task RunAsync(ConnectionRunKind kind, bool adopt = false)
    {
        var (succeeded, summary) = await TryAsync(kind, adopt);
        Assert.True(succeeded, summary);
    }

    /// <summary>Runs one of them to its end; answers whether it succeeded, and what it said.</summary>
    /// <param name="kind">Which.</param>
    /// <param name="adopt">What was there before is used.</param>
    public async Task<(bool Succeeded, string Summary)> TryAsync(ConnectionRunKind kind, bool adopt = false)
    {
        var runs = Get<ConnectionRuns>();
        var started = await runs.StartAsync(ConnectionId, kind, Dana, new RunRequest(Adopt: adopt), default);
        Assert.True(started.Failure is null, started.Failure?.Message);
        await runs.WaitAsync(started.RunId!.Value, default);
        var (run, items) = await Get<HubStore>().ReadAsync(
            async db => (
                await db.ConnectionRuns.SingleAsync(r => r.Id == started.RunId),
                await db.ConnectionRunItems.Where(i => i.RunId == started.RunId).OrderBy(i => i.Number).ToListAsync()),
            default);
        return (run.State == RunState.Succeeded, $"{run.Summary}\n{string.Join('\n', items.Select(i => $"{i.Name}: {i.Outcome} {i.Message}"))}");
    }

    /// <summary>The hub ends and starts again, on another port.</summary>
    /// <param name="meanwhile">Done while no hub runs.</param>
    public async Task RestartHubAsync(Func<Task>? meanwhile = null)
    {
        await Hub.DisposeAsync();
        if (meanwhile is not null) await meanwhile();
        Hub = await Hub.StartAsync(Options(_folder, Database, _log, Clock, OpensPages), default);
    }

    /// <summary>They come back on the same ports, with what they had.</summary>
    public async Task StartSandboxAsync()
    {
        Sandbox = await SandboxServer.StartAsync(
            new SandboxOptions
            {
                DataFolder = Path.Combine(_folder.FullName, "sandbox"),
                AllowPlainHttpLoopbackCallbacks = true,
                HttpPort = Psa.BaseAddress!.Port,
                NtfyPort = _ntfyPort,
            },
            TimeProvider.System,
            default);
        _sandboxEnded = false;
    }

    /// <summary>A browser in which Dana is signed in.</summary>
    public async Task<Visitor> SignedInAsync()
    {
        Assert.True(OpensPages, "This story opens pages: start its world with pages: true.");
        await using var scope = Hub.Services.CreateAsyncScope();
        Assert.Null(await scope.ServiceProvider.GetRequiredService<Accounts>().SetPasswordAsync(Dana.Id, HubHost.Password));
        var visitor = new Visitor(Hub.Address, "10.9.9.9");
        await visitor.SignInAsync(Dana.Email, HubHost.Password);
        return visitor;
    }

    /// <summary>A program with a token of Dana's that may do everything.</summary>
    public async Task<Visitor> ProgramAsync()
    {
        var program = new Visitor(Hub.Address, "10.9.9.8");
        program.UseToken((await Get<ApiTokens>().CreateAsync(Dana.Id, "tests", TokenScope.All, null, default)).Token);
        return program;
    }

    /// <summary>The hand that plays tricks on the sandbox; answers what it says.</summary>
    public async Task<JsonNode> ControlAsync(HttpMethod method, string path, object? body = null)
    {
        using var message = new HttpRequestMessage(method, new Uri(Sandbox.HttpUrl, "/_control/" + path));
        message.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Sandbox.ControlToken);
        if (body is not null) message.Content = JsonContent.Create(body);
        using var answer = await Psa.SendAsync(message);
        answer.EnsureSuccessStatusCode();
        return answer.StatusCode == HttpStatusCode.NoContent ? new JsonObject() : (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
    }

    /// <summary>The poll comes round.</summary>
    public Task PollAsync() => Get<TicketPoller>().PollAsync(ConnectionId, default);

    /// <summary>The first board and company, where tickets are posted; asked once, while lists can still be read.</summary>
    public async Task<(int Board, int Company)> PlaceAsync() => _place ??= (
        (await Psa.GetFromJsonAsync<JsonArray>("service/boards"))![0]!["id"]!.GetValue<int>(),
        (await Psa.GetFromJsonAsync<JsonArray>("company/companies"))![0]!["id"]!.GetValue<int>());

    /// <summary>A technician or program posts a ticket. Answers its id.</summary>
    public async Task<int> PostTicketAsync(string summary)
    {
        var (board, company) = await PlaceAsync();
        var answer = await Psa.PostAsJsonAsync("service/tickets", new { summary, board = new { id = board }, company = new { id = company } });
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonNode>())!["id"]!.GetValue<int>();
    }

    /// <summary>A technician sets a status by name.</summary>
    public async Task SetStatusAsync(int ticket, string status)
    {
        var board = (await TicketAsync(ticket))["board"]!["id"]!.GetValue<int>();
        var statuses = await Psa.GetFromJsonAsync<JsonArray>($"service/boards/{board}/statuses");
        var id = statuses!.Single(s => s!["name"]!.GetValue<string>() == status)!["id"]!.GetValue<int>();
        var answer = await Psa.PatchAsJsonAsync($"service/tickets/{ticket}", new[] { new { op = "replace", path = "status", value = new { id } } });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Somebody changes one member of a record.</summary>
    public async Task PatchAsync<T>(string record, string member, T value)
    {
        var answer = await Psa.PatchAsJsonAsync(record, new[] { new { op = "replace", path = member, value } });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async Task<JsonNode> TicketAsync(int ticket) => (await Psa.GetFromJsonAsync<JsonNode>($"service/tickets/{ticket}"))!;

    public async Task<JsonArray> NotesAsync(int ticket) => (await Psa.GetFromJsonAsync<JsonArray>($"service/tickets/{ticket}/notes"))!;

    /// <summary>The value of a custom field on a ticket.</summary>
    public async Task<string?> FieldAsync(int ticket, string caption) =>
        (await TicketAsync(ticket))["customFields"]!.AsArray().Single(f => f!["caption"]!.GetValue<string>() == caption)!["value"]?.ToString();

    /// <summary>A technician fills in a custom field.</summary>
    public async Task SetFieldAsync(int ticket, string caption, string value)
    {
        var fields = (await TicketAsync(ticket))["customFields"]!.AsArray();
        fields.Single(f => f!["caption"]!.GetValue<string>() == caption)!["value"] = value;
        var answer = await Psa.PatchAsJsonAsync($"service/tickets/{ticket}", new[] { new { op = "replace", path = "customFields", value = fields } });
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Turns one of the sandbox's switches.</summary>
    public async Task SwitchAsync(string name, bool on)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, new Uri(Sandbox.HttpUrl, "_control/switches")) { Content = JsonContent.Create(new JsonObject { [name] = on }) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Sandbox.ControlToken);
        var answer = await Psa.SendAsync(request);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>The current alert of a ticket.</summary>
    public async Task<Alert> AlertAsync(int ticket)
    {
        var id = ticket.ToString(System.Globalization.CultureInfo.InvariantCulture);
        return await Get<HubStore>().ReadAsync(
            db => (from alert in db.Alerts
                   join link in db.Links on alert.LinkId equals link.Id
                   where link.RemoteId == id && link.ConnectionId == ConnectionId && alert.Generation == link.Generation
                   select alert).SingleAsync(),
            default);
    }

    /// <summary>What arrived on Dana's phone.</summary>
    public async Task<IReadOnlyList<JsonNode>> PagesAsync()
    {
        using var ntfy = new HttpClient(new HttpClientHandler());
        var lines = await ntfy.GetStringAsync(new Uri(Sandbox.NtfyUrl, $"{Topic}/json?poll=1&since=all"));
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    /// <summary>Longer than a machine with other work may need: what never comes fails, not what comes late.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Waits until something is so, or fails saying what it waited for and how the worlds of the test stand.</summary>
    public static async Task EventuallyAsync(string what, Func<Task<bool>> holds)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < Patience)
        {
            if (await holds()) return;
            await Task.Delay(50);
        }

        var states = await Task.WhenAll(There.Where(world => world.Value == TestContext.Current.Test).Select(world => StoryState.OfAsync(world.Key)));
        Assert.Fail(string.Join('\n', [$"Not within {Patience.TotalSeconds:0} seconds: {what}", .. states]));
    }

    /// <summary>The remote systems are gone, for good or until they are started again.</summary>
    public async Task EndSandboxAsync()
    {
        _sandboxEnded = true;
        await Sandbox.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        There.TryRemove(this, out _);
        Psa.Dispose();
        await Hub.DisposeAsync();
        await Database.DisposeAsync();
        if (!_sandboxEnded) await Sandbox.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    public static T Value<T>(Result<T> result)
    {
        Assert.True(result.Failure is null, result.Failure?.Message);
        return result.Value;
    }

    private static StoryRemote ConnectWise(SandboxServer sandbox) => new("connectwise-psa", "Northbridge PSA", new JsonObject
    {
        ["instanceUri"] = sandbox.HttpUrl.ToString(),
        ["companyId"] = sandbox.ConnectWise.CompanyId,
        ["memberId"] = sandbox.ConnectWise.MemberId,
        ["publicKey"] = sandbox.ConnectWise.PublicKey,
        ["privateKey"] = sandbox.ConnectWise.PrivateKey,
        ["clientId"] = sandbox.ConnectWise.ClientId,
    });

    private static HubOptions Options(DirectoryInfo folder, TestDatabase database, KeptLog log, TimeProvider clock, bool pages) => new()
    {
        Data = Path.Combine(folder.FullName, "hub"),
        Database = database.Address,
        Port = 0,
        Clock = clock,
        Pages = pages,
        Services = services =>
        {
            services.AddQuickPasswords().AddLogging(logging => logging.AddProvider(log));

            // No story is about the budget of calls: it would wait for its share after each Install, for ever where the clock stands still.
            services.Configure<ConnectionsOptions>(connections => connections.CallsPerMinute = 100_000);
        },
    };

    private static Task SetPublicUrlAsync(HubStore store, Uri url) =>
        store.WriteAsync(
            db =>
            {
                db.Settings.Add(new Setting { Key = SettingKeys.PublicUrl, Value = url.ToString() });
                return Task.CompletedTask;
            },
            default);
}

/// <summary>A simulated system that a story is connected to.</summary>
/// <param name="Kind">Kind of the connection.</param>
/// <param name="Name">Its name.</param>
/// <param name="Access">Its address and keys.</param>
internal sealed record StoryRemote(string Kind, string Name, JsonObject Access);
