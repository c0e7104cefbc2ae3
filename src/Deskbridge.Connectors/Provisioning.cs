namespace Deskbridge.Connectors;

/// <summary>Creates what the connection needs in the remote system. Idempotent: running it twice creates nothing twice.</summary>
public interface IProvisions
{
    /// <summary>Compares what is needed with what exists. Writes nothing.</summary>
    /// <param name="cancel">Ends the call.</param>
    Task<ProvisionPlan> PlanAsync(CancellationToken cancel);

    /// <summary>Makes one step true and answers the object's id. Looks before it creates, so it may be repeated after a crash.</summary>
    /// <param name="step">A step of the plan.</param>
    /// <param name="done">Remote ids of the steps already applied or found, by role.</param>
    /// <param name="cancel">Ends the call; the step may then be repeated.</param>
    Task<ProvisionedObject> ApplyAsync(ProvisionStep step, IReadOnlyDictionary<string, string> done, CancellationToken cancel);

    /// <summary>Removes one object that <see cref="ApplyAsync"/> created, unless somebody changed it since.</summary>
    /// <param name="created">What was recorded when it was created.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <returns>What happened, in words.</returns>
    Task<RemovalOutcome> RemoveAsync(ProvisionedObject created, CancellationToken cancel);
}

/// <summary>What Install would do.</summary>
/// <param name="Steps">In the order they are applied.</param>
/// <param name="Problems">What must be settled first: an unreadable rule clause, a field of the wrong type. Empty when Install may run.</param>
public sealed record ProvisionPlan(IReadOnlyList<ProvisionStep> Steps, IReadOnlyList<string> Problems)
{
    /// <summary>What other programs have set up for the same records, a line each for people. Neither Install nor Remove touches it.</summary>
    public IReadOnlyList<string> OfOthers { get; init; } = [];
}

/// <summary>One object that is needed.</summary>
/// <param name="Role">Its stable role in the connection, for example <c>marker.status</c> or <c>rule.trigger</c>.</param>
/// <param name="Kind">What it is, for people: "Custom field", "Workflow rule", "Event", "Action".</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it holds, for people: a rule's conditions and actions.</param>
/// <param name="ExistingId">Remote id when it exists already and is right; null when it will be created.</param>
public sealed record ProvisionStep(string Role, string Kind, string Name, string Description, string? ExistingId)
{
    /// <summary>How an existing object differs from what would be created, for people; null when it does not.</summary>
    public string? Differs { get; init; }
}

/// <summary>An object that is now there.</summary>
/// <param name="Role">Role of the step.</param>
/// <param name="Kind">Kind of the step.</param>
/// <param name="Name">Name of the step.</param>
/// <param name="RemoteId">Its remote id.</param>
/// <param name="Created">True when this call created it, false when it was found.</param>
/// <param name="Fingerprint">Hash of its content as created, to notice later changes by others.</param>
public sealed record ProvisionedObject(string Role, string Kind, string Name, string RemoteId, bool Created, string Fingerprint);

/// <summary>What became of an object that was to be removed.</summary>
/// <param name="Removed">True when it is gone.</param>
/// <param name="Message">For people: removed, already gone, or kept and why.</param>
public sealed record RemovalOutcome(bool Removed, string Message);
