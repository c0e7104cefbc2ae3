using System.Reflection;
using Deskbridge.Connectors.ConnectWise;
using Deskbridge.Connectors.ConnectWise.Psa;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Connectors.Tests.Psa;

public sealed class ConnectWisePsaTypeTests
{
    private static readonly ConnectWisePsaType Type = new();

    [Fact]
    public void Check_GoodSettings_FindsNothing() => Assert.Empty(Type.Check(StubPsa.Options("https://na.myconnectwise.net")));

    [Fact]
    public void Check_ApiPath_IsStoredAsTheRootWithANotice()
    {
        var options = StubPsa.Options("https://api-na.myconnectwise.net/v4_6_release/apis/3.0/");

        var notice = Assert.Single(Type.Check(options));

        Assert.True(notice.IsNotice);
        Assert.Equal("https://na.myconnectwise.net", options.InstanceUri);
    }

    [Theory]
    [InlineData(nameof(ConnectWisePsaOptions.InstanceUri), "http://cw.example.com")]
    [InlineData(nameof(ConnectWisePsaOptions.CompanyId), "")]
    [InlineData(nameof(ConnectWisePsaOptions.PublicKey), "has a:colon")]
    [InlineData(nameof(ConnectWisePsaOptions.PublicKey), "a\u202Eb")]
    [InlineData(nameof(ConnectWisePsaOptions.CompanyId), "a/../b")]
    [InlineData(nameof(ConnectWisePsaOptions.CompanyId), "..")]
    [InlineData(nameof(ConnectWisePsaOptions.ClientId), "no guid")]
    [InlineData(nameof(ConnectWisePsaOptions.RetrievedField), "TwentySixCharactersAreMore")]
    [InlineData(nameof(ConnectWisePsaOptions.StatusField), "two words")]
    [InlineData(nameof(ConnectWisePsaOptions.UserField), "signl4status_C")]
    [InlineData(nameof(ConnectWisePsaOptions.WriteRule), "")]
    [InlineData(nameof(ConnectWisePsaOptions.NewStatus), "")]
    [InlineData(nameof(ConnectWisePsaOptions.CertificateAuthority), "not a certificate")]
    public void Check_BadSetting_IsNamed(string setting, string value)
    {
        var options = StubPsa.Options("https://na.myconnectwise.net");
        typeof(ConnectWisePsaOptions).GetProperty(setting)!.SetValue(options, value);

        var problem = Assert.Single(Type.Check(options));

        Assert.Equal(setting, problem.Setting);
        Assert.False(problem.IsNotice);
    }

    [Theory]
    [InlineData("https://API-NA.myconnectwise.net/v2025_1/apis/3.0")]
    [InlineData("https://connect.acme.example")]
    [InlineData("http://127.0.0.1:5090")]
    [InlineData("https://localhost:5091")]
    public void InstanceKey_SameCompanyAtWhateverAddress_IsTheSame(string address)
    {
        var one = StubPsa.Options("https://na.myconnectwise.net");
        var other = StubPsa.Options(address);
        other.CompanyId = "ACME";

        Assert.Equal(Type.InstanceKey(one), Type.InstanceKey(other));
    }

    [Fact]
    public void Options_EverySetting_HasALabelAndOnlyKeysAndPasswordsAreSecret()
    {
        var settings = typeof(ConnectWisePsaOptions).GetProperties().Select(property => (property.Name, Setting: property.GetCustomAttribute<SettingAttribute>())).ToList();

        Assert.All(settings, setting => Assert.False(string.IsNullOrWhiteSpace(setting.Setting?.Label)));
        Assert.Equal(["PrivateKey", "SecondPrivateKey", "ProxyPassword"], settings.Where(setting => setting.Setting!.Secret).Select(setting => setting.Name));
    }

    [Fact]
    public void AddConnectWise_RegistersTheType()
    {
        using var services = new ServiceCollection().AddConnectWise().BuildServiceProvider();

        Assert.Equal("connectwise-psa", services.GetRequiredService<IConnectorType>().Kind);
    }

    [Fact]
    public void WebLink_Ticket_IsOnTheHostPeopleUse()
    {
        using var connector = Type.Create(new(Guid.Empty, StubPsa.Options("https://na.myconnectwise.net"), new Dictionary<string, string>(StringComparer.Ordinal), TimeProvider.System, new OpenGate()));

        Assert.Equal(
            "https://na.myconnectwise.net/v4_6_release/services/system_io/router/openrecord.rails?locale=en_US&recordType=ServiceFV&recid=10342&companyName=acme",
            connector.WebLink(RecordTypes.Ticket, "10342")!.AbsoluteUri);
    }

    [Theory]
    [InlineData("v2025.1.118731", ProbeOutcome.Passed)]
    [InlineData("2019.1", ProbeOutcome.Passed)]
    [InlineData("v2018.6.1", ProbeOutcome.Failed)]
    [InlineData("v4.6.118731", ProbeOutcome.Failed)]
    [InlineData(null, ProbeOutcome.Warning)]
    public void Version_OlderThan2019_1_Fails(string? version, ProbeOutcome outcome) => Assert.Equal(outcome, PsaProbe.Version(version).Outcome);
}
