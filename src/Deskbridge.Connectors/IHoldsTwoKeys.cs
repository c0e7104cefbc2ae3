namespace Deskbridge.Connectors;

/// <summary>Keeps a second key while keys are changed, and uses it when the first is refused.</summary>
public interface IHoldsTwoKeys
{
    /// <summary>A second key was entered.</summary>
    bool HasSecondKey { get; }

    /// <summary>The remote refused the first, so the second is used.</summary>
    bool UsesSecondKey { get; }

    /// <summary>Whether the second key is taken, and belongs to the same account.</summary>
    /// <param name="cancel">Ends the call.</param>
    Task<ProbeCheck> TestSecondKeyAsync(CancellationToken cancel);
}
