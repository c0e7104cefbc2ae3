namespace Deskbridge.Connectors;

/// <summary>What a rule's actions add beside the ticket: each exactly once per transition.</summary>
/// <param name="Notes">Notes.</param>
/// <param name="Members">Members who are scheduled.</param>
public sealed record ChildActions(IReadOnlyList<NoteAction> Notes, IReadOnlyList<MemberAction> Members)
{
    /// <summary>None.</summary>
    public static ChildActions None { get; } = new([], []);
}

/// <summary>A note that a rule adds.</summary>
/// <param name="Text">Its text.</param>
/// <param name="Flags">Where it shows; internal when the action says nothing.</param>
/// <param name="Rule">Name of the rule.</param>
public sealed record NoteAction(string Text, NoteFlags Flags, string Rule);

/// <summary>A member whom a rule schedules on the ticket.</summary>
/// <param name="Member">The member.</param>
/// <param name="Rule">Name of the rule.</param>
public sealed record MemberAction(RemoteRef Member, string Rule);
