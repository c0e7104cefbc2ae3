using Deskbridge.Connectors.ConnectWise.Psa;
using Xunit;

namespace Deskbridge.Connectors.Tests.Psa;

public sealed class ConditionsTests
{
    [Fact]
    public void ToString_SeveralPredicates_AreJoinedByAnd()
    {
        var conditions = new Conditions()
            .Equal("recordType", "ServiceTicket")
            .AtOrAfter("lastUpdated", new DateTimeOffset(2026, 11, 20, 9, 0, 0, 999, TimeSpan.FromHours(1)))
            .Above("id", 5)
            .In("status/id", [1, 2]);

        Assert.Equal("""recordType="ServiceTicket" and lastUpdated>=[2026-11-20T08:00:00Z] and id>5 and status/id in (1,2)""", conditions.ToString());
    }

    [Theory]
    [InlineData("plain", "\"plain\"")]
    [InlineData("say \"hi\"", "\"say \\\"hi\\\"\"")]
    [InlineData("a\\b", "\"a\\\\b\"")]
    [InlineData("x\" or id>0 or name=\"", "\"x\\\" or id>0 or name=\\\"\"")]
    [InlineData("two\r\nlines", "\"two lines\"")]
    public void Quote_AnyText_StaysOneValue(string text, string quoted) => Assert.Equal(quoted, Conditions.Quote(text));

    [Fact]
    public void Query_SpecialCharacters_AreEscapedForTheAddress()
    {
        var query = new PsaQuery { Conditions = new Conditions().Equal("name", "R&D + 100%"), PageSize = 5 };

        Assert.Equal("?conditions=name%3D%22R%26D%20%2B%20100%25%22&pageSize=5", query.ToString());
    }
}
