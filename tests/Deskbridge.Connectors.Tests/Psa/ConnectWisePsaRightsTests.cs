using Deskbridge.Connectors.ConnectWise.Psa;
using Xunit;

namespace Deskbridge.Connectors.Tests.Psa;

/// <summary>Every cell that the vendor's guide lists (S46 to S48), taken away one at a time in the simulator's own matrix.</summary>
public sealed class ConnectWisePsaRightsTests
{
    private static readonly RightColumn[] Columns = [RightColumn.Add, RightColumn.Edit, RightColumn.Delete, RightColumn.Inquire];

    private static readonly (string Module, string Function, string Cells)[] Guide =
    [
        ("Service Desk", "Close Service Tickets", "None/All/None/All"),
        ("Service Desk", "Resource Scheduling", "All/All/All/All"),
        ("Service Desk", "Service Ticket - Dependencies", "None/All/All/All"),
        ("Service Desk", "Service Tickets", "None/All/None/All"),
        ("Service Desk", "Ticket Templates", "None/All/None/All"),
        ("System", "API Reports", "None/None/None/All"),
        ("System", "Member Maintenance", "None/None/None/All"),
        ("System", "My Account", "None/None/None/All"),
        ("System", "Table Setup", "All/All/All/All"),
    ];

    private static readonly string[] TableItems = ["General / Custom Fields", "General / Workflow Rules", "Service / Service Board"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Probe_RoleOfTheGuide_HasEveryCellThatIsNeededAndNothingChanged()
    {
        await using var remote = await SandboxPsa.StartAsync();
        await SetAsync(remote, Guide.ToDictionary(row => row.Function, row => row.Cells));
        var before = await remote.CommitsAsync();

        var report = await Probe(remote);

        Assert.Equal("API Integration", report.Role);
        Assert.All(Guide, row => Assert.All(Columns, column => Assert.Equal(
            Granted(row.Cells, column) ? RightState.Have : RightState.Missing, Cell(report, row.Function, column).State)));
        Assert.Equal(before, await remote.CommitsAsync());
    }

    [Fact]
    public async Task Probe_EachCellTakenAway_IsMissingAloneAndNamedWithItsWay()
    {
        await using var remote = await SandboxPsa.StartAsync();
        foreach (var row in Guide)
        {
            foreach (var column in Columns.Where(column => Granted(row.Cells, column)))
            {
                await SetAsync(remote, Guide.ToDictionary(other => other.Function, other => other == row ? Without(row.Cells, column) : other.Cells));

                var report = await Probe(remote);

                Assert.Equal(RightState.Missing, Cell(report, row.Function, column).State);
                Assert.All(Columns.Where(other => other != column && Granted(row.Cells, other)), other => Assert.Equal(RightState.Have, Cell(report, row.Function, other).State));
                var found = report.Rows.Single(found => found.Needed.Function == row.Function);
                if (found.Needed[column] == RightNeed.Never) continue;
                var role = row.Function == "My Account" ? "" : " (API Integration)"; // the account that would tell the role's name
                Assert.Contains($"System > Security Roles, choose the role of the API member{role}, then {row.Module} > {row.Function}: set {column} to All", found.Fix, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("General / Custom Fields", "read a custom field")]
    [InlineData("General / Workflow Rules", "read a workflow rule")]
    [InlineData("Service / Service Board", "read a board")]
    public async Task Probe_EntryOfTableSetupNotAllowed_IsNamed(string entry, string call)
    {
        await using var remote = await SandboxPsa.StartAsync();
        await SetAsync(remote, Guide.ToDictionary(row => row.Function, row => row.Cells), tables: [.. TableItems.Where(item => item != entry)]);

        var tables = (await Probe(remote)).Rows.Single(row => row.Needed.Function == "Table Setup");

        var inquire = tables.Cells.Single(cell => cell.Column == RightColumn.Inquire);
        Assert.Equal(RightState.Missing, inquire.State);
        Assert.Contains($"{call} ({entry})", inquire.Evidence, StringComparison.Ordinal);
        Assert.Contains("under Customize allow", tables.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probe_SchedulingOfAnotherLocationOnly_IsFoundWithoutAWrite()
    {
        await using var remote = await SandboxPsa.StartAsync();
        await SetAsync(remote, Guide.ToDictionary(row => row.Function, row => row.Cells), locations: ["Columbus Office"]);
        var before = await remote.CommitsAsync();

        var scheduling = (await Probe(remote)).Rows.Single(row => row.Needed.Function == "Resource Scheduling");

        Assert.All(scheduling.Cells, cell => Assert.Equal("It is limited to Columbus Office, and the API member's location is Tampa Office.", cell.Evidence));
        Assert.Contains("allow all locations, or at least that of the API member", scheduling.Fix, StringComparison.Ordinal);
        Assert.Equal(before, await remote.CommitsAsync());
    }

    [Fact]
    public async Task Probe_SchedulingOfTheMembersLocation_IsEnoughAndSaysWhatItLeavesOut()
    {
        await using var remote = await SandboxPsa.StartAsync();
        await SetAsync(remote, Guide.ToDictionary(row => row.Function, row => row.Cells), locations: ["Tampa Office"]);

        var report = await Probe(remote);

        Assert.All(report.Rows.Single(row => row.Needed.Function == "Resource Scheduling").Cells, cell => Assert.Equal(RightState.Have, cell.State));
        Assert.Contains(report.Notes, note => note.Contains("tickets of other locations get no owner", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Probe_OwnListNotShown_ReadsProveAndWritesStayUnknown()
    {
        await using var remote = await SandboxPsa.StartAsync();
        await remote.ControlAsync(HttpMethod.Put, "switches", new { forbidden = new[] { "GET /system/mySecurity" } });

        var report = await Probe(remote);

        Assert.Equal(RightState.Have, Cell(report, "Service Tickets", RightColumn.Inquire).State);
        Assert.Equal(RightState.Unknown, Cell(report, "Service Tickets", RightColumn.Edit).State);
        Assert.Contains("not refused to change a ticket that does not exist, which proves little. The first real write shows it.", Cell(report, "Service Tickets", RightColumn.Edit).Evidence, StringComparison.Ordinal);
        Assert.Contains("Not probed: no call shows it without changing something.", Cell(report, "Close Service Tickets", RightColumn.Edit).Evidence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("service/tickets", "PATCH", "Service Tickets", RightColumn.Edit)]
    [InlineData("schedule", "POST", "Resource Scheduling", RightColumn.Add)]
    [InlineData("schedule", "DELETE", "Resource Scheduling", RightColumn.Delete)]
    [InlineData("system/workflows", "POST", "Table Setup", RightColumn.Add)]
    [InlineData("system/userDefinedFields", "PATCH", "Table Setup", RightColumn.Edit)]
    public async Task Probe_RefusedThoughTheListSaysAll_CountsAsMissing(string path, string method, string function, RightColumn column)
    {
        await using var remote = await SandboxPsa.StartAsync();
        await remote.ControlAsync(HttpMethod.Put, "switches", new { forbidden = new[] { $"{method} /{path}" } });

        var cell = Cell(await Probe(remote), function, column);

        Assert.Equal(RightState.Missing, cell.State);
        Assert.Contains("though the role's list says All", cell.Evidence, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Close Service Tickets", "Service Desk > Close Service Tickets > Edit")]
    [InlineData("Resource Scheduling", "Service Desk > Resource Scheduling > Edit")]
    [InlineData("Service Tickets", "Service Desk > Service Tickets > Edit")]
    public async Task Refusal_OfATicketsChange_NamesTheCellThatTheAnswerNames(string function, string cell)
    {
        await using var remote = await SandboxPsa.StartAsync();
        var id = (await remote.CreateTicketsAsync(1))[0];
        await SetAsync(remote, Guide.ToDictionary(row => row.Function, row => row.Function == function ? Without(row.Cells, RightColumn.Edit) : row.Cells));
        using var connector = remote.Connect();
        var member = (await ((IReadsMembers)connector).ReadMembersAsync(Cancel))[0];
        var ticket = (await ((IReadsTickets)connector).ReadTicketAsync(id, Cancel))!;
        var closed = (await ((IReadsBoards)connector).ReadStatusesAsync(ticket.Board!.Id, Cancel)).First(status => status.Closed);
        var set = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            [function == "Resource Scheduling" ? TicketFields.Owner : TicketFields.Status] = function == "Resource Scheduling" ? member.Id : closed.Id,
        };

        var refused = await Assert.ThrowsAsync<ConnectorRejectedException>(() => ((IWritesTickets)connector).UpdateTicketAsync(id, new() { Set = set }, Cancel));

        Assert.Equal(RejectionKind.Permission, refused.Kind);
        Assert.Contains($"lacks a right ({cell})", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Needs_FilesAttached_AskForDocuments_AndElseOnlyToShowThem()
    {
        NeededRight? Documents(bool attachments, PsaDetails details) =>
            PsaRoleNeeds.Of(new ConnectWisePsaOptions { Attachments = attachments, Details = details }).SingleOrDefault(row => row.Function == "Manage Documents");

        Assert.Equal((RightNeed.Always, RightNeed.Always), (Documents(true, PsaDetails.None)!.Add, Documents(true, PsaDetails.None)!.Inquire));
        Assert.Equal((RightNeed.Never, RightNeed.Always), (Documents(false, PsaDetails.Documents)!.Add, Documents(false, PsaDetails.Documents)!.Inquire));
        Assert.Null(Documents(false, PsaDetails.Notes));
    }

    [Fact]
    public void Needs_OwnerAssignmentNever_AsksForNoSchedulingAndNoMembers()
    {
        var role = PsaRoleNeeds.Of(new ConnectWisePsaOptions { OwnerAssignment = OwnerAssignment.Never, Details = PsaDetails.None, Attachments = false });

        Assert.False(role.Single(row => row.Function == "Resource Scheduling").IsNeeded);
        Assert.False(role.Single(row => row.Function == "Member Maintenance").IsNeeded);
        Assert.DoesNotContain(role, row => row.Module == "Companies");
        Assert.Equal(RightNeed.Setup, role.Single(row => row.Function == "Table Setup").Edit);
        Assert.Equal(RightNeed.Always, role.Single(row => row.Function == "Table Setup").Inquire);
    }

    [Fact]
    public async Task Test_LeastRole_PassesBeforeInstallAndAfterItWithoutTheRightsToSetUp()
    {
        await using var remote = await SandboxPsa.StartAsync();
        var options = remote.Options();
        var least = PsaRoleNeeds.Of(options).ToDictionary(row => row.Function, row => string.Join('/', Columns.Select(column => row[column] == RightNeed.Never ? "None" : "All")));
        await SetAsync(remote, least);
        using var fresh = SandboxPsa.Connect(options);
        var before = await fresh.TestAsync(Cancel);
        await SetAsync(remote, new(least, StringComparer.Ordinal) { ["Table Setup"] = "None/None/None/All" });
        using var installed = SandboxPsa.Connect(options, new Dictionary<string, string>(StringComparer.Ordinal) { ["rule.trigger"] = "31" });

        Assert.All(before.Checks, check => Assert.Equal(ProbeOutcome.Passed, check.Outcome));
        Assert.All((await installed.TestAsync(Cancel)).Checks, check => Assert.Equal(ProbeOutcome.Passed, check.Outcome));
        Assert.Contains(
            (await fresh.TestAsync(Cancel)).Checks,
            check => check is { Name: "System > Table Setup", Outcome: ProbeOutcome.Failed } && check.Message.Contains("System > Table Setup > Add; System > Table Setup > Edit; System > Table Setup > Delete", StringComparison.Ordinal));
    }

    private static async Task<RightsReport> Probe(SandboxPsa remote)
    {
        using var connector = remote.Connect();
        return await ((IProbesRights)connector).ProbeRightsAsync(Cancel);
    }

    private static RightCell Cell(RightsReport report, string function, RightColumn column) =>
        report.Rows.Single(row => row.Needed.Function == function).Cells.Single(cell => cell.Column == column);

    private static bool Granted(string cells, RightColumn column) => cells.Split('/')[(int)column] == "All";

    private static string Without(string cells, RightColumn column) => string.Join('/', cells.Split('/').Select((level, at) => at == (int)column ? "None" : level));

    private static Task SetAsync(SandboxPsa remote, Dictionary<string, string> cells, string[]? tables = null, string[]? locations = null) =>
        remote.ControlAsync(HttpMethod.Put, "rights", new
        {
            others = "None/None/None/None",
            cells,
            customized = new Dictionary<string, string[]?>(StringComparer.Ordinal) { ["Table Setup"] = tables ?? TableItems, ["Resource Scheduling"] = locations },
        });
}
