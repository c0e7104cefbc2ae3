using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Deskbridge.Backups;

/// <summary>Backups that the hub takes by itself, section <c>Backups</c> of the configuration.</summary>
internal sealed class BackupsOptions
{
    /// <summary>How often a backup is taken. Default 24 hours; zero for never.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "31.00:00:00")]
    public TimeSpan Every { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How many of them are kept. Default 7.</summary>
    [Range(1, 1000)]
    public int Keep { get; set; } = 7;

    /// <summary>Where they go. Default <c>backups</c> in the data folder; another disk is better.</summary>
    public string? Folder { get; set; }

    /// <summary>Folder of <c>pg_dump</c>, <c>pg_restore</c> and <c>psql</c>. Default: wherever the system finds them.</summary>
    public string? PostgresTools { get; set; }
}

[OptionsValidator]
internal sealed partial class BackupsOptionsValidator : IValidateOptions<BackupsOptions>;
