namespace Deskbridge.Access;

/// <summary>
/// Lets attempts on one account come one after another: side by side they would all be checked before any is counted, and the lockout
/// would bound bursts only. Accounts share a few turns, which costs a wait at most.
/// </summary>
internal sealed class AttemptTurns : IDisposable
{
    private const int Count = 64;

    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, Count).Select(_ => new SemaphoreSlim(1, 1))];

    /// <summary>Waits for the account's turn; it ends when the answer is disposed.</summary>
    public async Task<Turn> EnterAsync(string account, CancellationToken cancel)
    {
        var turn = _turns[(uint)string.GetHashCode(account, StringComparison.Ordinal) % Count];
        await turn.WaitAsync(cancel);
        return new Turn(turn);
    }

    public void Dispose()
    {
        foreach (var turn in _turns) turn.Dispose();
    }

    /// <summary>A turn that is held.</summary>
    internal readonly struct Turn(SemaphoreSlim held) : IDisposable
    {
        public void Dispose() => held.Release();
    }
}
