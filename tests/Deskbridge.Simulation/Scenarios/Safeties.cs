using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Alerting.Planning;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Runs;
using Deskbridge.Core.Sync;
using Deskbridge.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Deskbridge.Simulation.Scenarios;

/// <summary>A rule of the engine, an object that does nothing in its place, and a story in which the lack of it is noticed.</summary>
/// <param name="Section">Where engine.md has the rule.</param>
/// <param name="Rule">What it promises.</param>
/// <param name="NoOp">What the hub does without it.</param>
/// <param name="Scenario">What happens in the story.</param>
/// <param name="Checker">Which checker fails then.</param>
/// <param name="Story">Tells the story, with another composition of the hub if one is given; everything still has to settle.</param>
/// <param name="Without">Puts the no-op in the rule's place, by registering it.</param>
internal sealed record Safety(
    string Section, string Rule, string NoOp, string Scenario, string Checker, Func<Telling, Task<Scenario>> Story, Action<IServiceCollection> Without)
{
    /// <summary>False: nobody reads the list while things settle; only callbacks and wakes bring news.</summary>
    public bool Polls { get; init; } = true;

    /// <summary>On whose system its story is told.</summary>
    public IReadOnlyList<Vendor> Vendors { get; init; } = [Vendor.ConnectWise, Vendor.Autotask];
}

/// <summary>
/// Every rule that can be taken out. The tests tell each story twice, and the table in <c>docs/reliability.md</c> is made of this list.
/// </summary>
internal static class Safeties
{
    /// <summary>The story is about marker fields, boards, schedules, pages of a list or rules of time; or without markers nothing tells what was lost.</summary>
    private static readonly Vendor[] OnlyConnectWise = [Vendor.ConnectWise];

    public static IReadOnlyList<Safety> All { get; } =
    [
        new("§3", "A wake raised while its ticket is planned is kept", "the worker removes it", "a technician closes the ticket while it is being read", "I6",
            DoubtScenarios.ChangedWhilePlannedAsync, Sync(new() { WakeVersions = new NoRules.WakeVersions() })) { Polls = false },

        new("§4", "Read before write", "writes without looking", "a technician closes the ticket while an acknowledge is on its way", "I17",
            ConcurrencyScenarios.AcknowledgedWhileClosedAsync, Sync(new() { ReadBeforeWrite = new NoRules.Look() })),
        new("§4", "A write in doubt is looked at before it is sent again", "sends again blindly", "crash after the write, then a technician edits", "I7",
            DoubtScenarios.CrashedAfterThePatchAsync, Sync(new() { FieldProbe = new NoRules.Probe() })) { Vendors = OnlyConnectWise },
        new("§4", "The marker that moved proves that a write arrived", "sends again blindly", "a close answered 500 after its commit, then re-opened by a technician", "I7",
            DoubtScenarios.ClosedInDoubtThenReopenedAsync, Sync(new() { FieldProbe = new NoRules.Probe() })) { Vendors = OnlyConnectWise },
        new("§4", "A link with a write in doubt is not planned", "plans it", "an acknowledge whose answer is lost, given back at once", "I6",
            ConcurrencyScenarios.TakenAndGivenBackAsync, Sync(new() { Doubt = new NoRules.Doubt() })) { Vendors = OnlyConnectWise },
        new("§4", "A success counts only for the values that the answer shows", "believes every 200", "the board keeps the status and answers 200", "I4",
            Stories.SuccessWithoutChangeAsync, Sync(new() { Answers = new NoRules.Proof() })),
        new("§4", "One refused field does not hold back the others", "gives up the whole write", "the owner is refused", "I6",
            WriteScenarios.OwnerRefusedAsync, Sync(new() { RefusedFields = new NoRules.Split() })) { Vendors = OnlyConnectWise },
        new("§4", "After three overtaken writes in a row only the marker is written", "goes on for ever", "a technician changes the status before each write", "I8",
            Stories.DuelAsync, Alerts(new() { Supersedes = new NoRules.NeverGivesIn() })),
        new("§4", "Our notes are known by their mark", "takes any note for its own", "two equal notes, the second in doubt", "I14",
            DoubtScenarios.TwoEqualNotesAsync, Sync(new() { NoteProbe = new NoRules.Notes() })),
        new("§4", "A note that somebody changed on the ticket is not written over", "writes its edit without looking", "a technician changes our note before an edit of it is sent", "I7",
            Stories.NoteEditedOnBothSidesAsync, Sync(new() { NoteEdits = new NoRules.NoteEdits() })),
        new("§4", "\"Not found\" counts after the settle time and on a second look", "believes the first look", "a note whose answer is lost is listed 20 seconds late", "I14",
            Stories.NoteListedLateAsync, Sync(new() { Settle = new NoRules.Settle() })),
        new("§4", "Nobody is scheduled twice on a ticket", "adds an entry without looking", "acknowledged, given back, acknowledged again", "I3",
            Stories.AcknowledgedTwiceAsync, Sync(new() { ScheduleProbe = new NoRules.Schedule() })) { Vendors = OnlyConnectWise },
        new("§4", "A partial custom-field array is tried out before it is trusted", "sends parts from the start", "a system where parts wipe the rest", "I7",
            WriteScenarios.WipingFromTheStartAsync, Sync(new() { CustomFields = new NoRules.CustomFields() })) { Vendors = OnlyConnectWise },
        new("§4", "Every partial array is watched", "trusts the first lesson for ever", "the system turns to wiping in mid-life", "I7",
            WriteScenarios.ClosedAfterTheTurnToWipingAsync, Sync(new() { CustomFields = new NoRules.LearntOnce() })) { Vendors = OnlyConnectWise },

        new("§5", "Pages have a lane of their own", "pages wait for the marker", "the marker is refused", "I18",
            WriteScenarios.MarkerRefusedAsync, services => services.AddSingleton<PagePlanner, NoRules.PagesAfterTheMarker>()) { Vendors = OnlyConnectWise },
        new("§5", "Effects of one kind keep their order on a ticket", "sends whatever is due", "the first of two notes meets a server error", "I11",
            Stories.FirstNoteFailsAsync, Sync(new() { Order = new NoRules.Order() })),

        new("§6.1", "Marker clauses are answered from the link", "reads them from the ticket", "fields that nobody ever set, at go-live", "I15",
            TimeScenarios.WentLiveAsync, Alerts(new() { Markers = new NoRules.Markers() })) { Vendors = OnlyConnectWise },
        new("§6.2", "Events fire on the edge", "fire by level", "an alert is given back while its ticket is in progress", "I8",
            ConcurrencyScenarios.GivenBackWhileInProgressAsync, Alerts(new() { Edge = new NoRules.Edge() })),
        new("§6.3", "Rule actions run only for what a person did in the hub", "run for every transition", "a technician acknowledges on the ticket", "I17",
            ConcurrencyScenarios.AcknowledgedByTheTechnicianAsync, Alerts(new() { Actions = new NoRules.Origin() })) { Vendors = OnlyConnectWise },
        new("§6.3", "Only what the hub wrote is put back", "puts the old status back in any case", "acknowledged, moved on by a technician, given back", "I7",
            Stories.MovedOnBeforeTheUndoAsync, Alerts(new() { Undo = new NoRules.UndoAnything() })),
        new("§6.4", "Closed wins over acknowledged wins over open", "the hub's word wins", "acknowledged here and closed there at once", "lattice",
            ConcurrencyScenarios.AcknowledgedAndClosedAtOnceAsync, Alerts(new() { Lattice = new NoRules.Lattice() })),
        new("§6.5", "A ticket that comes back opens its alert again", "nothing happens", "re-opened twice within one poll", "I6",
            ConcurrencyScenarios.ReopenedTwiceAsync, Alerts(new() { Reentry = new NoRules.Reentry() })),
        new("§6.5", "A ticket that comes back does what the settings say", "opens the same alert in any case", "closed, opened again, and a new alert is asked for", "I15",
            ConcurrencyScenarios.BackWithANewAlertAsync, Alerts(new() { Reentry = new NoRules.AlwaysTheSameAlert() })),
        new("§6.7", "A status is found by its id", "by its name only", "a status is renamed while an acknowledge is on its way", "I7",
            WriteScenarios.RenamedAsync, Alerts(new() { Statuses = new NoRules.NamesOnly() })),
        new("§6.7", "On another board the status of the same name is meant", "by its id only", "the ticket is moved to another board", "I7",
            WriteScenarios.MovedAsync, Alerts(new() { Statuses = new NoRules.IdsOnly() })) { Vendors = OnlyConnectWise },
        new("§6.8", "An owner whom a person set stays", "is replaced", "a technician takes the ticket before the acknowledge", "I7",
            Stories.OwnedByAnotherAsync, Alerts(new() { Owners = new NoRules.AnyOwner() })),
        new("§6.10", "A ticket is looked at again when time alone may change the answer", "waits for a change", "\"age is more than 4 hours\"", "I15",
            TimeScenarios.WaitedTooLongAsync, Sync(new() { TimeWakes = new NoRules.Time() })) { Polls = false, Vendors = OnlyConnectWise },
        new("§6.11", "Install records the tickets that match already", "records nothing", "two open tickets stand there before Install", "I16",
            Stories.InstalledAmongTicketsAsync, services => services.AddSingleton<GoLive, NoRules.GoesLiveBlindly>()),
        new("§6.12", "Silence is an alarm", "nobody looks", "lists fail for a quarter of an hour", "silence",
            Stories.CannotReadAsync, services => services.AddSingleton<SilenceAlarm, NoRules.Silence>()),
        new("§6.12", "An alert that could page nobody pages at the next punch-in", "stays silent", "a ticket comes while nobody is on duty", "I15",
            Stories.NobodyOnDutyAsync, services => services.AddSingleton<PagePlanner, NoRules.NobodyLater>()),

        new("§8", "An old read never undoes a confirmed write", "every read is believed", "a page read before our write is applied after it", "I8",
            DoubtScenarios.OldPageAsync, Sync(new() { StaleReads = new NoRules.StaleReads() })),
        new("§8", "The mark follows what was read", "follows the clock", "a change is listed six minutes late", "I10",
            DoubtScenarios.SeenLateAsync, Sync(new() { Marks = new NoRules.Marks() })),
        new("§8", "The stream is paged by key", "by page number", "a technician changes a ticket of the first page before the second is read", "I10",
            Stories.ChangedBetweenPagesAsync, Sync(new() { Paging = new NoRules.PagesByNumber() })) { Vendors = OnlyConnectWise },
        new("§8", "A callback that is newer than the read keeps its wake", "is content with the old read", "a callback comes before the change can be read", "I6",
            DoubtScenarios.CalledBackTooEarlyAsync, Sync(new() { Freshness = new NoRules.Freshness() })) { Polls = false },
        new("§8", "Many missing tickets are asked about", "are taken for deleted", "the API member loses its rights for two sweeps", "I13",
            DeletionScenarios.WithoutRightsAsync, Sync(new() { Deletions = new NoRules.Deletions() })) { Polls = false },
        new("§8", "Calls stay within the budget", "are made at once", "150 tickets at once, 120 calls a minute", "budget",
            how => FloodScenarios.FloodedAsync(150, callsPerMinute: 120, how), services => services.AddSingleton<CallBudgets, FloodScenarios.NoBudgets>()) { Vendors = OnlyConnectWise },

        new("§10", "Remove keeps custom fields whose loss nobody confirmed", "deletes them with their values", "the connection is removed", "removal",
            Stories.RemovedAsync, services => services.AddSingleton<RemovalRule, NoRules.RemovesAll>()) { Vendors = OnlyConnectWise },
        new("§10", "After a restore a marker that moved is believed", "the backup is believed", "restored from before the acknowledge", "I6",
            RestoreScenarios.AcknowledgedAfterTheBackupAsync, Alerts(new() { LaterMarkers = new NoRules.NoLaterMarker() })) { Vendors = OnlyConnectWise },
        new("§10", "After a restore everything unfinished is in doubt", "is sent", "the note in the backup was sent a moment later", "I14",
            how => RestoreScenarios.NoteUnsentInTheBackupAsync(planned: true, how), Alerts(new() { RestoredWork = new NoRules.NothingInDoubt() })),
        new("§10", "After a restore our notes are found on their tickets", "are forgotten", "restored from before the note", "I14",
            RestoreScenarios.NoteAfterTheBackupAsync, Alerts(new() { RestoredWork = new NoRules.NothingInDoubt() })),
    ];

    private static Action<IServiceCollection> Sync(SyncSafeties rules) => services => services.AddSingleton(rules);

    private static Action<IServiceCollection> Alerts(AlertSafeties rules) => services => services.AddSingleton(rules);
}
