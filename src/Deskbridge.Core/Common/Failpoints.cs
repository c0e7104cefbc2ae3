namespace Deskbridge.Core.Common;

/// <summary>
/// Named places where a crash would hurt most. Nothing happens there unless the process was started with
/// <c>DESKBRIDGE_FAILPOINT=name[:hit]</c>, as the kill tests do; then the process ends itself the hard way at that hit.
/// </summary>
public sealed class Failpoints(Action<string> hit)
{
    /// <summary>Does nothing.</summary>
    public static Failpoints None { get; } = new(static _ => { });

    /// <summary>Passes a named place.</summary>
    /// <param name="name">For example <c>effect.sent</c>; all names are listed in <see cref="Names"/>.</param>
    public void Pass(string name) => hit(name);

    /// <summary>Those that only the commands <c>backup</c> and <c>restore</c> pass.</summary>
    public static IReadOnlyList<string> OfCommands { get; } =
        ["backup.copied", "backup.packed", "restore.staged", "restore.begun", "restore.moved-aside", "restore.moved-in"];

    /// <summary>Every failpoint of a running hub, for the tests that must reach each.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "poll.before-commit", "poll.after-commit", "poll.between-pages",
        "wake.claimed", "wake.read", "plan.before-commit", "plan.after-commit",
        "effect.claimed", "effect.read", "effect.before-sent", "effect.sent", "effect.answered", "effect.before-confirm", "effect.confirmed",
        "effect.probe-read", "note.answered", "note-edit.answered", "document.answered", "schedule.answered",
        "page.claimed", "page.sent", "page.answered", "page.recorded", "page.planned",
        "inbox.stored", "action.before-commit", "action.after-commit", "install.step-applied", "install.before-active",
    ];
}
