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
    [InlineData(nameof(AutotaskOptions.QueryFilter), "{")]
    [InlineData(nameof(AutotaskOptions.ClosedStatus), "in progress")]
    [InlineData(nameof(AutotaskOptions.CertificateAuthority), "no certificate")]
    public void Check_BadSetting_IsNamed(string setting, string value)
    {
        var options = Good();
        typeof(AutotaskOptions).GetProperty(setting)!.SetValue(options, value);

        Assert.Equal(setting, Assert.Single(new AutotaskType().Check(options)).Setting);
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
        Assert.Equal(["Secret"], settings.Where(one => one.Setting!.Secret).Select(one => one.Name));
    }

    private static AutotaskOptions Good() => new() { UserName = "hub@contoso.example", Secret = "se#cret", IntegrationCode = "CODE" };
}
