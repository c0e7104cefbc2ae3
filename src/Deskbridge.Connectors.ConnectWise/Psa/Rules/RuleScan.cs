namespace Deskbridge.Connectors.ConnectWise.Psa.Rules;

internal enum RuleToken
{
    Open, Close, And, Or, Not, Clause, End,
}

/// <summary>
/// Cuts a rule text into clauses, joints and brackets. A place can be read in several ways, so this searches, best way
/// first, for one that reads the whole text. What can follow depends only on the place, the open brackets and whether a
/// clause is due, so a state that once failed is never tried again: the work stays in proportion to the text.
/// </summary>
internal sealed class RuleScan(string text, RuleNames names, bool opaque = false)
{
    private const int DeepestNesting = 64;

    private readonly ClauseReader _reader = new(text, names);
    private readonly Dictionary<int, IReadOnlyList<ClauseReading>> _readings = [];
    private readonly HashSet<State> _dead = [];
    private readonly List<Step> _steps = [];
    private State _furthest;
    private int? _tooDeep;
    private int _openBracket;

    internal readonly record struct Step(RuleToken Token, int Position, int End, RuleClause? Clause);

    private readonly record struct State(int At, int Depth, bool ClauseDue);

    /// <summary>The tokens of the whole text, or null when it cannot be read; then <see cref="Refusal"/> says why.</summary>
    public IReadOnlyList<Step>? Run()
    {
        var pending = new Stack<(State State, IReadOnlyList<Step> Choices, int Next)>();
        var start = new State(RuleCursor.SkipBlanks(text, 0), 0, true);
        pending.Push((start, Choices(start), 0));
        while (pending.TryPop(out var frame))
        {
            if (frame.Next == frame.Choices.Count)
            {
                _dead.Add(frame.State);
                if (_steps.Count > 0) _steps.RemoveAt(_steps.Count - 1);
                continue;
            }
            pending.Push(frame with { Next = frame.Next + 1 });
            var step = frame.Choices[frame.Next];
            if (step.Token == RuleToken.End) return _steps;
            var state = After(frame.State, step);
            if (_dead.Contains(state)) continue;
            _steps.Add(step);
            pending.Push((state, Choices(state), 0));
        }
        return null;
    }

    /// <summary>Why the text cannot be read: the furthest place any reading came to.</summary>
    public RuleParse Refusal()
    {
        if (_tooDeep is { } deep)
        {
            return RuleParse.Refused(ClauseSuggestions.TextAt(text, deep), deep, $"The condition is nested deeper than {DeepestNesting} levels at character {deep + 1}. Remove brackets or repeated \"not\".");
        }
        if (!_furthest.ClauseDue && _furthest.Depth > 0)
        {
            return RuleParse.Refused(text[_openBracket..Math.Min(text.Length, _openBracket + 80)], _openBracket, $"The bracket opened at character {_openBracket + 1} is never closed. Add \")\".");
        }
        if (!_furthest.ClauseDue)
        {
            return RuleParse.Refused(")", _furthest.At, $"The \")\" at character {_furthest.At + 1} closes no bracket. Remove it.");
        }
        var unread = ClauseSuggestions.TextAt(text, _furthest.At);
        return RuleParse.Refused(unread, _furthest.At, ClauseSuggestions.Explain(unread, _furthest.At));
    }

    private State After(State state, Step step) => new(
        RuleCursor.SkipBlanks(text, step.End),
        state.Depth + step.Token switch { RuleToken.Open => 1, RuleToken.Close => -1, _ => 0 },
        step.Token is RuleToken.And or RuleToken.Or or RuleToken.Not or RuleToken.Open);

    private List<Step> Choices(State state)
    {
        var choices = state.ClauseDue ? ClauseChoices(state) : JointChoices(state);
        if (choices.Count == 0 && state.At >= _furthest.At)
        {
            _furthest = state;
            _openBracket = InnermostOpenBracket();
        }
        return choices;
    }

    private List<Step> ClauseChoices(State state)
    {
        var at = state.At;
        var choices = new List<Step>();
        if (at == text.Length) return choices;
        var opens = text[at] == '(';
        var negates = RuleCursor.IsNot(text, at);
        if ((opens && state.Depth >= DeepestNesting) || (negates && RunOfNots() >= DeepestNesting))
        {
            _tooDeep = at;
            return choices;
        }
        if (!_readings.TryGetValue(at, out var readings)) _readings[at] = readings = _reader.ReadAt(at);
        choices.AddRange(readings.Select(reading => new Step(RuleToken.Clause, at, reading.End, reading.Clause)));
        if (negates) choices.Add(new(RuleToken.Not, at, at + 3, null));
        if (opens) choices.Add(new(RuleToken.Open, at, at + 1, null));
        if (opaque && choices.Count == 0 && RuleCursor.OpaqueEnd(text, at) is var end && end > at) choices.Add(new(RuleToken.Clause, at, end, new OpaqueClause(text[at..end])));
        return choices;
    }

    private List<Step> JointChoices(State state)
    {
        var at = state.At;
        if (at == text.Length) return state.Depth == 0 ? [new(RuleToken.End, at, at, null)] : [];
        if (text[at] == ')') return state.Depth > 0 ? [new(RuleToken.Close, at, at + 1, null)] : [];
        return RuleCursor.Joint(text, at) switch
        {
            "and" => [new(RuleToken.And, at, at + 3, null)],
            "or" => [new(RuleToken.Or, at, at + 2, null)],
            _ => [],
        };
    }

    private int RunOfNots()
    {
        var run = 0;
        while (run < _steps.Count && _steps[^(run + 1)].Token == RuleToken.Not) run++;
        return run;
    }

    private int InnermostOpenBracket()
    {
        var closed = 0;
        for (var i = _steps.Count - 1; i >= 0; i--)
        {
            if (_steps[i].Token == RuleToken.Close) closed++;
            else if (_steps[i].Token == RuleToken.Open && closed-- == 0) return _steps[i].Position;
        }
        return 0;
    }
}
