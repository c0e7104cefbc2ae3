using Deskbridge.Connectors;
using Deskbridge.Core.Operations;

namespace Deskbridge.Core.Connections;

/// <summary>One configured remote instance.</summary>
public sealed class Connection
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Connector kind.</summary>
    public required string Kind { get; init; }

    /// <summary>Name given by the administrator; unique.</summary>
    public required string Name { get; set; }

    /// <summary>Free text.</summary>
    public string Description { get; set; } = "";

    /// <summary>The team its alerts go to.</summary>
    public Guid? TeamId { get; set; }

    /// <summary>Where it stands.</summary>
    public ConnectionState State { get; set; } = ConnectionState.Draft;

    /// <summary>Settings as JSON, secrets left out.</summary>
    public required string Options { get; set; }

    /// <summary>Secret settings as JSON, encrypted; empty when none was entered.</summary>
    public string Secrets { get; set; } = "";

    /// <summary>The account at the remote, whatever its address; two connections of a kind with one key talk to the same system.</summary>
    public required string InstanceKey { get; set; }

    /// <summary>Unguessable part of the callback address.</summary>
    public required string CallbackToken { get; init; }

    /// <summary>When it was created.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Start instant of the Install that made it active, on the hub's clock; null before.</summary>
    public DateTimeOffset? InstalledAt { get; set; }

    /// <summary>The rule version in force.</summary>
    public Guid? RuleVersionId { get; set; }

    /// <summary>A changed rule version that waits for a person's word, because it would raise many alerts at once.</summary>
    public Guid? HeldRuleVersionId { get; set; }

    /// <summary>How custom fields may be written (engine.md §4).</summary>
    public CustomFieldMode CustomFields { get; set; } = CustomFieldMode.Untested;

    /// <summary>Raised whenever an effect is marked Sent or settled (engine.md §8).</summary>
    public long WriteCounter { get; set; }

    /// <summary>Changes with every change of settings; a running connector of an older version is replaced.</summary>
    public int Version { get; set; } = 1;
}

/// <summary>Where a connection stands.</summary>
public enum ConnectionState
{
    /// <summary>Settings exist; nothing was created or is read.</summary>
    Draft,

    /// <summary>Reads and writes.</summary>
    Active,

    /// <summary>Reads nothing and writes nothing; what is queued stays queued.</summary>
    Paused,

    /// <summary>Switched off; the queue was dropped.</summary>
    Disabled,

    /// <summary>Removed; kept for the history of its links.</summary>
    Removed,
}

/// <summary>How custom fields may be written on a connection.</summary>
public enum CustomFieldMode
{
    /// <summary>Nothing written yet: the first write sends the whole array and runs alone.</summary>
    Untested,

    /// <summary>One whole array was written: of the next writes one at a time sends a part.</summary>
    WholeProven,

    /// <summary>A part was seen to leave the others alone.</summary>
    Partial,

    /// <summary>A part was seen to wipe the others, which were restored: whole arrays from now on.</summary>
    Whole,

    /// <summary>A part was seen to wipe the others, and the remote refused to have them put back: whole arrays from now on, and a person must see to the loss (decision 0034).</summary>
    Unrestored,
}

/// <summary>How a connection is doing; changes often, so it has a row of its own.</summary>
public sealed class ConnectionHealth
{
    /// <summary>Writes and callbacks closer together than this are told as one: each would have to wait for this row otherwise.</summary>
    private static readonly TimeSpan ToldApart = TimeSpan.FromSeconds(5);

    /// <summary>The connection.</summary>
    public required Guid ConnectionId { get; init; }

    /// <summary>Last poll that read to the end.</summary>
    public DateTimeOffset? LastReadAt { get; set; }

    /// <summary>Last confirmed write, within five seconds.</summary>
    public DateTimeOffset? LastWriteAt { get; set; }

    /// <summary>Last verified callback, within five seconds.</summary>
    public DateTimeOffset? LastCallbackAt { get; set; }

    /// <summary>Since when reading fails; null while it works.</summary>
    public DateTimeOffset? FailingSince { get; set; }

    /// <summary>The last failure in words; null while all is well.</summary>
    public string? Failure { get; set; }

    /// <summary>Failures in a row.</summary>
    public int FailuresInARow { get; set; }

    /// <summary>The breaker is open until then: no read or write is tried.</summary>
    public DateTimeOffset? BreakerOpenUntil { get; set; }

    /// <summary>The remote's clock minus ours, milliseconds.</summary>
    public long ClockOffsetMs { get; set; }

    /// <summary>State of the callback subscriptions, in words.</summary>
    public string Callbacks { get; set; } = "";

    /// <summary>Since when the remote has our address to call; null while it has none.</summary>
    public DateTimeOffset? CallbacksDueSince { get; set; }

    /// <summary>Changes that polling found since the last callback.</summary>
    public int Untold { get; set; }

    /// <summary>When polling found the first of them.</summary>
    public DateTimeOffset? UntoldSince { get; set; }

    /// <summary>Since when callbacks are taken for lost (engine.md §9); null while they come, or nothing happens that they would tell of.</summary>
    public DateTimeOffset? CallbacksSilentSince { get; set; }

    /// <summary>The subscriptions are to be looked at within a minute: the last look did not come to its end, or somebody says that one is gone.</summary>
    public bool CallbacksUnchecked { get; set; }

    /// <summary>When the remote was last found to have switched a subscription off; null for never.</summary>
    public DateTimeOffset? CallbacksFoundOffAt { get; set; }

    /// <summary>The hub that looks at the subscriptions, or did last.</summary>
    public Guid? CallbacksHeldBy { get; set; }

    /// <summary>No other hub looks at them until then; null when none does.</summary>
    public DateTimeOffset? CallbacksHeldUntil { get; set; }

    /// <summary>When a marker was last seen with a word that the hub did not write, within a minute; null for never.</summary>
    public DateTimeOffset? MarkersMovedAt { get; set; }

    /// <summary>Which one that was, in words.</summary>
    public string MarkersMoved { get; set; } = "";

    /// <summary>A write was confirmed.</summary>
    internal void Wrote(DateTimeOffset now) => LastWriteAt = Later(LastWriteAt, now);

    /// <summary>A callback was verified.</summary>
    internal void Called(DateTimeOffset now)
    {
        LastCallbackAt = Later(LastCallbackAt, now);
        (Untold, UntoldSince, CallbacksSilentSince) = (0, null, null);
    }

    private static DateTimeOffset Later(DateTimeOffset? last, DateTimeOffset now) => last is { } told && now - told < ToldApart && now >= told ? told : now;
}

/// <summary>An object in the remote system that this connection uses.</summary>
public sealed class InstalledObject
{
    /// <summary>The connection.</summary>
    public required Guid ConnectionId { get; init; }

    /// <summary>Role, unique per connection.</summary>
    public required string Role { get; init; }

    /// <summary>Kind for people.</summary>
    public required string Kind { get; init; }

    /// <summary>Name.</summary>
    public required string Name { get; set; }

    /// <summary>Remote id.</summary>
    public required string RemoteId { get; set; }

    /// <summary>We created it.</summary>
    public required bool Created { get; set; }

    /// <summary>Hash of its content as created.</summary>
    public required string Fingerprint { get; set; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; set; }

    /// <summary>What a connector made or found.</summary>
    internal static InstalledObject Of(Guid connectionId, ProvisionedObject made, DateTimeOffset at) => new()
    {
        ConnectionId = connectionId,
        Role = made.Role,
        Kind = made.Kind,
        Name = made.Name,
        RemoteId = made.RemoteId,
        Created = made.Created,
        Fingerprint = made.Fingerprint,
        At = at,
    };
}

/// <summary>The rules of a connection as read at one moment; immutable. The latest one in force is named by the connection.</summary>
public sealed class RuleVersion
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The connection.</summary>
    public required Guid ConnectionId { get; init; }

    /// <summary>Hash of the body.</summary>
    public required string Hash { get; init; }

    /// <summary>The rule book's text.</summary>
    public required string Body { get; init; }

    /// <summary>When it was first read.</summary>
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>Laws it was last found to break, as JSON; null before it was checked.</summary>
    public string? BrokenLaws { get; set; }

    /// <summary>Events that the remote system is asked about instead of evaluating them here, with the reason, as JSON by event id; null for none.</summary>
    public string? AskedEvents { get; set; }
}

/// <summary>One long piece of work on a connection: test, dry run, install, sync, remove.</summary>
public sealed class ConnectionRun
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The connection.</summary>
    public required Guid ConnectionId { get; init; }

    /// <summary>What it does.</summary>
    public required ConnectionRunKind Kind { get; init; }

    /// <summary>How far it is.</summary>
    public RunState State { get; set; } = RunState.Running;

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The result in a sentence.</summary>
    public string Summary { get; set; } = "";

    /// <summary>Steps in all, when known.</summary>
    public int Total { get; set; }

    /// <summary>Who asked for it.</summary>
    public Guid? PersonId { get; init; }

    /// <summary>The hub it runs in.</summary>
    public Guid? NodeId { get; init; }

    /// <summary>Somebody asked another hub to stop it; it stops at its next step.</summary>
    public bool CancelAsked { get; set; }
}

/// <summary>What a run does.</summary>
public enum ConnectionRunKind
{
    /// <summary>Every check.</summary>
    Test,

    /// <summary>What Install would create and which tickets would match; writes nothing.</summary>
    DryRun,

    /// <summary>Creates what is needed and starts the connection.</summary>
    Install,

    /// <summary>Reads everything again.</summary>
    Sync,

    /// <summary>Removes what the connection created.</summary>
    Remove,

    /// <summary>Which tickets an edited rule would match; writes nothing.</summary>
    Preview,
}

/// <summary>How far a run is.</summary>
public enum RunState
{
    /// <summary>At work.</summary>
    Running,

    /// <summary>Ended well.</summary>
    Succeeded,

    /// <summary>Ended with a failure; the summary says which.</summary>
    Failed,

    /// <summary>The hub stopped in the middle; it may be started again and goes on.</summary>
    Interrupted,

    /// <summary>A person stopped it.</summary>
    Cancelled,
}

/// <summary>One step of a run.</summary>
public sealed class ConnectionRunItem
{
    /// <summary>The run.</summary>
    public required Guid RunId { get; init; }

    /// <summary>Order within the run, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>What it is about.</summary>
    public required string Name { get; init; }

    /// <summary>passed, warning, failed, created, exists, would-create, adopts, matches, removed, kept.</summary>
    public required string Outcome { get; init; }

    /// <summary>In words.</summary>
    public required string Message { get; init; }

    /// <summary>How to mend it; null when there is nothing to mend.</summary>
    public string? Fix { get; init; }
}

/// <summary>An entry of a connection's event log.</summary>
public sealed class ConnectionEvent
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>The connection.</summary>
    public required Guid ConnectionId { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>One of <see cref="EventKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>The ticket it is about.</summary>
    public string? RemoteId { get; init; }

    /// <summary>The alert it is about.</summary>
    public Guid? AlertId { get; init; }

    /// <summary>One sentence.</summary>
    public required string Message { get; init; }

    /// <summary>Raw payload, when there is one.</summary>
    public string? Payload { get; init; }

    /// <summary>The decision trace, one clause per line.</summary>
    public string? Trace { get; init; }

    /// <summary>The trace in which it happened, 32 hex digits, to be found in the log; null for entries of older versions.</summary>
    public string? TraceId { get; init; } = Tracing.TraceId;
}
