using Deskbridge.Telemetry;

namespace Deskbridge;

/// <summary>How a hub is started.</summary>
internal sealed record HubOptions
{
    public string Data { get; init; } = "./data";

    /// <summary>A SQLite file or a PostgreSQL database as <see cref="Core.Data.DatabaseAddress"/> reads it; null for the file in the data folder.</summary>
    public string? Database { get; init; }

    /// <summary>The encryption key of a PostgreSQL database is gone for good: stored secrets are given up and keys made anew.</summary>
    public bool LostKey { get; init; }

    /// <summary>Address to listen on. Loopback by default: what faces the network is a decision.</summary>
    public string Listen { get; init; } = "127.0.0.1";

    /// <summary>0 picks a free one.</summary>
    public int Port { get; init; } = 5080;

    /// <summary>False leaves the pages away: engine, callbacks and API alone, for a node that nobody opens in a browser.</summary>
    public bool Pages { get; init; } = true;

    public LogFormat LogFormat { get; init; }

    /// <summary>Configuration that wins over the environment's; for tests.</summary>
    public IReadOnlyDictionary<string, string?>? Configuration { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Runs as soon as the data folder is ours, before anything listens.</summary>
    public Func<DataFolder, Task>? FolderTaken { get; init; }

    /// <summary>Last word on the container; for tests.</summary>
    public Action<IServiceCollection>? Services { get; init; }
}
