namespace Deskbridge.Sandbox.Faults;

/// <summary>The fault rules in force. Chances come from one seeded source, so that a run can be repeated.</summary>
internal sealed class FaultBook(int seed)
{
    private readonly Lock _gate = new();
    private readonly List<FaultRule> _rules = [];
#pragma warning disable CA5394 // reproducible faults want a seeded source, not a secure one
    private readonly Random _chance = new(seed);
    private int _lastId;

    public IReadOnlyList<FaultRule> Rules
    {
        get
        {
            lock (_gate) return [.. _rules];
        }
    }

    public FaultRule Add(FaultRule rule)
    {
        lock (_gate)
        {
            rule = rule with { Id = ++_lastId };
            _rules.Add(rule);
            return rule;
        }
    }

    /// <summary>Removes one rule, or all.</summary>
    public void Remove(int? id)
    {
        lock (_gate) _rules.RemoveAll(r => id is null || r.Id == id);
    }

    /// <summary>The rules that strike this call; each use counts.</summary>
    public IReadOnlyList<FaultRule> Strike(bool callbacks, string method, string path)
    {
        lock (_gate)
        {
            var struck = _rules.Where(r => r.ForCallbacks == callbacks && r.Matches(method, path) && _chance.NextDouble() < r.Probability).ToList();
            foreach (var rule in struck.Where(r => r.Count is not null))
            {
                var at = _rules.FindIndex(r => r.Id == rule.Id);
                if (_rules[at].Count <= 1) _rules.RemoveAt(at);
                else _rules[at] = _rules[at] with { Count = _rules[at].Count - 1 };
            }

            return struck;
        }
    }
#pragma warning restore CA5394
}
