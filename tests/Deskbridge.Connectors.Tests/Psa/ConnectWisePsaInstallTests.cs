using System.Net.Http.Json;
using System.Text.Json;
using Deskbridge.Connectors.ConnectWise.Psa;
using Xunit;

namespace Deskbridge.Connectors.Tests.Psa;

/// <summary>What is particular to ConnectWise PSA, against the simulator.</summary>
public sealed class ConnectWisePsaInstallTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Https_PrivateAuthority_IsTrustedOnlyWhenGiven()
    {
        await using var remote = await SandboxPsa.StartAsync();
        var options = remote.Options();
        options.InstanceUri = remote.Server.HttpsUrl.GetLeftPart(UriPartial.Authority);
        using var without = SandboxPsa.Connect(options);
        var trusting = remote.Options();
        trusting.InstanceUri = options.InstanceUri;
        trusting.CertificateAuthority = await File.ReadAllTextAsync(remote.Server.CaFile, Cancel);
        using var with = SandboxPsa.Connect(trusting);

        var failure = await Assert.ThrowsAsync<ConnectorUnavailableException>(() => ((IReadsBoards)without).ReadBoardsAsync(Cancel));
        var boards = await ((IReadsBoards)with).ReadBoardsAsync(Cancel);

        Assert.Contains("custom CA", failure.Message);
        Assert.False(failure.MayHaveBeenApplied);
        Assert.NotEmpty(boards);
    }

    [Fact]
    public async Task Plan_FieldOfWrongType_StopsInstallNamingIt()
    {
        await using var remote = await SandboxPsa.StartAsync();
        await MakeFieldAsync(remote, "Signl4Retrieved_c", "Text");
        using var connector = remote.Connect();

        var problem = Assert.Single((await ((IProvisions)connector).PlanAsync(Cancel)).Problems);

        Assert.Contains("Signl4Retrieved_c", problem);
        Assert.Contains("Checkbox", problem);
    }

    [Fact]
    public async Task Plan_RuleOfWhichNothingCanBeTold_StopsInstallNamingRuleAndClause()
    {
        await using var remote = await SandboxPsa.StartAsync();
        await MakeRuleAsync(remote, "SIGNL4 - Trigger Signls", "Signl4Retrieved_c is false or the moon is full");
        using var connector = remote.Connect();

        var problem = Assert.Single((await ((IProvisions)connector).PlanAsync(Cancel)).Problems);

        Assert.Contains("SIGNL4 - Trigger Signls", problem);
        Assert.Contains("the moon is full", problem);
    }

    /// <summary>What the event is for can be told, and ConnectWise can be asked what it makes of the clause: that is for Install to try.</summary>
    [Fact]
    public async Task Plan_RuleWithAnUnreadableClauseBesideItsMarker_TakesTheEventAsItIs()
    {
        await using var remote = await SandboxPsa.StartAsync();
        await MakeRuleAsync(remote, "SIGNL4 - Trigger Signls", "Signl4Retrieved_c is false and the moon is full");
        using var connector = remote.Connect();

        var plan = await ((IProvisions)connector).PlanAsync(Cancel);

        Assert.Empty(plan.Problems);
        Assert.NotNull(plan.Steps.Single(step => step.Role == PsaRoles.RaiseEvent).ExistingId);
    }

    [Fact]
    public async Task Install_RuleAlreadyThere_IsAdoptedWithItsOwnCondition()
    {
        await using var remote = await SandboxPsa.StartAsync();
        var rule = await MakeRuleAsync(remote, "SIGNL4 - Trigger Signls", "Signl4Retrieved_c is false and Ticket is not currently assigned and Ticket Actual Age is less than 48 hours");
        using var connector = remote.Connect();

        var plan = await ((IProvisions)connector).PlanAsync(Cancel);

        Assert.Equal($"{rule}", plan.Steps.Single(step => step.Role == "rule.trigger").ExistingId);
        var raise = plan.Steps.Single(step => step.Role == "rule.trigger.raise");
        Assert.NotNull(raise.ExistingId);
        Assert.Contains("48 hours", raise.Description);
    }

    [Fact]
    public async Task Plan_RuleOfSignl4ThatSaysLeaveDeactivated_IsTakenUnlessOneIsCalledExactlySo()
    {
        await using var remote = await SandboxPsa.StartAsync();
        const string Condition = "Signl4Retrieved_c is false and Ticket is not currently assigned and Ticket Actual Age is less than 48 hours";
        await MakeRuleAsync(remote, "SIGNL4 - Trigger Signls of last year", Condition);
        var advised = await MakeRuleAsync(remote, "SIGNL4 - Trigger Signls (leave deactivated)", Condition);
        using var connector = remote.Connect();

        Assert.Equal($"{advised}", await TriggerAsync());

        var exact = await MakeRuleAsync(remote, "SIGNL4 - Trigger Signls", Condition);
        Assert.Equal($"{exact}", await TriggerAsync());

        async Task<string?> TriggerAsync() => (await ((IProvisions)connector).PlanAsync(Cancel)).Steps.Single(step => step.Role == "rule.trigger").ExistingId;
    }

    [Fact]
    public async Task Plan_UnknownStatus_NamesItAndTheSetting()
    {
        await using var remote = await SandboxPsa.StartAsync();
        var options = remote.Options();
        options.AssignedStatus = "No such status";
        using var connector = SandboxPsa.Connect(options);

        var problem = Assert.Single((await ((IProvisions)connector).PlanAsync(Cancel)).Problems);

        Assert.Contains("No such status", problem);
    }

    [Fact]
    public async Task Plan_OldVersion_StopsInstallSayingWhichIsNeeded()
    {
        await using var remote = await SandboxPsa.StartAsync();
        await remote.ControlAsync(HttpMethod.Put, "switches", new { version = "2018.6" });
        using var connector = remote.Connect();

        var problem = Assert.Single((await ((IProvisions)connector).PlanAsync(Cancel)).Problems);

        Assert.Contains("2018.6", problem);
        Assert.Contains("2019.1", problem);
    }

    [Fact]
    public async Task Remove_FieldChangedSince_IsKept()
    {
        await using var remote = await SandboxPsa.StartAsync();
        using var connector = remote.Connect();
        var step = (await ((IProvisions)connector).PlanAsync(Cancel)).Steps[0];
        var made = await ((IProvisions)connector).ApplyAsync(step, new Dictionary<string, string>(StringComparer.Ordinal), Cancel);
        var rename = new[] { new { op = "replace", path = "caption", value = "Mine now" } };
        using var answer = await remote.Technician.PatchAsJsonAsync($"system/userDefinedFields/{made.RemoteId}", rename, Cancel);
        answer.EnsureSuccessStatusCode();

        var outcome = await ((IProvisions)connector).RemoveAsync(made, Cancel);

        Assert.True(made.Created);
        Assert.False(outcome.Removed);
    }

    [Fact]
    public async Task ReadEntered_ManyPages_ReachesEveryTicket()
    {
        await using var remote = await SandboxPsa.StartAsync();
        var made = await remote.CreateTicketsAsync(12);
        using var connector = remote.Connect();

        var seen = new HashSet<string>(StringComparer.Ordinal);
        string? after = null;
        TicketPage page;
        do
        {
            page = await ((IReadsTickets)connector).ReadEnteredAsync(DateTimeOffset.UnixEpoch, after, 5, Cancel);
            Assert.All(page.Tickets, ticket => Assert.True(seen.Add(ticket.Id)));
            after = page.Tickets.Count > 0 ? page.Tickets[^1].Id : after;
        }
        while (page.Full);

        Assert.Superset(made.ToHashSet(StringComparer.Ordinal), seen);
    }

    private static async Task MakeFieldAsync(SandboxPsa remote, string caption, string type)
    {
        var fields = await remote.Technician.GetFromJsonAsync<JsonElement>("system/userDefinedFields?conditions=screenId=\"sr100\"", Cancel);
        var pod = fields[0].GetProperty("podId").GetInt32();
        var field = new { podId = pod, caption, sequenceNumber = 99, fieldTypeIdentifier = type, entryTypeIdentifier = "EntryField" };
        using var answer = await remote.Technician.PostAsJsonAsync("system/userDefinedFields", field, Cancel);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<int> MakeRuleAsync(SandboxPsa remote, string name, string condition)
    {
        var tables = await remote.Technician.GetFromJsonAsync<JsonElement>("system/workflows/tableTypes", Cancel);
        var table = tables.EnumerateArray().First(table => table.GetProperty("name").GetString()!.Contains("Service Ticket", StringComparison.Ordinal)).GetProperty("id").GetInt32();
        using var rule = await remote.Technician.PostAsJsonAsync("system/workflows", new { name, tableType = new { id = table }, activateFlag = false }, Cancel);
        rule.EnsureSuccessStatusCode();
        var id = (await rule.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("id").GetInt32();
        using var made = await remote.Technician.PostAsJsonAsync($"system/workflows/{id}/events", new { eventCondition = condition, executionTime = "Once" }, Cancel);
        made.EnsureSuccessStatusCode();
        return id;
    }
}
