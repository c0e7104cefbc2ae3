using System.Globalization;
using System.Text.Json.Nodes;
using Deskbridge.Access;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Features.Settings;
using Deskbridge.Sandbox;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Deskbridge.Simulation.Crash;

/// <summary>A sandbox, a phone and a place for each hub, all on one database, with Dana on duty and a connection that is not installed yet: installing is part of what is killed.</summary>
internal sealed class CrashWorld : IAsyncDisposable
{
    public const string Email = "dana.reyes@northbridge-msp.test";
    private const string Topic = "dana-pages";

    private readonly DirectoryInfo _folder;
    private readonly SandboxServer _sandbox;
    private readonly TestDatabase _database;

    private CrashWorld(DirectoryInfo folder, SandboxServer sandbox, Vendor vendor, TestDatabase database, Phone phone, IReadOnlyList<Place> places)
    {
        (_folder, _sandbox, _database, Phone, Places) = (folder, sandbox, database, phone, places);
        Technician = Technician.Of(vendor, sandbox);
    }

    public IReadOnlyList<Place> Places { get; }

    public Phone Phone { get; }

    public Technician Technician { get; }

    public HubClient Hub { get; private set; } = null!;

    public Guid ConnectionId { get; private set; }

    public Guid DanaId { get; private set; }

    /// <summary>Data folder, port and database, as a person gives them to <c>serve</c>.</summary>
    public IReadOnlyList<string> Start(int hub) =>
    [
        "--data", Places[hub].Data, "--port", Places[hub].Port.ToString(CultureInfo.InvariantCulture),
        .. _database.Address is { } address ? (string[])["--database", address] : [],
    ];

    /// <summary>Prepares it. Several hubs share a PostgreSQL database; a single one is on whatever the tests run on.</summary>
    public static async Task<CrashWorld> StartAsync(int hubs = 1, Vendor vendor = Vendor.ConnectWise)
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-crash-");
        var sandbox = await SandboxServer.StartAsync(
            new SandboxOptions { DataFolder = Path.Combine(folder.FullName, "sandbox"), AllowPlainHttpLoopbackCallbacks = true }, TimeProvider.System, default);
        List<Place> places = [.. Enumerable.Range(1, hubs).Select(hub => Place.In(folder.CreateSubdirectory($"hub-{hub}").FullName))];
        var database = hubs > 1 ? await TestDatabase.PostgresAsync() : await TestDatabase.EmptyAsync(places[0].Data);
        var world = new CrashWorld(folder, sandbox, vendor, database, await Phone.StartAsync(), places);
        await world.Technician.PrepareAsync();
        await world.PrepareAsync();
        foreach (var other in places.Skip(1)) File.Copy(Path.Combine(places[0].Data, "master.key"), Path.Combine(other.Data, "master.key"));
        return world;
    }

    /// <summary>Changes the database behind the hubs' backs.</summary>
    public Task ChangeAsync(string statement) => _database.ChangeAsync(statement);

    /// <summary>The hub's database, while the hub runs or after it died.</summary>
    public HubDb OpenDb()
    {
        var options = new DbContextOptionsBuilder<HubDb>();
        options.UseHub(_database.Database);
        return new HubDb(options.Options);
    }

    /// <summary>Delivery ids as they arrived at the ntfy server, repeated ones too.</summary>
    public async Task<IReadOnlyList<Guid>> NtfyDeliveriesAsync()
    {
        using var http = new HttpClient(new SocketsHttpHandler());
        var lines = await http.GetStringAsync(new Uri(_sandbox.NtfyUrl, $"{Topic}/json?poll=1&since=all"));
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => (string)JsonNode.Parse(line)!["click"]!)
            .Select(url => Guid.Parse(url[(url.IndexOf("?d=", StringComparison.Ordinal) + 3)..]))];
    }

    public async ValueTask DisposeAsync()
    {
        Hub?.Dispose();
        Technician.Dispose();
        await Phone.DisposeAsync();
        await _sandbox.DisposeAsync();
        await _database.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task PrepareAsync()
    {
        await using var hub = await Deskbridge.Hub.StartAsync(new HubOptions { Data = Places[0].Data, Database = _database.Address, Port = Places[0].Port }, default);
        await using var scope = hub.Services.CreateAsyncScope();
        T Get<T>()
            where T : notnull => scope.ServiceProvider.GetRequiredService<T>();

        var dana = Value(await Get<CreateFirstAdministrator>().RunAsync(new PersonDraft("Dana Reyes", Email), default));
        DanaId = dana.Id;
        var team = Value(await Get<CreateTeam>().RunAsync(new TeamDraft("Service desk", MaxRepeats: 1), dana, default));
        Check(await Get<SetTeamMembers>().RunAsync(team.Id, [dana.Id], dana, default));
        Value(await Get<CreateChannel>().RunAsync(dana.Id, ChannelKind.Ntfy, new ChannelDraft("ntfy", new Uri(_sandbox.NtfyUrl, Topic).ToString()), dana, default));
        Value(await Get<CreateChannel>().RunAsync(dana.Id, ChannelKind.Webhook, new ChannelDraft("webhook", Phone.Url.ToString()), dana, default));
        Value(await Get<PunchIn>().RunAsync(team.Id, dana.Id, dana, default));
        Check(await Get<SettingsStore>().ChangeAsync(new SettingsChange(Places[0].Url.ToString(), null, null, null, null), default));
        var (_, token) = await Get<ApiTokens>().CreateAsync(dana.Id, "crash", TokenScope.All, null, default);
        Hub = new HubClient([.. Places.Select(place => place.Url)], token);

        var saved = await Get<CreateConnection>().RunAsync(
            Technician.Kind, new ConnectionDraft { Name = "Northbridge PSA", TeamId = team.Id, Settings = Technician.Settings }, dana, default);
        Check(saved.Failure);
        ConnectionId = saved.Id!.Value;
    }

    private static T Value<T>(Result<T> result)
    {
        Check(result.Failure);
        return result.Value;
    }

    private static void Check(Failure? failure)
    {
        if (failure is not null) throw new InvalidOperationException($"The world could not be prepared: {failure.Message}");
    }
}
