using Deskbridge.Connectors;

namespace Deskbridge.Core.Connections.Members;

/// <summary>Who of the hub is which member of the remote system.</summary>
/// <param name="People">Everybody who is active, by name.</param>
/// <param name="Unmatched">Active members who are nobody's.</param>
internal sealed record MemberReport(IReadOnlyList<PersonMatch> People, IReadOnlyList<RemoteMember> Unmatched)
{
    /// <summary>People whose match is none, or not what it should be, and who work on alerts.</summary>
    public IEnumerable<PersonMatch> Troubled => People.Where(person => person.Problem is not null && person.Acts);
}

/// <summary>One person and their member.</summary>
/// <param name="PersonId">The person.</param>
/// <param name="Name">Their name.</param>
/// <param name="Email">Their email.</param>
/// <param name="Acts">They work on alerts, so a member is needed for owner assignment.</param>
/// <param name="Member">Their member; null when there is none that can be told.</param>
/// <param name="How">How it is known.</param>
/// <param name="Problem">What an administrator must see about it; null when all is well.</param>
internal sealed record PersonMatch(Guid PersonId, string Name, string Email, bool Acts, RemoteMember? Member, MatchedBy How, string? Problem);

/// <summary>How a person's member is known.</summary>
internal enum MatchedBy
{
    /// <summary>It is not.</summary>
    Nothing,

    /// <summary>The person's email is the member's office email.</summary>
    Email,

    /// <summary>An administrator chose the member.</summary>
    Choice,
}
