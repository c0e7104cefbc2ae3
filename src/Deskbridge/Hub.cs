using System.Net;
using System.Net.Sockets;
using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Backups;
using Deskbridge.Core.Data;
using Deskbridge.Core.Nodes;
using Deskbridge.Features.Alerts;
using Deskbridge.Features.Audit;
using Deskbridge.Features.Backups;
using Deskbridge.Features.Callbacks;
using Deskbridge.Features.Channels;
using Deskbridge.Features.Connections;
using Deskbridge.Features.Duty;
using Deskbridge.Features.Health;
using Deskbridge.Features.Heartbeat;
using Deskbridge.Features.Intake;
using Deskbridge.Features.People;
using Deskbridge.Features.Settings;
using Deskbridge.Features.Shared;
using Deskbridge.Features.Teams;
using Deskbridge.Telemetry;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;

namespace Deskbridge;

/// <summary>A running hub: the composition root, used by <c>serve</c>, <c>demo</c> and the tests alike.</summary>
internal sealed class Hub : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly InstanceLease _lease;

    private Hub(WebApplication app, InstanceLease lease) => (_app, _lease) = (app, lease);

    public IServiceProvider Services => _app.Services;

    /// <summary>The address it listens on.</summary>
    public Uri Address => new(_app.Urls.First());

    /// <summary>Starts a hub; it answers requests when this returns.</summary>
    /// <exception cref="StartRefusedException">The folder, the port or the database does not allow it.</exception>
    public static async Task<Hub> StartAsync(HubOptions options, CancellationToken cancel)
    {
        var folder = DataFolder.Open(options.Data);
        var database = DatabaseTrouble.Read(options.Database, folder);
        var lease = InstanceLease.Take(folder, database, $"http://{options.Listen}:{options.Port}", options.Clock);
        try
        {
            if (options.FolderTaken is { } taken) await taken(folder);
            if (database.File is { } file) RestoreJournal.Finish(file);
            folder.RefuseLost(database);
            await DatabaseTrouble.CheckAsync(database, cancel);
            var app = Build(options, folder, database, lease);
            await app.Services.MigrateAsync(options.LostKey, cancel);
            await app.Services.TakeUpAsync(cancel);
            app.Services.StartMetrics();
            await ListenAsync(app, options, cancel);
            lease.Name(app.Urls.First(), options.Clock);
            app.Services.GetRequiredService<NodeFacts>().Address = app.Urls.First();
            return new Hub(app, lease);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>Runs until the process is told to end, or until it must stop by itself.</summary>
    /// <exception cref="StartRefusedException">A newer Deskbridge has taken the database over.</exception>
    public async Task WaitAsync(CancellationToken cancel)
    {
        await _app.WaitForShutdownAsync(cancel);
        if (_app.Services.GetRequiredService<SchemaWatch>().Stopped is { } why) throw new StartRefusedException(why);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _lease.Dispose();
    }

    private static WebApplication Build(HubOptions options, DataFolder folder, HubDatabase database, InstanceLease lease)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(Hub).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
            Args = ["--hostBuilder:reloadConfigOnChange=false"], // settings are read once; a watcher would cost a thread
        });

        if (options.Configuration is { } configuration) builder.Configuration.AddInMemoryCollection(configuration);
        StartSettings.Check(builder.Configuration);

        // From a build folder the assets would be compressed again on each request; take those the build compressed.
        builder.Configuration["ReloadStaticAssetsAtRuntime"] = "false";
        StaticWebAssetsLoader.UseStaticWebAssets(builder.Environment, builder.Configuration);
        builder.Host.UseDefaultServiceProvider(container => container.ValidateScopes = container.ValidateOnBuild = true);
        builder.Logging.AddFilter("Microsoft", LogLevel.Warning).AddFilter("Quartz", LogLevel.Warning)
            .AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Critical) // what fails is thrown, and told by whoever wanted it
            .AddFilter("Microsoft.Extensions.Hosting", LogLevel.Critical) // a refused start is told in one sentence
            .AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error); // the keys folder is its owner's alone, as the data beside it
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = Refusals.MaxBody;
            kestrel.Listen(ListenAddress(options.Listen), options.Port);
        });

        builder.AddTelemetry(options.LogFormat); // before those it watches, so that it ends after them
        NodeFile.Make(folder);
        builder.Services.AddHubParts(folder, database, options.Clock);
        builder.Services.AddSingleton(CrashAt.FromEnvironment());
        builder.Services.AddSingleton(lease);
        builder.Services.AddSingleton<SchemaWatch>();
        if (database.IsPostgres) builder.Services.AddHostedService(provider => provider.GetRequiredService<SchemaWatch>());
        builder.Services.AddReverseProxies(builder.Configuration);
        builder.Services.AddApi();
        builder.Services.AddFace();
        if (options.Pages) builder.Services.AddPages();
        builder.Services.AddHeartbeat();
        options.Services?.Invoke(builder.Services);

        var app = builder.Build();
        StartSettings.CheckTogether(app.Services); // the endpoints below read settings, too
        app.UseReverseProxies();
        app.UseResponseCompression();
        app.UseMiddleware<SecurityHeaders>();
        app.UseErrorAnswers();
        app.UseRouting();
        app.UseMiddleware<BodyLimit>();
        app.UseAuthentication();
        app.Use(RequestActor.SetAsync);
        app.UseRateLimiter();
        app.UseAuthorization();
        app.UseMiddleware<Idempotency>();
        if (options.Pages) app.MapPages();
        app.MapHealth();
        app.MapCallbacks();
        app.MapIntakes();
        app.MapTwilioCalls();
        var api = app.MapApi();
        api.MapTokens();
        api.MapSessions();
        api.MapPeople();
        api.MapInvitations();
        api.MapSettings();
        api.MapTwilio();
        api.MapAudit();
        api.MapAlerts();
        api.MapConnections();
        api.MapConnectionRuns();
        api.MapMissingTickets();
        api.MapWriteReview();
        api.MapExplain();
        api.MapRules();
        api.MapRights();
        api.MapBoardStatuses();
        api.MapMembers();
        api.MapEvents();
        api.MapTeams();
        api.MapTeamIntakes();
        api.MapSchedules();
        api.MapDuty();
        api.MapChannels();
        api.MapBackups();
        api.MapHealthReport();
        api.MapHeartbeat();
        return app;
    }

    private static async Task ListenAsync(WebApplication app, HubOptions options, CancellationToken cancel)
    {
        try
        {
            await app.StartAsync(cancel);
        }
        catch (IOException failure) when (failure.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException)
        {
            throw new StartRefusedException($"Port {options.Port} on {options.Listen} is in use by another program. Name a free one with --port.");
        }
        catch (SocketException failure)
        {
            throw new StartRefusedException($"Cannot listen on {options.Listen}:{options.Port}: {failure.Message}. Choose another --listen or --port.");
        }
    }

    private static IPAddress ListenAddress(string listen) => listen switch
    {
        "localhost" => IPAddress.Loopback,
        "*" => IPAddress.Any,
        _ => IPAddress.TryParse(listen, out var address)
            ? address
            : throw new StartRefusedException($"'{listen}' is not an address to listen on. Use an IP address of this machine, '*' for all, or leave --listen away for loopback."),
    };
}
