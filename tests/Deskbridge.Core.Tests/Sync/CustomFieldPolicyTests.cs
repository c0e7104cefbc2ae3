using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Sync;
using Xunit;

namespace Deskbridge.Core.Tests.Sync;

/// <summary>Whose work is it that a custom field is empty after a write that left it out?</summary>
public sealed class CustomFieldPolicyTests
{
    private static readonly LossTerms Answer = new(CustomFieldMode.Partial, IsAnswer: true, Decided: false);
    private static readonly LossTerms Probe = Answer with { IsAnswer = false };

    [Fact]
    public void EverythingLeftOutIsEmpty_IsTheWrite() => Assert.Equal(LossVerdict.Wiped, Judge("a b", lost: "a b", Answer));

    [Fact]
    public void OneOfSeveralIsEmpty_IsAPerson() => Assert.Equal(LossVerdict.ClearedBySomebody, Judge("a b", lost: "a", Answer));

    [Fact]
    public void TheOnlyOneIsEmpty_IsTheWrite_AsFarAsTheAnswerTells()
    {
        Assert.Equal(LossVerdict.Wiped, Judge("a", lost: "a", Answer));
        Assert.Equal(LossVerdict.Unclear, Judge("a", lost: "a", Probe));
        Assert.Equal(LossVerdict.Wiped, Judge("a", lost: "a", Probe with { Decided = true }));
    }

    [Fact]
    public void TwoOfThreeAreEmpty_AreTheWrite() => Assert.Equal(LossVerdict.Wiped, Judge("a b c", lost: "a b", Answer));

    [Fact]
    public void FirstPart_ThatEmptiesAnything_IsNotTrusted() =>
        Assert.Equal(LossVerdict.Wiped, Judge("a b", lost: "a", Answer with { Mode = CustomFieldMode.WholeProven }));

    [Fact]
    public void FieldThatTheWriteSetItself_IsNoLoss() => Assert.Equal(LossVerdict.None, Judge("a w", lost: "w", Answer));

    private static LossVerdict Judge(string held, string lost, LossTerms terms)
    {
        var policy = new CustomFieldPolicy();
        var (before, after) = (Ticket(held, ""), Ticket(held, lost));
        return policy.Judge(before, policy.Wiped(before, after, ["w"]), ["w"], terms);
    }

    private static RemoteTicket Ticket(string held, string empty) => new()
    {
        Id = "1",
        Title = "",
        UpdatedAt = default,
        EnteredAt = default,
        Closed = false,
        Body = "{}",
        CustomFields = [.. held.Split(' ').Select(id => new CustomFieldValue(id, id, empty.Contains(id, StringComparison.Ordinal) ? "null" : "1"))],
    };
}
