using Deskbridge.Core.Connections;

namespace Deskbridge.Features.Connections;

/// <summary>How connections and their runs look: words, colours and icons.</summary>
internal static class ConnectionFace
{
    /// <summary>One word on how a connection is doing, and its colour.</summary>
    public static (string Word, string Badge) State(ConnectionView connection, DateTimeOffset now) => connection switch
    {
        { SecretsLost: true } => ("Secrets lost", "bg-red-lt"),
        { State: ConnectionState.Draft } => ("Not installed", "bg-secondary-lt"),
        { State: ConnectionState.Paused } => ("Paused", "bg-yellow-lt"),
        { State: ConnectionState.Disabled } => ("Disabled", "bg-secondary-lt"),
        { State: ConnectionState.Removed } => ("Removed", "bg-secondary-lt"),
        { Health.FailingSince: not null } => ("Failing", "bg-red-lt"),
        { Health.BreakerOpenUntil: { } until } when until > now => ("Waiting after failures", "bg-red-lt"),
        { RuleChangeHeld: true } => ("Rules wait", "bg-yellow-lt"),
        { Health.Failure: not null } => ("Trouble", "bg-yellow-lt"),
        _ => ("Working", "bg-green-lt"),
    };

    /// <summary>How custom fields are written, as far as the connection learnt it.</summary>
    public static string CustomFields(CustomFieldMode mode) => mode switch
    {
        CustomFieldMode.Untested => "nothing was written yet, so it is not known which way is safe",
        CustomFieldMode.WholeProven => "all fields of a ticket together, which worked; next, one alone is tried",
        CustomFieldMode.Partial => "only the fields that change: tried, and the others stayed",
        CustomFieldMode.Whole => "all fields of a ticket together: one alone emptied others, which were put back",
        _ => "all fields of a ticket together: one alone emptied others, and putting them back failed; see the events",
    };

    public static string RunName(ConnectionRunKind kind) => kind switch
    {
        ConnectionRunKind.DryRun => "Dry run",
        ConnectionRunKind.Preview => "Preview of a rule",
        _ => kind.ToString(),
    };

    public static (string Word, string Badge) State(RunState state) => state switch
    {
        RunState.Running => ("at work", "bg-blue-lt"),
        RunState.Succeeded => ("succeeded", "bg-green-lt"),
        RunState.Failed => ("failed", "bg-red-lt"),
        RunState.Interrupted => ("interrupted", "bg-yellow-lt"),
        _ => ("cancelled", "bg-secondary-lt"),
    };

    /// <summary>Icon and colour of a run's step.</summary>
    public static (string Icon, string Colour) Step(string outcome) => outcome switch
    {
        "failed" => ("circle-x", "text-red"),
        "warning" => ("alert-triangle", "text-yellow"),
        "adopts" => ("git-compare", "text-yellow"),
        "would-create" => ("plus", "text-blue"),
        "matches" or "newly-matches" => ("bell", "text-blue"),
        "no-longer-matches" => ("x", "text-secondary"),
        "kept" => ("info-circle", "text-secondary"),
        _ => ("circle-check", "text-green"),
    };

    /// <summary>A short length of time, for sentences.</summary>
    public static string Seconds(TimeSpan span) => span.TotalSeconds == 1 ? "second" : $"{span.TotalSeconds.ToString("0.#", System.Globalization.CultureInfo.InvariantCulture)} seconds";

    public static string Times(int count) => count == 1 ? "once" : $"{count} times";

    /// <summary>How the remote's clock stands to the hub's.</summary>
    public static string Clock(long offsetMs) => (offsetMs / 1000) switch
    {
        0 => "the same time",
        > 0 and var ahead => $"{ahead} s ahead",
        var behind => $"{-behind} s behind",
    };

    /// <summary>Whole minutes, for sentences.</summary>
    public static string Minutes(TimeSpan span) => ((int)span.TotalMinutes).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
