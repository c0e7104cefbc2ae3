using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Sync;

/// <summary>How long claims last, section <c>Sync</c> of the configuration. Shorter ones let another hub take over sooner; a hub that works on must never outlive its own.</summary>
public sealed class SyncLeases
{
    /// <summary>How long a sender holds an effect. Default 2 minutes: longer than two requests may take.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "00:30:00")]
    public TimeSpan EffectLease { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>With less than this left of its claim a sender does not send any more: a request that begins must also end before another hub may take over. Default 35 seconds, longer than a request may take.</summary>
    [Range(typeof(TimeSpan), "00:00:03", "00:10:00")]
    public TimeSpan SendMargin { get; set; } = TimeSpan.FromSeconds(35);

    /// <summary>How long a worker holds a ticket. Default 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:10:00")]
    public TimeSpan WakeLease { get; set; } = TimeSpan.FromMinutes(1);
}

/// <summary>Checked at start.</summary>
[OptionsValidator]
internal sealed partial class SyncLeaseRangesValidator : IValidateOptions<SyncLeases>;

/// <summary>What ranges cannot say.</summary>
internal sealed class SyncLeasesValidator : IValidateOptions<SyncLeases>
{
    public ValidateOptionsResult Validate(string? name, SyncLeases options) =>
        options.EffectLease >= options.SendMargin * 2
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail("Sync:EffectLease must be at least twice Sync:SendMargin, or a sender would have no time to read before it writes.");
}
