using System.Text.Json;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.Tests.ConnectWisePsa.Contract;
using Xunit;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa.Clients;

/// <summary>The public npm package connectwise-rest, installed when the test runs and unmodified: a ticket's life, a callback, and
/// over http every read of the package that the sandbox serves (connectwise-rest.cjs).</summary>
public sealed class ConnectWiseRestTests(PsaSandbox psa) : IClassFixture<PsaSandbox>
{
    private static readonly NpmPackage Package = new("connectwise-rest", "1.3.0");

    [Theory]
    [InlineData("http")]
    [InlineData("https")]
    public async Task Package_Unmodified_WorksOver(string scheme)
    {
        var reads = ((JsonArray)await psa.ControlAsync(HttpMethod.Get, "/operations")).Select(o => ((string)o!).Split(' ')).Select(o => VendorContract.Key(o[0], o[1])).Where(o => o.StartsWith("GET ", StringComparison.Ordinal));
        var keys = psa.Server.ConnectWise;

        var (code, output) = await Package.RunAsync("ConnectWisePsa/Clients/connectwise-rest.cjs", new()
        {
            ["NODE_EXTRA_CA_CERTS"] = psa.Server.CaFile,
            ["CW_HOST"] = (scheme == "http" ? psa.Server.HttpUrl : psa.Server.HttpsUrl).Authority,
            ["CW_COMPANY"] = keys.CompanyId,
            ["CW_PUBLIC_KEY"] = keys.PublicKey,
            ["CW_PRIVATE_KEY"] = keys.PrivateKey,
            ["CW_CLIENT_ID"] = keys.ClientId,
            ["CW_OPERATIONS"] = JsonSerializer.Serialize(reads),
        }, scheme);

        Assert.True(code == 0, output);
        if (scheme == "http") Assert.True(int.Parse(output.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture) > 400, output);
    }
}
