namespace Deskbridge.Connectors;

/// <summary>Keeps a second key while keys are changed, and uses it when the first is refused.</summary>
public interface IHoldsTwoKeys
{
    /// <summary>A second key was entered.</summary>
    bool HasSecondKey { get; }

    /// <summary>Since when the second is used, for the remote refused the first; null while the first is.</summary>
    DateTimeOffset? SecondKeySince { get; }

    /// <summary>Whether the second key is taken, and belongs to the same account.</summary>
    /// <param name="cancel">Ends the call.</param>
    Task<ProbeCheck> TestSecondKeyAsync(CancellationToken cancel);

    /// <summary>Tries the first key, which was refused, once more; when it is taken it is used again.</summary>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>False when it is refused again.</returns>
    /// <exception cref="ConnectorException">The remote could not be asked; nothing is known.</exception>
    Task<bool> TryFirstKeyAgainAsync(CancellationToken cancel);
}
