using Xunit;

namespace Deskbridge.Sandbox.Tests.Autotask.Clients;

/// <summary>The public npm package @apigrate/autotask-restapi, installed when the test runs and unmodified (apigrate.cjs).</summary>
[Collection(AutotaskCollection.Name)]
public sealed class ApigrateTests(AutotaskSandbox autotask)
{
    private static readonly NpmPackage Package = new("@apigrate/autotask-restapi", "2.0.1");

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task Package_Unmodified_WorksOver(string scheme)
    {
        var server = autotask.Server;

        var (code, output) = await Package.RunAsync("Autotask/Clients/apigrate.cjs", new()
        {
            ["NODE_EXTRA_CA_CERTS"] = server.CaFile,
            ["AUTOTASK_URL"] = new Uri(scheme == "http" ? server.HttpUrl : server.HttpsUrl, "/ATServicesRest/").ToString(),
            ["AUTOTASK_USER"] = server.Autotask.UserName,
            ["AUTOTASK_SECRET"] = server.Autotask.Secret,
            ["AUTOTASK_INTEGRATION_CODE"] = server.Autotask.IntegrationCode,
        });

        Assert.True(code == 0, output);
        Assert.Contains("reads of 44 entities", output, StringComparison.Ordinal);
    }
}
