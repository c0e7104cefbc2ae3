using Xunit;

namespace Deskbridge.Connectors.Tests.Psa;

/// <summary>What goes wrong between the hub and ConnectWise PSA, against the simulator's faults.</summary>
public sealed class ConnectWisePsaTroubleTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET /service/tickets", "Service Desk > Service Tickets > Inquire", "Service Desk > Service Tickets: set Inquire to All")]
    [InlineData("* /system/members", "System > Member Maintenance > Inquire", "System > Member Maintenance: set Inquire to All")]
    [InlineData("* /system/workflows", "System > Table Setup > Inquire", "General / Workflow Rules")]
    [InlineData("* /system/userDefinedFields", "System > Table Setup > Inquire", "General / Custom Fields")]
    [InlineData("* /schedule", "Service Desk > Resource Scheduling > Inquire", "Service Desk > Resource Scheduling: set Add, Edit, Delete and Inquire to All")]
    [InlineData("* /service/boards", "System > Table Setup > Inquire", "Service / Service Board")]
    public async Task Test_MissingRight_FailsOnlyThereAndNamesTheCell(string endpoint, string cell, string way)
    {
        await using var remote = await SandboxPsa.StartAsync();
        await remote.ControlAsync(HttpMethod.Put, "switches", new { forbidden = new[] { endpoint } });
        using var connector = remote.Connect();

        var failed = Assert.Single((await connector.TestAsync(Cancel)).Checks, check => check.Outcome == ProbeOutcome.Failed);

        Assert.Contains(cell, failed.Message);
        Assert.Contains(way, failed.Fix);
    }

    [Fact]
    public async Task Test_OldVersion_FailsSayingWhichIsNeeded()
    {
        await using var remote = await SandboxPsa.StartAsync();
        await remote.ControlAsync(HttpMethod.Put, "switches", new { version = "2018.6" });
        using var connector = remote.Connect();

        var failed = Assert.Single((await connector.TestAsync(Cancel)).Checks, check => check.Outcome == ProbeOutcome.Failed);

        Assert.Contains("2019.1", failed.Fix);
    }

    [Theory]
    [InlineData("error-before")]
    [InlineData("error-after")]
    [InlineData("cut-before")]
    [InlineData("cut-after")]
    public async Task Write_Fault_IsInDoubtAndNeverRepeated(string kind)
    {
        await using var remote = await SandboxPsa.StartAsync();
        var id = (await remote.CreateTicketsAsync(1))[0];
        await remote.ControlAsync(HttpMethod.Post, "faults", new { kind, method = "POST", path = "^/?service/tickets/.*/notes", count = 1 });
        using var connector = remote.Connect();
        var notes = (ITicketNotes)connector;
        var before = (await notes.ReadNotesAsync(id, Cancel)).Count;

        var failure = await Assert.ThrowsAsync<ConnectorUnavailableException>(() => notes.AddNoteAsync(id, new("once", NoteFlags.Internal, null), Cancel));

        Assert.True(failure.MayHaveBeenApplied);
        Assert.Equal(kind.EndsWith("after", StringComparison.Ordinal) ? 1 : 0, (await notes.ReadNotesAsync(id, Cancel)).Count - before);
    }

    [Fact]
    public async Task CloudForm_CodebaseChangesUnderWay_IsFollowed()
    {
        await using var remote = await SandboxPsa.StartAsync();
        var id = (await remote.CreateTicketsAsync(1))[0];
        using var connector = remote.Connect();
        await ((IReadsTickets)connector).ReadTicketAsync(id, Cancel);
        await remote.ControlAsync(HttpMethod.Put, "switches", new { cloudCompanyInfo = true });
        using var cloud = remote.Connect();

        Assert.NotNull(await ((IReadsTickets)connector).ReadTicketAsync(id, Cancel));
        Assert.NotNull(await ((IReadsTickets)cloud).ReadTicketAsync(id, Cancel));
    }

    [Fact]
    public async Task Callback_BadSignature_IsRefused()
    {
        await using var remote = await SandboxPsa.StartAsync();
        using var connector = remote.Connect();
        await using var inbox = await CallbackInbox.StartAsync();
        await ((IReceivesCallbacks)connector).EnsureSubscriptionsAsync(inbox.Address, Cancel);
        await remote.ControlAsync(HttpMethod.Post, "faults", new { kind = "callback-bad-signature", count = 1 });

        await remote.CreateTicketsAsync(1);
        var verdict = await ((IReceivesCallbacks)connector).VerifyAsync(await inbox.NextAsync(Cancel), Cancel);

        Assert.IsType<CallbackVerdict.Refused>(verdict);
    }

    [Fact]
    public async Task PatchWithoutCustomFieldsRefused_UpdateStillWorks()
    {
        await using var remote = await SandboxPsa.StartAsync();
        await remote.ControlAsync(HttpMethod.Put, "switches", new { patchNeedsCustomFields = true });
        var id = (await remote.CreateTicketsAsync(1))[0];
        using var connector = remote.Connect();
        var member = (await ((IReadsMembers)connector).ReadMembersAsync(Cancel))[0];
        var set = new Dictionary<string, string?>(StringComparer.Ordinal) { [TicketFields.Owner] = member.Id };

        var written = await ((IWritesTickets)connector).UpdateTicketAsync(id, new() { Set = set }, Cancel);

        Assert.Equal(member.Id, written.Owner!.Id);
    }

    [Fact]
    public async Task MarkerField_RenamedThenDeleted_IsFoundByIdThenNamedAsMissing()
    {
        await using var remote = await SandboxPsa.StartAsync();
        var id = (await remote.CreateTicketsAsync(1))[0];
        using var fresh = remote.Connect();
        var step = (await ((IProvisions)fresh).PlanAsync(Cancel)).Steps.Single(step => step.Role == TicketFields.MarkerStatus);
        var field = await ((IProvisions)fresh).ApplyAsync(step, new Dictionary<string, string>(StringComparer.Ordinal), Cancel);
        using var connector = remote.Connect(new Dictionary<string, string>(StringComparer.Ordinal) { [field.Role] = field.RemoteId });

        await remote.ControlAsync(HttpMethod.Put, $"custom-fields/{field.RemoteId}", new { caption = "Renamed" });
        var renamed = await ((IReadsTickets)connector).ReadTicketAsync(id, Cancel);
        await remote.ControlAsync(HttpMethod.Delete, $"custom-fields/{field.RemoteId}");
        var deleted = await ((IReadsTickets)connector).ReadTicketAsync(id, Cancel);

        Assert.Empty(renamed!.MissingMarkers);
        Assert.Equal(TicketFields.MarkerStatus, Assert.Single(deleted!.MissingMarkers));
        var set = new Dictionary<string, string?>(StringComparer.Ordinal) { [TicketFields.MarkerStatus] = "Acknowledged" };
        var refused = await Assert.ThrowsAsync<ConnectorRejectedException>(() => ((IWritesTickets)connector).UpdateTicketAsync(id, new() { Set = set }, Cancel));
        Assert.Equal(TicketFields.MarkerStatus, refused.Field);
        Assert.Contains("Press Repair on the connection's page", refused.Message, StringComparison.Ordinal);
    }
}
