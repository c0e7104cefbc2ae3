using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Members;
using Deskbridge.Core.Connections.Rights;
using Deskbridge.Core.Directory;
using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Core.Tests.Connections;

/// <summary>People and members (S37): by office email, by an administrator's word, and what stays unmatched.</summary>
public sealed class MemberMatchingTests
{
    private static readonly Person Mia = Build.Person("Mia Chen", PersonRole.Responder);

    [Fact]
    public void Emails_EqualButForTheirCase_Match()
    {
        var match = Match([Member("7", Mia.Email.ToUpperInvariant())]);

        Assert.Equal(("7", MatchedBy.Email, null), (match.Member!.Id, match.How, match.Problem));
    }

    [Fact]
    public void NobodyHasTheEmail_IsSaid()
    {
        var match = Match([Member("7", null)]);

        Assert.Null(match.Member);
        Assert.Contains("No member has this office email", match.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoMembersWithOneEmail_AreNotGuessedBetween()
    {
        var match = Match([Member("7", Mia.Email), Member("8", Mia.Email)]);

        Assert.Null(match.Member);
        Assert.Equal("2 members have this office email: Member 7 (m7), Member 8 (m8). Choose one.", match.Problem);
    }

    [Fact]
    public void OnlyAnInactiveMemberHasTheEmail_IsSaid()
    {
        var match = Match([Member("7", Mia.Email) with { Active = false }]);

        Assert.Null(match.Member);
        Assert.Contains("Only the inactive member Member 7 (m7)", match.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void AnInactiveTwin_DoesNotDisturbTheActiveOne() => Assert.Equal("8", Match([Member("7", Mia.Email) with { Active = false }, Member("8", Mia.Email)]).Member!.Id);

    [Fact]
    public void AChoice_CountsMoreThanTheEmail()
    {
        var match = Match([Member("7", Mia.Email), Member("8", "other@example.test")], "8");

        Assert.Equal(("8", MatchedBy.Choice), (match.Member!.Id, match.How));
    }

    [Theory]
    [InlineData(true, "is inactive")]
    [InlineData(false, "does not exist any more")]
    public void AChosenMemberWhoIsNotThereAnyMore_IsSaidAndTheEmailDoesNotCountInstead(bool inactive, string why)
    {
        var match = Match(inactive ? [Member("7", Mia.Email), Member("8", null) with { Active = false }] : [Member("7", Mia.Email)], "8");

        Assert.Null(match.Member);
        Assert.Contains(why, match.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void TwoPeopleWithOneMember_AreBothTold()
    {
        var dana = Build.Person("Dana Reyes", PersonRole.Responder);
        var report = MemberMatching.Report([Mia, dana], [Member("7", Mia.Email), Member("9", "spare@example.test")], [Choice(dana, "7")]);

        Assert.Equal(["Member 7 is also the member of Dana Reyes.", "Member 7 is also the member of Mia Chen."], report.People.Select(person => person.Problem));
        Assert.Equal("9", Assert.Single(report.Unmatched).Id);
    }

    [Fact]
    public void DeactivatedPeople_AreLeftOut()
    {
        var gone = Build.Person("Gone Long", PersonRole.Responder);
        gone.Active = false;

        Assert.Empty(MemberMatching.Report([gone], [], []).People);
    }

    [Fact]
    public async Task Owner_IsTheChosenMember_UntilTheChoiceIsTakenBack()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        hub.Psa.Members.Add(new RemoteMember("8", "aroot", "Ada at work", "somebody@example.test"));
        var id = await hub.InstallAsync();
        var live = (await hub.Store.Get<ConnectorPool>().FindAsync(id, default))!;
        var book = hub.Store.Get<MemberBook>();
        Assert.Null(await book.FindAsync(live, hub.Admin.Email, default));

        var report = (await book.ChooseAsync(id, hub.Admin.Id, "8", hub.Admin, default)).Value;
        var chosen = await book.FindAsync(live, hub.Admin.Email, default);
        Assert.Null(await book.ForgetAsync(id, hub.Admin.Id, hub.Admin, default));

        Assert.Equal("8", chosen!.Id);
        Assert.Equal("8", report.People.Single(match => match.PersonId == hub.Admin.Id).Member!.Id);
        Assert.Null(await book.FindAsync(live, hub.Admin.Email, default));
    }

    [Fact]
    public async Task Choice_OfAMemberWhoIsNotThere_OrByAnotherThanAnAdministrator_IsRefused()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var id = await hub.InstallAsync();
        var book = hub.Store.Get<MemberBook>();

        Assert.Contains("999", (await book.ChooseAsync(id, hub.Admin.Id, "999", hub.Admin, default)).Failure!.Message, StringComparison.Ordinal);
        Assert.IsType<OnlyAdministrators>((await book.ChooseAsync(id, hub.Admin.Id, "7", Build.Person("Di Patcher", PersonRole.Dispatcher), default)).Failure);
        Assert.IsType<PersonNotFound>((await book.ChooseAsync(id, Guid.Empty, "7", hub.Admin, default)).Failure);
    }

    private static RemoteMember Member(string id, string? email) => new(id, "m" + id, "Member " + id, email);

    private static MemberChoice Choice(Person person, string member) => new() { ConnectionId = Guid.Empty, PersonId = person.Id, MemberId = member, MemberName = "Member " + member };

    private static PersonMatch Match(IReadOnlyList<RemoteMember> members, string? chosen = null) =>
        Assert.Single(MemberMatching.Report([Mia], members, chosen is null ? [] : [Choice(Mia, chosen)]).People);
}
