using Deskbridge.Simulation.World;

namespace Deskbridge.Simulation.Checks;

/// <summary>The invariants of engine.md §11, each a named checker. What can only be seen while it happens is reported by the world itself.</summary>
internal static class Invariants
{
    private static readonly (string Name, Func<Evidence, IEnumerable<string>> Check)[] All =
    [
        ("I1", SingleCheckers.OneLinkAndOneAlert),
        ("I3", SingleCheckers.OneObjectPerKey),
        ("I3", SingleCheckers.OneOpenEntryPerMember),
        ("I4", AgreementCheckers.BaseIsAgreed),
        ("I5", AgreementCheckers.NothingIsLeft),
        ("I6", AgreementCheckers.BothSidesAgree),
        ("I7", LossCheckers.NothingIsLost),
        ("I8", LossCheckers.OurOwnEchoCausesNothing),
        ("I8", OrderCheckers.NobodyIsFoughtForLong),
        ("I9", SingleCheckers.NothingIsWrittenForUnattached),
        ("I11", OrderCheckers.ConfirmedInOrder),
        ("I12", SingleCheckers.ConnectionsStayApart),
        ("I13", SingleCheckers.OnlyTheDeletedAreBuried),
        ("I13", SingleCheckers.TheDeletedAreBuried),
        ("I14", SingleCheckers.NotesArriveOnce),
        ("I14", SingleCheckers.FilesArriveOnce),
        ("I14", SingleCheckers.StateNotesArriveOnce),
        ("I9", SingleCheckers.MarkersOnlyWhereTheyExist),
        ("I7", SingleCheckers.TheirTextsAreNotWrittenOver),
        ("I15", PageCheckers.RaisedOnceAndPaged),
        ("I17", OrderCheckers.OnlyPersonsActOnTickets),
        ("I18", PageCheckers.PagesWaitForNothing),
        ("decisions", SingleCheckers.OneRowPerDecision),
        ("budget", OrderCheckers.CallsStayWithinTheBudget),
        ("removal", SingleCheckers.OnlyOurOwnIsTakenAway),
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(checker => checker.Name).Concat(["I2", "I10", "I16", "lattice", "silence"]).Distinct()];

    /// <summary>Every violation, those seen on the way included.</summary>
    public static async Task<IReadOnlyList<Violation>> CheckAsync(SimulatedWorld world)
    {
        var evidence = await Evidence.CollectAsync(world);
        return [.. world.Violations, .. All.SelectMany(checker => checker.Check(evidence).Select(message => new Violation(checker.Name, message)))];
    }
}
