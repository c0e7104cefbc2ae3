using Deskbridge.Connectors.ConnectWise.Psa;
using Xunit;

namespace Deskbridge.Connectors.Tests.Psa;

public sealed class InstanceUriTests
{
    [Theory]
    [InlineData("https://na.myconnectwise.net", "https://na.myconnectwise.net")]
    [InlineData("https://NA.myconnectwise.net/", "https://na.myconnectwise.net")]
    [InlineData("na.myconnectwise.net", "https://na.myconnectwise.net")]
    [InlineData(" https://api-na.myconnectwise.net/v4_6_release/apis/3.0/ ", "https://na.myconnectwise.net")]
    [InlineData("https://cw.example.com:8443/v4_6_release/apis/3.0", "https://cw.example.com:8443")]
    [InlineData("https://api-cw.example.com", "https://api-cw.example.com")]
    [InlineData("http://127.0.0.1:5005/", "http://127.0.0.1:5005")]
    [InlineData("http://localhost:5005", "http://localhost:5005")]
    [InlineData("https://[2001:db8::1]:8443/", "https://[2001:db8::1]:8443")]
    [InlineData("https://bücher.example", "https://xn--bcher-kva.example")]
    public void Normalise_AnyAcceptedForm_KeepsTheOrigin(string typed, string stored)
    {
        var problem = InstanceUri.Normalise(typed, out var kept);

        Assert.Equal(stored, kept);
        Assert.True(problem is null or { IsNotice: true });
    }

    [Theory]
    [InlineData("")]
    [InlineData("http://na.myconnectwise.net")]
    [InlineData("ftp://na.myconnectwise.net")]
    [InlineData("https://user:secret@na.myconnectwise.net")]
    [InlineData("https://")]
    [InlineData("not an address")]
    [InlineData("https://127.0.0.1:0")]
    [InlineData("https://xn--")]
    [InlineData("https://[fe80::1%25eth0]")]
    public void Normalise_UnusableAddress_IsRefused(string typed)
    {
        var problem = InstanceUri.Normalise(typed, out var kept);

        Assert.False(problem!.IsNotice);
        Assert.Equal("", kept);
    }

    [Fact]
    public void Normalise_FullApiPath_SaysWhatIsKept()
    {
        var notice = InstanceUri.Normalise("https://api-eu.myconnectwise.net/v4_6_release/apis/3.0", out _);

        Assert.Contains("https://eu.myconnectwise.net", notice!.Message);
    }

    [Fact]
    public void Normalise_RootWithSlash_NeedsNoNotice() =>
        Assert.Null(InstanceUri.Normalise("https://eu.myconnectwise.net/", out _));
}
