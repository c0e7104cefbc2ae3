using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Alerting;

/// <summary>How pages are sent.</summary>
public sealed class AlertingOptions
{
    /// <summary>How often due pages are looked for when nothing hints at them. Default 1 second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:00:10")]
    public TimeSpan PageInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one attempt may take. Default 15 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan PageTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a sender holds a page; well above the timeout of an attempt. Default 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:10:00")]
    public TimeSpan PageLease { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How many pages one pass takes up; at most twice as many are under way. Default 32.</summary>
    [Range(1, 256)]
    public int PagesAtOnce { get; set; } = 32;

    /// <summary>The largest file that can be attached to an alert, in bytes. Default 10 MB.</summary>
    [Range(1024, MostOfAFile)]
    public int LargestFile { get; set; } = 10 * 1024 * 1024;

    /// <summary>Files are held in memory while they are taken and sent.</summary>
    internal const int MostOfAFile = 25 * 1024 * 1024;

    /// <summary>How often a page is tried before it counts as failed; the waits in between add up to about half an hour. Default 8.</summary>
    [Range(1, 20)]
    public int PageAttempts { get; set; } = 8;
}

/// <summary>Checked at start.</summary>
[OptionsValidator]
internal sealed partial class AlertingRangesValidator : IValidateOptions<AlertingOptions>;

/// <summary>What ranges cannot say.</summary>
internal sealed class AlertingOptionsValidator : IValidateOptions<AlertingOptions>
{
    public ValidateOptionsResult Validate(string? name, AlertingOptions options) =>
        options.PageLease >= options.PageTimeout * 2
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Alerting:PageLease must be at least twice Alerting:PageTimeout, or a slow answer would be sent twice.");
}
