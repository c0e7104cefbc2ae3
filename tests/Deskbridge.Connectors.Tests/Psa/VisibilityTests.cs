using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Deskbridge.Connectors.Tests.Psa;

/// <summary>What the API member sees (S10), which release answers (S12), and what else Test says plainly.</summary>
public sealed class VisibilityTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Look_TellsThePlaceOfTheMemberAndTheBoardsWithTheirOpenTickets()
    {
        await using var remote = await SandboxPsa.StartAsync();
        using var connector = remote.Connect();

        var seen = (await ((IProbesRights)connector).ProbeRightsAsync(Cancel)).Visible!;

        Assert.Equal(("Tampa Office", "Professional Services", "Service Desk"), (seen.Location, seen.Department, seen.DefaultBoard));
        Assert.All(seen.Boards, board => Assert.NotNull(board.OpenTickets));
        Assert.Contains(seen.Boards, board => board is { Name: "Service Desk", OpenTickets: > 0 });
        Assert.DoesNotContain(seen.Boards, board => board.Name == "Projects");
        Assert.Empty(seen.Warnings);
    }

    [Theory]
    [InlineData("Board is Field Service", "names the board 'Field Service', which the API member does not see")]
    [InlineData("board/id in (1, 4711)", "names the board '4711', which the API member does not see")]
    [InlineData("Board is Service Desk", null)]
    [InlineData("Board is not Field Service", null)]
    public async Task Rule_NamesABoard_IsWarnedAboutWhenItIsNotSeen(string clause, string? warning)
    {
        await using var remote = await SandboxPsa.StartAsync();
        var installed = await InstallAsync(remote);
        var raise = installed["rule.trigger.raise"].Split('/'); // the rule's id and the event's
        var condition = $"Signl4Retrieved_c is false and {clause}";
        using var edited = await remote.Technician.PatchAsync(
            $"system/workflows/{raise[0]}/events/{raise[1]}",
            new StringContent(JsonSerializer.Serialize(new[] { new { op = "replace", path = "eventCondition", value = condition } }), System.Text.Encoding.UTF8, "application/json"), Cancel);
        Assert.True(edited.IsSuccessStatusCode, await edited.Content.ReadAsStringAsync(Cancel));
        using var connector = remote.Connect(installed);

        var check = (await connector.TestAsync(Cancel)).Checks.Single(check => check.Name == "Boards");

        Assert.Equal(warning is null ? ProbeOutcome.Passed : ProbeOutcome.Warning, check.Outcome);
        if (warning is not null) Assert.Contains(warning, check.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Action_MovesTicketsToABoard_IsWarnedAboutWhenItIsNotSeen(bool seen)
    {
        await using var remote = await SandboxPsa.StartAsync();
        var installed = await InstallAsync(remote);
        var close = installed["rule.write.close"].Split('/');
        var actions = $"system/workflows/{close[0]}/events/{close[1]}/actions";
        var kinds = (await remote.Technician.GetFromJsonAsync<JsonArray>($"system/workflows/{close[0]}/notifyTypes", Cancel))!;
        var boards = (await remote.Technician.GetFromJsonAsync<JsonArray>("service/boards?pageSize=100", Cancel))!;
        using var connector = remote.Connect(installed);
        var shown = (await ((IProbesRights)connector).ProbeRightsAsync(Cancel)).Visible!.Boards.Select(board => board.Name).ToHashSet(StringComparer.Ordinal);
        var target = boards.First(board => shown.Contains(board!["name"]!.ToString()) == seen)!;
        using var made = await remote.Technician.PostAsJsonAsync(actions, new { notifyType = new { id = kinds.Single(kind => kind!["name"]!.ToString() == "Change Board")!["id"]!.GetValue<int>() }, board = new { id = target["id"]!.GetValue<int>() } }, Cancel);
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync(Cancel));

        var check = (await connector.TestAsync(Cancel)).Checks.Single(check => check.Name == "Boards");

        Assert.Equal(seen ? ProbeOutcome.Passed : ProbeOutcome.Warning, check.Outcome);
        if (!seen) Assert.Contains($"moves tickets to the board '{target["name"]}', which the API member does not see", check.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Release_IsToldByEveryAnswer()
    {
        await using var remote = await SandboxPsa.StartAsync();
        using var connector = remote.Connect();
        await ((IReadsBoards)connector).ReadBoardsAsync(Cancel);
        var before = ((ITellsVersion)connector).Version;

        await remote.ControlAsync(HttpMethod.Put, "switches", new { version = "2025.2" });
        await ((IReadsBoards)connector).ReadBoardsAsync(Cancel);

        Assert.Equal(("2025.1", "2025.2"), (before, ((ITellsVersion)connector).Version));
    }

    private static async Task<Dictionary<string, string>> InstallAsync(SandboxPsa remote)
    {
        using var connector = remote.Connect();
        var provisions = (IProvisions)connector;
        var done = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var step in (await provisions.PlanAsync(Cancel)).Steps) done[step.Role] = (await provisions.ApplyAsync(step, done, Cancel)).RemoteId;
        return done;
    }
}
