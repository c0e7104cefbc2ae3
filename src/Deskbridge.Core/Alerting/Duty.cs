using Deskbridge.Core.Operations;

namespace Deskbridge.Core.Alerting;

/// <summary>People who share duty.</summary>
public sealed class Team
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Name; unique.</summary>
    public required string Name { get; set; }

    /// <summary>Free text.</summary>
    public string Description { get; set; } = "";

    /// <summary>Minutes until it begins again while nobody acknowledges. Default 5.</summary>
    public int RepeatMinutes { get; set; } = 5;

    /// <summary>In how many rounds a person is paged at most in one episode; 0 for no end. Default 0.</summary>
    public int MaxRepeats { get; set; }

    /// <summary>The steps of its escalation chain as JSON; empty for the usual one, which pages whoever is on duty again and again.</summary>
    public string Chain { get; set; } = "";

    /// <summary>Raised with every change of the chain.</summary>
    public int ChainVersion { get; set; }

    /// <summary>Its duty schedule as JSON; empty for none.</summary>
    public string Schedule { get; set; } = "";

    /// <summary>Raised with every change of the schedule.</summary>
    public int ScheduleVersion { get; set; }

    /// <summary>When the schedule puts somebody else on duty, or is to be looked at again; null without a schedule.</summary>
    public DateTimeOffset? ShiftsDueAt { get; set; }
}

/// <summary>
/// The next step of an alert's escalation chain: one row while there is one. It goes with the episode, in the transaction that ends it.
/// </summary>
public sealed class DueStep
{
    /// <summary>The alert.</summary>
    public required Guid AlertId { get; init; }

    /// <summary>Episode of the alert.</summary>
    public required int Episode { get; set; }

    /// <summary>Which time the chain is gone through in this episode, from 1.</summary>
    public required int Round { get; set; }

    /// <summary>Which step comes, from 1.</summary>
    public required int Step { get; set; }

    /// <summary>When the step before it ran; its wait counts from there.</summary>
    public required DateTimeOffset RanAt { get; set; }

    /// <summary>When it is due.</summary>
    public required DateTimeOffset DueAt { get; set; }

    /// <summary>After a restore it waits until its ticket was read, no longer than this.</summary>
    public DateTimeOffset? HeldUntil { get; set; }

    /// <summary>Its time has come.</summary>
    internal bool IsDue(DateTimeOffset now) => DueAt <= now && (HeldUntil is null || HeldUntil <= now);
}

/// <summary>A person's place in a team.</summary>
public sealed class TeamMember
{
    /// <summary>The team.</summary>
    public required Guid TeamId { get; init; }

    /// <summary>The person.</summary>
    public required Guid PersonId { get; init; }
}

/// <summary>A stretch of duty: from punch-in to punch-out, or by schedule.</summary>
public sealed class DutyPeriod
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The team.</summary>
    public required Guid TeamId { get; init; }

    /// <summary>The person.</summary>
    public required Guid PersonId { get; init; }

    /// <summary>Punch-in.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Punch-out or hand-over; null while on duty.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>When the shift ends that the schedule gave them; null where they punched in by hand. Later than <see cref="EndedAt"/> when they punched out of it: until then the schedule leaves them off.</summary>
    public DateTimeOffset? ShiftUntil { get; set; }
}

/// <summary>A way to reach a person.</summary>
public sealed class Channel
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Whose it is.</summary>
    public required Guid PersonId { get; init; }

    /// <summary>Kind.</summary>
    public required ChannelKind Kind { get; init; }

    /// <summary>Name given by its owner.</summary>
    public required string Name { get; set; }

    /// <summary>Email address, ntfy topic URL, webhook URL or telephone number (E.164). Of a Teams or Slack channel only the server: the rest is the <see cref="Secret"/>.</summary>
    public required string Address { get; set; }

    /// <summary>Encrypted: ntfy access token, webhook signing secret, or the whole address of a Teams or Slack channel; empty for none.</summary>
    public string Secret { get; set; } = "";

    /// <summary>Order in which a person's channels are tried, from 1.</summary>
    public int Position { get; set; } = 1;

    /// <summary>In use.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>When the code that was sent to its number was entered; null for a number that is not confirmed, and for the kinds that need none.</summary>
    public DateTimeOffset? VerifiedAt { get; set; }

    /// <summary>When the phone sent STOP; the channel is off until it sends START.</summary>
    public DateTimeOffset? StoppedAt { get; set; }

    /// <summary>Hash of the code that was sent last; empty for none.</summary>
    public string CodeHash { get; set; } = "";

    /// <summary>When it was sent.</summary>
    public DateTimeOffset? CodeSentAt { get; set; }

    /// <summary>Codes entered since.</summary>
    public int CodeTries { get; set; }

    /// <summary>Alerts may not use it before its owner has shown that the number is theirs.</summary>
    internal bool AwaitsCode => Kind == ChannelKind.Sms && VerifiedAt is null;

    /// <summary>The number is its owner's; alerts use it.</summary>
    internal void Confirm(DateTimeOffset now) => (VerifiedAt, CodeHash, Enabled) = (now, "", true);

    /// <summary>The other side wants nothing more by it.</summary>
    internal void Stop(DateTimeOffset now)
    {
        Enabled = false;
        if (Kind == ChannelKind.Sms) StoppedAt ??= now;
    }
}

/// <summary>Kinds of channel.</summary>
public enum ChannelKind
{
    /// <summary>Mail over SMTP.</summary>
    Email,

    /// <summary>An ntfy topic.</summary>
    Ntfy,

    /// <summary>A webhook signed as Standard Webhooks.</summary>
    Webhook,

    /// <summary>A Microsoft Teams channel or chat, by the web address of a workflow.</summary>
    Teams,

    /// <summary>A Slack channel, by an incoming webhook.</summary>
    Slack,

    /// <summary>Text messages to a telephone, through Twilio.</summary>
    Sms,
}

/// <summary>One page to one person by one channel. Its id is the delivery id every attempt carries.</summary>
public sealed class Page
{
    /// <summary>Delivery id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The alert.</summary>
    public required Guid AlertId { get; init; }

    /// <summary>Episode of the alert.</summary>
    public required int Episode { get; init; }

    /// <summary>Escalation step, from 1; <see cref="WarningStep"/> warns the administrators that nobody can be paged.</summary>
    public int Step { get; init; } = 1;

    /// <summary>Repeat number within the episode, from 1.</summary>
    public required int Repeat { get; init; }

    /// <summary>Who is paged.</summary>
    public required Guid PersonId { get; init; }

    /// <summary>By which channel.</summary>
    public required Guid ChannelId { get; init; }

    /// <summary>State.</summary>
    public PageState State { get; set; } = PageState.Pending;

    /// <summary>Not before this instant.</summary>
    public required DateTimeOffset DueAt { get; set; }

    /// <summary>When it was due before any attempt was put off; the next repeat counts from here.</summary>
    public required DateTimeOffset RoundAt { get; set; }

    /// <summary>When the row was written.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Attempts begun.</summary>
    public int Attempts { get; set; }

    /// <summary>The claim ends then; another sender may take over and repeat the attempt in doubt.</summary>
    public DateTimeOffset? LeaseUntil { get; set; }

    /// <summary>The hub that claimed it last.</summary>
    public Guid? Holder { get; set; }

    /// <summary>Fencing number of the claim.</summary>
    public int Epoch { get; set; }

    /// <summary>The provider's own id for it.</summary>
    public string? ProviderId { get; set; }

    /// <summary>The span that planned it; its sender goes on from there.</summary>
    public string? Trace { get; init; } = Tracing.Parent;

    /// <summary>Last refusal in words, or why it was superseded.</summary>
    public string? Error { get; set; }

    /// <summary>The step of warnings to administrators.</summary>
    internal const int WarningStep = 0;

    /// <summary>A first or postponed attempt is due, or the sender that claimed it did not come back.</summary>
    internal bool IsDue(DateTimeOffset now) => State switch
    {
        PageState.Pending => DueAt <= now,
        PageState.Sending => LeaseUntil <= now,
        _ => false,
    };

    /// <summary>Ends it without another attempt.</summary>
    internal void End(PageState state, string why)
    {
        State = state;
        Error = why;
        LeaseUntil = null;
    }
}

/// <summary>State of a page.</summary>
public enum PageState
{
    /// <summary>Due at its time.</summary>
    Pending,

    /// <summary>A sender has it; an attempt may be under way.</summary>
    Sending,

    /// <summary>The provider took it.</summary>
    Accepted,

    /// <summary>Refused for good, or out of attempts.</summary>
    Failed,

    /// <summary>No longer wanted: the alert was acknowledged, closed or its episode ended first.</summary>
    Superseded,
}

/// <summary>One attempt to deliver a page: the delivery ledger.</summary>
public sealed class PageAttempt
{
    /// <summary>The page.</summary>
    public required Guid PageId { get; init; }

    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>
    /// attempted, accepted, refused, failed, unknown; where the provider tells more later: undelivered, delivered; and acted, when it was answered.
    /// </summary>
    public required string Outcome { get; set; }

    /// <summary>The provider's answer in a sentence.</summary>
    public string Detail { get; set; } = "";

    internal const string Accepted = "accepted";
    internal const string Undelivered = "undelivered";
    internal const string Delivered = "delivered";
    internal const string Acted = "acted";

    /// <summary>Says what is known now. What says less than is known already came late and is passed over.</summary>
    /// <returns>Whether it was news.</returns>
    internal bool Rise(string outcome, string detail)
    {
        if (Rank(outcome) < Rank(Outcome)) return false;
        (Outcome, Detail) = (outcome, detail);
        return true;
    }

    private static int Rank(string outcome) => outcome switch
    {
        Acted => 5,
        Delivered => 4,
        Undelivered => 3,
        Accepted or "refused" => 2,
        "failed" or "unknown" => 1,
        _ => 0,
    };
}
