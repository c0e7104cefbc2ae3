namespace Deskbridge.Core.Alerting.Escalation;

/// <summary>Whether a step has somebody to page.</summary>
internal enum StepReach
{
    /// <summary>Nobody is there, or no channel reaches them.</summary>
    Nobody,

    /// <summary>Somebody is there, but was paged as often as the team allows.</summary>
    Spent,

    /// <summary>Somebody can be paged.</summary>
    Somebody,
}

/// <summary>What a due step comes to.</summary>
internal enum StepOutcome
{
    /// <summary>The step at the position runs.</summary>
    Run,

    /// <summary>The rest of the round pages nobody; the next round begins after its usual wait.</summary>
    Rest,

    /// <summary>Everybody whom the chain reaches was paged as often as the team allows.</summary>
    Spent,

    /// <summary>The chain reaches nobody.</summary>
    Nobody,
}

/// <summary>Which step runs now. Pure: who can be paged is asked of the caller, and only for steps that come into question.</summary>
/// <param name="Outcome">What is done.</param>
/// <param name="At">The step that runs, or that the next round begins with.</param>
/// <param name="Passed">Steps that have nobody to page, and so are passed over.</param>
internal sealed record StepChoice(StepOutcome Outcome, ChainPosition At, IReadOnlyList<ChainPosition> Passed)
{
    /// <summary>Goes on over steps without anybody, at most once around.</summary>
    /// <param name="chain">The chain.</param>
    /// <param name="from">The step that is due.</param>
    /// <param name="begun">This round has paged somebody already, so that the next one may wait.</param>
    /// <param name="reach">Whether a step, by its number, has somebody to page.</param>
    public static async Task<StepChoice> FindAsync(EscalationChain chain, ChainPosition from, bool begun, Func<int, Task<StepReach>> reach)
    {
        var passed = new List<ChainPosition>();
        var spent = false;
        var at = from;
        for (var looked = 0; looked < chain.Steps.Count; looked++)
        {
            var found = await reach(at.Step);
            if (found == StepReach.Somebody) return new StepChoice(StepOutcome.Run, at, passed);
            if (found == StepReach.Nobody) passed.Add(at);
            spent |= found == StepReach.Spent;
            var next = chain.After(at);
            if (next.Round > at.Round && begun) return new StepChoice(StepOutcome.Rest, next, passed);
            at = next;
        }

        return new StepChoice(spent ? StepOutcome.Spent : StepOutcome.Nobody, from, passed);
    }
}
