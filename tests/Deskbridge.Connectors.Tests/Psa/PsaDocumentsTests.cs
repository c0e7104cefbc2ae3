using Microsoft.AspNetCore.Http;
using Xunit;

namespace Deskbridge.Connectors.Tests.Psa;

/// <summary>Files of alerts as ConnectWise is asked to store and list them.</summary>
public sealed class PsaDocumentsTests
{
    [Fact]
    public async Task Document_IsSentAsPrivate()
    {
        await using var stub = await StubPsa.StartAsync();
        stub.JsonAt("POST", "system/documents", """{"id":7,"title":"x","fileName":"photo.jpg","size":3}""");
        using var connector = stub.Connect();

        await connector.AddDocumentAsync("5", new("x", "photo.jpg", new byte[3]), default);

        var parts = stub.Seen.Last().Body.Split("--").Select(part => part.Trim()).ToList();
        Assert.EndsWith("\r\n\r\ntrue", Assert.Single(parts, part => part.Contains("privateFlag", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ListWithoutEnd_IsGivenUpNamingIt()
    {
        await using var stub = await StubPsa.StartAsync();
        var page = "[" + string.Join(',', Enumerable.Repeat("""{"id":7}""", 1000)) + "]";
        stub.On("GET", StubPsa.Rest + "system/documents", context => context.Response.WriteAsync(page));
        using var connector = stub.Connect();

        var endless = await Assert.ThrowsAsync<ConnectorUnavailableException>(() => connector.ReadDocumentsAsync("5", default));

        Assert.StartsWith("ConnectWise has answered 200 pages of system/documents (200000 rows) and names another", endless.Message, StringComparison.Ordinal);
    }
}
