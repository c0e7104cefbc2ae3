using System.Text;
using Deskbridge.Access.SecondFactor;
using Xunit;

namespace Deskbridge.Tests.Access;

public sealed class TotpTests
{
    private static readonly byte[] Rfc = Encoding.ASCII.GetBytes("12345678901234567890");

    /// <summary>RFC 6238, appendix B, SHA-1; the RFC prints eight digits, of which an app shows the last six.</summary>
    [Theory]
    [InlineData(59, "94287082")]
    [InlineData(1111111109, "07081804")]
    [InlineData(1111111111, "14050471")]
    [InlineData(1234567890, "89005924")]
    [InlineData(2000000000, "69279037")]
    [InlineData(20000000000, "65353130")]
    public void Code_OfTheRfcsVectors_IsTheRfcs(long seconds, string code) =>
        Assert.Equal(code[2..], Totp.Code(Rfc, Totp.Step(DateTimeOffset.FromUnixTimeSeconds(seconds))));

    /// <summary>RFC 4648 §10, without the padding.</summary>
    [Theory]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Base32_OfTheRfcsVectors_IsTheRfcs(string text, string expected) =>
        Assert.Equal(expected, Totp.ToBase32(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Match_TakesTheNeighbouringSteps_AndNoFurther()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        var step = Totp.Step(now);

        Assert.Equal([null, step - 1, step, step + 1, null], new long[] { -2, -1, 0, 1, 2 }.Select(off => Totp.Match(Rfc, Totp.Code(Rfc, step + off), now, 0)));
    }

    [Fact]
    public void Match_OfACodeUsedBefore_OrOlder_IsNone()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        var step = Totp.Step(now);

        Assert.Null(Totp.Match(Rfc, Totp.Code(Rfc, step), now, step));
        Assert.Null(Totp.Match(Rfc, Totp.Code(Rfc, step - 1), now, step));
        Assert.Equal(step + 1, Totp.Match(Rfc, Totp.Code(Rfc, step + 1), now, step));
    }

    [Theory]
    [InlineData("")]
    [InlineData("12345")]
    [InlineData("1234567")]
    [InlineData("абвгде")]
    public void Match_OfNoCode_IsNone(string typed) => Assert.Null(Totp.Match(Rfc, typed, DateTimeOffset.FromUnixTimeSeconds(59), 0));

    [Fact]
    public void Match_OfACodeWithASpace_IsTaken() =>
        Assert.Equal(1, Totp.Match(Rfc, "287 082", DateTimeOffset.FromUnixTimeSeconds(59), 0));
}
