using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Connections;

/// <summary>How connections are run, section <c>Connections</c> of the configuration.</summary>
public sealed class ConnectionsOptions
{
    /// <summary>How often changed tickets are read. Default 20 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>How often rules are read again. Default 60 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "1.00:00:00")]
    public TimeSpan RuleInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How often callback subscriptions are checked. Default 15 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan CallbackInterval { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How often every linked ticket is compared with the remote. Default 24 hours.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "7.00:00:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromHours(24);

    /// <summary>For how long a connection may fail to read before it raises an alert of the hub's own. Default 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:30", "1.00:00:00")]
    public TimeSpan SilenceAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Calls a connection may make in a minute. Default 600.</summary>
    [Range(10, 100_000)]
    public int CallsPerMinute { get; set; } = 600;

    /// <summary>A changed rule that would newly raise more alerts than this waits for a person's word. Default 10.</summary>
    [Range(0, 100_000)]
    public int RuleChangeLimit { get; set; } = 10;

    /// <summary>How long boards, statuses and members are remembered. Default 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ListsKeptFor { get; set; } = TimeSpan.FromMinutes(10);
}

/// <summary>Checked at start; generated from the attributes.</summary>
[OptionsValidator]
internal sealed partial class ConnectionsOptionsValidator : IValidateOptions<ConnectionsOptions>;
