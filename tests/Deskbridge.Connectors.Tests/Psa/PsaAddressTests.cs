using Deskbridge.Connectors.ConnectWise.Psa;
using Xunit;

namespace Deskbridge.Connectors.Tests.Psa;

public sealed class PsaAddressTests
{
    [Theory]
    [InlineData("https://na.myconnectwise.net", "v2025_1/", "api-na.myconnectwise.net", true, "https://api-na.myconnectwise.net/v2025_1/apis/3.0/")]
    [InlineData("https://na.myconnectwise.net", "v2025_1/", null, null, "https://api-na.myconnectwise.net/v2025_1/apis/3.0/")]
    [InlineData("https://na.myconnectwise.net", "v4_6_release/", null, true, "https://api-na.myconnectwise.net/v4_6_release/apis/3.0/")]
    [InlineData("https://cw.example.com", "v4_6_release/", null, false, "https://cw.example.com/v4_6_release/apis/3.0/")]
    [InlineData("https://cw.example.com:8443", "v4_6_release/", "cw-internal", false, "https://cw.example.com:8443/v4_6_release/apis/3.0/")]
    [InlineData("http://127.0.0.1:5005", "v4_6_release/", "127.0.0.1:5005", false, "http://127.0.0.1:5005/v4_6_release/apis/3.0/")]
    [InlineData("http://127.0.0.1:5005", "v2025_1/", "127.0.0.1:5005", true, "http://127.0.0.1:5005/v2025_1/apis/3.0/")]
    [InlineData("https://na.myconnectwise.net", "v2025_1/", "evil.example.com", true, "https://api-na.myconnectwise.net/v2025_1/apis/3.0/")]
    [InlineData("https://cw.example.com", "../../x", null, false, "https://cw.example.com/v4_6_release/apis/3.0/")]
    public void From_CompanyInfo_GivesTheRestBase(string instance, string codebase, string? site, bool? cloud, string rest)
    {
        var address = PsaAddress.From(new Uri(instance), new("acme", codebase, "acme", site, cloud));

        Assert.Equal(rest, address.Rest.AbsoluteUri);
    }

    [Theory]
    [InlineData("https://api-na.myconnectwise.net/x", true)]
    [InlineData("https://na.myconnectwise.net/x", true)]
    [InlineData("https://eu.myconnectwise.net/x", false)]
    [InlineData("https://na.myconnectwise.net:444/x", false)]
    [InlineData("http://na.myconnectwise.net/x", false)]
    [InlineData("https://na.myconnectwise.net@evil.example/x", false)]
    public void Owns_OnlyTheInstanceItself(string other, bool owned)
    {
        var address = PsaAddress.From(new Uri("https://na.myconnectwise.net"), new("acme", "v2025_1/", "acme", null, true));

        Assert.Equal(owned, address.Owns(new Uri(other)));
    }
}
