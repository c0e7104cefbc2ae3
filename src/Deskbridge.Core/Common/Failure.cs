namespace Deskbridge.Core.Common;

/// <summary>An expected refusal, as a value. The message names the thing, the cause and the fix.</summary>
/// <param name="Message">For a person.</param>
public abstract record Failure(string Message);

/// <summary>The thing does not exist, or not for this person.</summary>
/// <param name="Message">For a person.</param>
public abstract record NotFoundFailure(string Message) : Failure(Message);

/// <summary>The thing is in a state that forbids it.</summary>
/// <param name="Message">For a person.</param>
public abstract record ConflictFailure(string Message) : Failure(Message);

/// <summary>A value cannot be used.</summary>
/// <param name="Field">The value's name; null when it concerns the whole request.</param>
/// <param name="Message">For a person.</param>
public record InvalidFailure(string? Field, string Message) : Failure(Message);

/// <summary>This person may not do that.</summary>
/// <param name="Message">For a person.</param>
public abstract record ForbiddenFailure(string Message) : Failure(Message);
