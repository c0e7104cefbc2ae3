using System.Reflection;
using Deskbridge.Connectors.Autotask;
using Xunit;

namespace Deskbridge.Connectors.Tests.Autotask;

public sealed class AutotaskTypeTests
{
    [Fact]
    public void Check_WhatIsNeeded_IsEnough()
    {
        var options = Good();
        options.Address = "";

        Assert.Empty(new AutotaskType().Check(options));
        Assert.Equal(AutotaskOptions.VendorAddress, options.Address);
    }

    [Theory]
    [InlineData(nameof(AutotaskOptions.UserName), "")]
    [InlineData(nameof(AutotaskOptions.Secret), "")]
    [InlineData(nameof(AutotaskOptions.Secret), "two\nlines")]
    [InlineData(nameof(AutotaskOptions.IntegrationCode), "")]
    [InlineData(nameof(AutotaskOptions.Address), "http://webservices3.autotask.net")]
    [InlineData(nameof(AutotaskOptions.Address), "https://me:you@webservices3.autotask.net")]
    [InlineData(nameof(AutotaskOptions.Address), "foo")]
    [InlineData(nameof(AutotaskOptions.Address), "https://foo/ATServicesRest")]
    [InlineData(nameof(AutotaskOptions.QueryFilter), "{")]
    [InlineData(nameof(AutotaskOptions.ClosedStatus), "in progress")]
    [InlineData(nameof(AutotaskOptions.CertificateAuthority), "no certificate")]
    public void Check_BadSetting_IsNamed(string setting, string value)
    {
        var options = Good();
        typeof(AutotaskOptions).GetProperty(setting)!.SetValue(options, value);

        Assert.Equal(setting, Assert.Single(new AutotaskType().Check(options)).Setting);
    }

    [Theory]
    [InlineData("webservices3.autotask.net/ATServicesRest/V1.0/", "https://webservices3.autotask.net", "/ATServicesRest/V1.0/")]
    [InlineData("http://localhost:5090/ATServicesRest?a=b", "http://localhost:5090", "/ATServicesRest?a=b")]
    public void Check_AddressWithMoreThanItsRoot_SaysWhatIsKeptAndWhatIsNot(string typed, string kept, string dropped)
    {
        var options = Good();
        options.Address = typed;

        var told = Assert.Single(new AutotaskType().Check(options));

        Assert.Equal((nameof(AutotaskOptions.Address), true, kept), (told.Setting, told.IsNotice, options.Address));
        Assert.Contains(kept, told.Message, StringComparison.Ordinal);
        Assert.Contains($"\"{dropped}\"", told.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://webservices3.autotask.net/")]
    [InlineData("127.0.0.1:5090")]
    [InlineData("http://[::1]:5090")]
    public void Check_AddressThatIsARoot_SaysNothing(string typed)
    {
        var options = Good();
        options.Address = typed;

        Assert.Empty(new AutotaskType().Check(options));
    }

    [Theory]
    [InlineData("other-hub@Contoso.Example", "", true)]
    [InlineData("hub@contoso.example", "https://webservices3.autotask.net", true)]
    [InlineData("hub@elsewhere.example", "", false)]
    public void InstanceKey_IsTheCompanysPartOfTheUserName(string user, string address, bool same)
    {
        var other = Good();
        (other.UserName, other.Address) = (user, address);

        Assert.Equal(same, new AutotaskType().InstanceKey(other) == new AutotaskType().InstanceKey(Good()));
    }

    [Fact]
    public void Check_TheSecret_IsLeftAsItIs()
    {
        var options = Good();
        options.Secret = " $x#y~ ";

        Assert.Empty(new AutotaskType().Check(options));
        Assert.Equal(" $x#y~ ", options.Secret);
    }

    [Fact]
    public void Options_Required_AreTheThreeCredentialsAndWhatHasADefault()
    {
        var settings = typeof(AutotaskOptions).GetProperties().Select(property => (property.Name, Setting: property.GetCustomAttribute<SettingAttribute>())).Where(one => one.Setting is not null).ToList();

        Assert.Equal(["UserName", "Secret", "IntegrationCode", "Address", "QueryFilter", "Flows"], settings.Where(one => one.Setting!.Required).Select(one => one.Name));
        Assert.Equal(["Secret", "ProxyPassword"], settings.Where(one => one.Setting!.Secret).Select(one => one.Name));
    }

    private static AutotaskOptions Good() => new() { UserName = "hub@contoso.example", Secret = "se#cret", IntegrationCode = "CODE" };
}
