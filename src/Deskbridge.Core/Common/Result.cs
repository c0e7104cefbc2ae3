namespace Deskbridge.Core.Common;

/// <summary>What an action answers: its value, or the refusal.</summary>
/// <typeparam name="T">The value's type.</typeparam>
public readonly record struct Result<T>
{
    private readonly T? _value;

    private Result(T? value, Failure? failure)
    {
        _value = value;
        Failure = failure;
    }

    /// <summary>Why it was refused; null when it was done.</summary>
    public Failure? Failure { get; }

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">It was refused.</exception>
    public T Value => Failure is null ? _value! : throw new InvalidOperationException("There is no value, the action was refused: " + Failure.Message);

    /// <summary>Done.</summary>
    /// <param name="value">The value.</param>
#pragma warning disable CA1000, CA2225 // the conversions are the way to make one
    public static implicit operator Result<T>(T value) => new(value, null);

    /// <summary>Refused.</summary>
    /// <param name="failure">Why.</param>
    public static implicit operator Result<T>(Failure failure) => new(default, failure);
#pragma warning restore CA1000, CA2225
}
