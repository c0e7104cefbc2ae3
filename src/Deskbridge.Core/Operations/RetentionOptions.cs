using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Operations;

/// <summary>How long what piles up is kept, in days; section <c>Retention</c>. What rules, writes and pages need is not among it, and neither are alerts, the audit and people.</summary>
public sealed class RetentionOptions
{
    /// <summary>Raw payloads: what callbacks and answers held. Default 30.</summary>
    [Range(1, 36500)]
    public int Payloads { get; set; } = 30;

    /// <summary>Ids of callback deliveries, by which a repeated one is known. Default 90.</summary>
    [Range(1, 36500)]
    public int Deliveries { get; set; } = 90;

    /// <summary>Entries of the event log. Default 365.</summary>
    [Range(1, 36500)]
    public int Events { get; set; } = 365;

    /// <summary>Content of files attached to alerts, counted from when they arrived on the ticket; one that did not is kept. Default 30.</summary>
    [Range(1, 36500)]
    public int Files { get; set; } = 30;

    /// <summary>The single tries of writes and pages that are done with. Default 90.</summary>
    [Range(1, 36500)]
    public int Attempts { get; set; } = 90;

    /// <summary>The single steps of tests, dry runs and installs. Default 180.</summary>
    [Range(1, 36500)]
    public int RunItems { get; set; } = 180;

    /// <summary>The last look at tickets that never had to do with an alert, counted from their last change. Default 400.</summary>
    [Range(30, 36500)]
    public int UnusedTickets { get; set; } = 400;
}

/// <summary>Checked at start.</summary>
[OptionsValidator]
internal sealed partial class RetentionOptionsValidator : IValidateOptions<RetentionOptions>;
