using Deskbridge.Testing;

namespace Deskbridge.Simulation.Crash;

/// <summary>
/// Which kills are made, in which order, in two worlds beside each other: one with ConnectWise, one with Autotask, which change plans from one database
/// to the other. A kill without a name comes from outside at a random moment.
/// </summary>
internal static class KillPlan
{
    public const string Random = "random";

    /// <summary>Notes in doubt come early: "not there" is believed after a minute only, and that minute then runs beside the rest.</summary>
    private static readonly string[] First =
    [
        "note.answered", "note-edit.answered", "effect.sent", "effect.probe-read", "effect.before-sent",
        "poll.before-commit", "poll.after-commit",
        "wake.claimed:2", "wake.read", "plan.before-commit:2", "plan.after-commit:2",
        "page.claimed", "page.sent", "page.answered", "page.planned", "page.recorded",
        "inbox.stored", "action.before-commit", "action.after-commit", Random, Random,
        "effect.before-sent:2", "effect.sent:2", "effect.probe-read", "effect.confirmed:2", "note.answered:3",
        "poll.before-commit:2", "poll.after-commit:2", "wake.claimed:3", "wake.read:4", "plan.before-commit:7", "plan.after-commit:7",
        "page.claimed:2", "page.planned:2", "page.recorded:2", "page.answered:3", "action.before-commit:3", "inbox.stored:3",
        Random, Random, Random, Random, Random, Random, Random, Random,
    ];

    private static readonly string[] Second =
    [
        "effect.sent:3", "note.answered:2", "note-edit.answered:2",
        "effect.claimed", "effect.read", "effect.answered", "effect.probe-read", "effect.before-confirm", "effect.confirmed",
        "effect.answered:3", "effect.probe-read", "effect.before-confirm:2", "effect.claimed:3",
        "page.answered:2", "page.sent:2", "plan.after-commit:5", "plan.before-commit:5", "wake.read:3",
        "action.after-commit:2", "action.before-commit:2", "inbox.stored:2",
        "effect.claimed:5", "effect.read:2", "effect.answered:2", "effect.probe-read", "effect.before-confirm:3", "effect.sent:5",
        "note.answered:4", "page.sent:3", "page.claimed:3", "page.recorded:3", "plan.before-commit:9", "plan.after-commit:9",
        "wake.claimed:5", "action.after-commit:4", "inbox.stored:5", "poll.before-commit:3", "effect.confirmed:3",
        Random, Random, Random, Random, Random, Random, Random, Random, Random, Random, Random, Random,
    ];

    /// <summary>Only ConnectWise has fields and rules to make, pages of the list of changes, files and schedules.</summary>
    private static readonly string[] OnlyConnectWise =
        ["install.step-applied", "install.step-applied:4", "install.before-active", "poll.between-pages", "document.answered", "schedule.answered", "document.answered:2", "schedule.answered"];

    public static IReadOnlyList<string> Of(Vendor vendor, bool onPostgres) => vendor == Vendor.ConnectWise
        ? [.. OnlyConnectWise, .. onPostgres ? Second : First]
        : ["install.before-active", .. onPostgres ? First : Second];
}
