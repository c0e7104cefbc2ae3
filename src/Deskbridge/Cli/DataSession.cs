using Deskbridge.Access;
using Deskbridge.Backups;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Cli;

/// <summary>
/// A data folder opened by a command: alone while no hub runs on it, so that none starts meanwhile, or beside the running hub, which sees
/// what was changed within a minute.
/// </summary>
internal sealed class DataSession : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly InstanceLease? _lease;

    private DataSession(DataFolder folder, ServiceProvider services, InstanceLease? lease) => (Folder, _services, _lease) = (folder, services, lease);

    public DataFolder Folder { get; }

    public IServiceProvider Services => _services;

    /// <summary>A hub runs on the folder.</summary>
    public bool BesideHub => _lease is null;

    /// <summary>Opens a folder that a hub made.</summary>
    /// <exception cref="StartRefusedException">There is no hub in it, or its database has another version.</exception>
    public static async Task<DataSession> OpenAsync(string data, string? database, string command, CancellationToken cancel)
    {
        if (DatabaseTrouble.Read(database, DataFolder.At(data)).File is { } file && !File.Exists(file) && !RestoreJournal.IsOpen(file))
            throw new StartRefusedException($"There is no hub database {file}. Name the hub's folder with --data, or start one with 'deskbridge serve'.");
        var session = await OpenSessionAsync(data, database, command, cancel);
        try
        {
            await session._services.RefuseNewerAsync(cancel);
            await session.RefuseOlderAsync(cancel);
            await session._services.GetRequiredService<KeyRing>().OpenAsync(lostKey: false, cancel);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a folder; makes it and its database when they are missing, and brings an older database up to this version while no hub runs on it.</summary>
    /// <inheritdoc cref="OpenAsync"/>
    public static async Task<DataSession> OpenOrMakeAsync(string data, string? database, string command, CancellationToken cancel)
    {
        var session = await OpenSessionAsync(data, database, command, cancel);
        try
        {
            session.Folder.RefuseLost(session._services.GetRequiredService<HubDatabase>());
            if (!session.BesideHub) await session._services.MigrateAsync(lostKey: false, cancel);
            await session.RefuseOlderAsync(cancel);
            await session._services.GetRequiredService<KeyRing>().OpenAsync(lostKey: false, cancel);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a folder alone, to put other data into it; the data that is there may be of any version.</summary>
    /// <exception cref="StartRefusedException">A hub runs on it.</exception>
    public static async Task<DataSession> OpenAloneAsync(string data, string? database, string command, CancellationToken cancel)
    {
        var session = await OpenSessionAsync(data, database, command, cancel);
        if (!session.BesideHub) return session;
        var place = session._services.GetRequiredService<HubDatabase>();
        await session.DisposeAsync();
        throw new StartRefusedException($"A hub runs on {place}. Stop it first; its data cannot be replaced under it.");
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        _lease?.Dispose();
    }

    private static async Task<DataSession> OpenSessionAsync(string data, string? typed, string command, CancellationToken cancel)
    {
        var folder = DataFolder.Open(data);
        var database = DatabaseTrouble.Read(typed, folder);
        await DatabaseTrouble.CheckAsync(database, cancel);
        var lease = InstanceLease.TryTake(folder, database, $"'deskbridge {command}'", TimeProvider.System);
        if (lease is not null && database.File is { } file) RestoreJournal.Finish(file);
        var services = new ServiceCollection()
            .AddLogging(log => log.AddFilter(level => level >= LogLevel.Warning)
                .AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None) // what fails is thrown, and told in a sentence
                .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error) // as in the hub: the keys folder is its owner's alone
                .AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace)) // standard output is the command's own
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddEnvironmentVariables().Build())
            .AddHubParts(folder, database, TimeProvider.System)
            .AddSingleton(CrashAt.FromEnvironment())
            .BuildServiceProvider();
        return new DataSession(folder, services, lease);
    }

    private async Task RefuseOlderAsync(CancellationToken cancel)
    {
        await using var hub = await _services.GetRequiredService<IDbContextFactory<HubDb>>().CreateDbContextAsync(cancel);
        await using var access = await _services.GetRequiredService<IDbContextFactory<AccessDb>>().CreateDbContextAsync(cancel);
        foreach (var db in new DbContext[] { hub, access })
        {
            if (!(await db.Database.GetPendingMigrationsAsync(cancel)).Any()) continue;
            throw new StartRefusedException(BesideHub
                ? $"The hub that runs on {Folder.Root} is older than this program. Use its own program for the command, or start the hub with this version first."
                : $"The database {_services.GetRequiredService<HubDatabase>()} was written by an older Deskbridge. Start the hub with this version once; that brings it up to date.");
        }
    }
}
