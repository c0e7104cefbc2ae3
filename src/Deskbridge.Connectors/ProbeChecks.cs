namespace Deskbridge.Connectors;

/// <summary>The checks of a Test as they are made, in order: one that fails is a line with its fix, and the next ones may still be made.</summary>
/// <param name="fix">What mends a failure of the remote system.</param>
public sealed class ProbeChecks(Func<ConnectorException, string> fix)
{
    private readonly List<ProbeCheck> _made = [];

    /// <summary>Those that were made.</summary>
    public IReadOnlyList<ProbeCheck> Made => _made;

    /// <summary>Adds what was found beside.</summary>
    /// <param name="check">A check.</param>
    public void Add(ProbeCheck check) => _made.Add(check);

    /// <summary>Adds what was found beside.</summary>
    /// <param name="checks">Checks.</param>
    public void AddRange(IEnumerable<ProbeCheck> checks) => _made.AddRange(checks);

    /// <summary>Makes a check.</summary>
    /// <param name="name">What it is called when it cannot be made.</param>
    /// <param name="check">Makes it.</param>
    /// <returns>False when it failed.</returns>
    public async Task<bool> RunAsync(string name, Func<Task<ProbeCheck>> check)
    {
        try
        {
            var done = await check();
            _made.Add(done);
            return done.Outcome != ProbeOutcome.Failed;
        }
        catch (ConnectorException failure)
        {
            _made.Add(new(name, ProbeOutcome.Failed, failure.Message, fix(failure)));
            return false;
        }
    }
}
