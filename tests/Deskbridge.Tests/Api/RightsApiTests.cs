using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace Deskbridge.Tests.Api;

public sealed class RightsApiTests(ApiHost hub) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Rights_NobodyLookedYet_TellsTheLeastRoleAndThatNothingIsKnown()
    {
        var id = await hub.ConnectAsync(url: "https://psa.example.test");

        var rights = (await hub.Viewer.ReadAsync($"connections/{id}/rights")).Body();

        Assert.Null(rights["checkedAt"]);
        Assert.Contains("Resource Scheduling: All / All / All / All", rights["leastRole"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("Table Setup: All * / All * / All * / All, customised to allow General / Rules", rights["leastRole"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.All(Cells(rights), cell => Assert.Equal("unknown", cell["state"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Rights_LookedAt_NameWhatIsMissingAndForWhat()
    {
        var id = await hub.ConnectAsync(url: "https://psa.example.test");
        hub.Psa.LackingRights["Resource Scheduling Add"] = true;
        try
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await hub.Dispatcher.PostAsync($"connections/{id}/rights")).Status);
            var rights = (await hub.Admin.PostAsync($"connections/{id}/rights")).Body();

            Assert.Equal("Service Desk > Resource Scheduling > Add", rights["lacks"]!.GetValue<string>());
            var row = rights["rows"]!.AsArray().Single(row => row!["function"]!.GetValue<string>() == "Resource Scheduling")!;
            Assert.Equal("Owner assignment", row["why"]!.GetValue<string>());
            Assert.Equal("Set it under Service Desk > Resource Scheduling.", row["fix"]!.GetValue<string>());
            Assert.Single(Cells(rights), cell => cell["state"]!.GetValue<string>() == "missing");
        }
        finally
        {
            hub.Psa.LackingRights.Clear();
        }
    }

    [Fact]
    public async Task Rights_OfAConnectionThatIsNotThere_AreNotFound() =>
        Assert.Contains("does not exist", (await hub.Viewer.ReadAsync($"connections/{Guid.Empty}/rights")).Problem(HttpStatusCode.NotFound), StringComparison.Ordinal);

    private static IEnumerable<JsonNode> Cells(JsonNode rights) => rights["rows"]!.AsArray().SelectMany(row => row!["cells"]!.AsArray())!;
}
