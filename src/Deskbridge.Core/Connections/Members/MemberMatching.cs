using Deskbridge.Connectors;
using Deskbridge.Core.Connections.Rights;
using Deskbridge.Core.Directory;

namespace Deskbridge.Core.Connections.Members;

/// <summary>
/// Matches people with members (S37): the member an administrator chose, else the one whose office email is the person's, whatever the
/// letter case. Two members with one email are told apart by nobody but an administrator. Pure.
/// </summary>
internal static class MemberMatching
{
    /// <summary>The report on everybody who is active.</summary>
    /// <param name="people">Everybody.</param>
    /// <param name="members">Every member, inactive ones too.</param>
    /// <param name="choices">What administrators chose on this connection.</param>
    public static MemberReport Report(IEnumerable<Person> people, IReadOnlyList<RemoteMember> members, IReadOnlyList<MemberChoice> choices)
    {
        var matches = people.Where(person => person.Active)
            .Select(person => Of(person, members, choices.FirstOrDefault(choice => choice.PersonId == person.Id)))
            .ToList();
        var shared = matches.Where(match => match.Member is not null).GroupBy(match => match.Member!.Id, StringComparer.Ordinal).Where(group => group.Count() > 1).SelectMany(group => group).ToList();
        var told = matches.Select(match => shared.Contains(match)
            ? match with { Problem = $"{match.Problem} {match.Member!.Name} is also the member of {string.Join(", ", shared.Where(other => other != match && other.Member!.Id == match.Member.Id).Select(other => other.Name))}.".Trim() }
            : match);
        return new MemberReport([.. told], [.. members.Where(member => member.Active && matches.TrueForAll(match => match.Member?.Id != member.Id))]);
    }

    /// <summary>The member of one person.</summary>
    /// <param name="email">The person's email.</param>
    /// <param name="members">Members; inactive ones count for nothing here.</param>
    /// <param name="chosen">Remote id of the member that an administrator chose; null when none was.</param>
    public static RemoteMember? Find(string email, IReadOnlyList<RemoteMember> members, string? chosen)
    {
        if (chosen is not null) return members.FirstOrDefault(member => member.Active && member.Id == chosen);
        return members.Where(member => member.Active && Has(member, email)).Take(2).ToList() is [var only] ? only : null;
    }

    private static PersonMatch Of(Person person, IReadOnlyList<RemoteMember> members, MemberChoice? choice)
    {
        var member = Find(person.Email, members, choice?.MemberId);
        var how = choice is not null ? MatchedBy.Choice : member is not null ? MatchedBy.Email : MatchedBy.Nothing;
        var problem = member is not null ? null : choice is not null ? WhyNot(choice, members) : WhyNot(person, members);
        return new PersonMatch(person.Id, person.Name, person.Email, person.Role >= PersonRole.Responder, member, how, problem);
    }

    private static string WhyNot(MemberChoice choice, IReadOnlyList<RemoteMember> members) => members.Any(member => member.Id == choice.MemberId)
        ? $"The chosen member {choice.MemberName} is inactive. Choose another, or take the choice back."
        : $"The chosen member {choice.MemberName} (id {choice.MemberId}) does not exist any more. Choose another, or take the choice back.";

    private static string WhyNot(Person person, IReadOnlyList<RemoteMember> members)
    {
        var same = members.Where(member => Has(member, person.Email)).ToList();
        var active = same.Where(member => member.Active).ToList();
        return (active.Count, same.Count) switch
        {
            ( > 1, _) => $"{active.Count} members have this office email: {string.Join(", ", active.Select(member => $"{member.Name} ({member.Identifier})"))}. Choose one.",
            (_, > 0) => $"Only the inactive member {same[0].Name} ({same[0].Identifier}) has this office email. Activate it there, or choose another.",
            _ => "No member has this office email. Enter it at the member, or choose the member here.",
        };
    }

    private static bool Has(RemoteMember member, string email) => email.Trim().Length > 0 && string.Equals(member.Email?.Trim(), email.Trim(), StringComparison.OrdinalIgnoreCase);
}
