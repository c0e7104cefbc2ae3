using Deskbridge.Connectors;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Sync;
using Deskbridge.Core.Tests.Connections;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Sync;

/// <summary>What an alert shows beside its ticket: kept while it cannot be read again, and read again when it changed.</summary>
public sealed class DetailReaderTests
{
    [Fact]
    public async Task Details_ThatCannotBeReadAgain_StayAsTheyWere_AndAreTriedAgainLater()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, id) = await DetailedAsync(hub);
        await FailAsync(hub, connection, id);
        var failed = await TicketAsync(hub);
        hub.Psa.FailBefore = null;
        await ReadAsync(hub);
        Assert.Equal(failed.Details, (await TicketAsync(hub)).Details);
        hub.Store.Time.Advance(TimeSpan.FromMinutes(3));
        await ReadAsync(hub);

        Assert.Contains("Fabrikam", failed.Details, StringComparison.Ordinal);
        var read = await TicketAsync(hub);
        Assert.Contains("Contoso", read.Details, StringComparison.Ordinal);
        Assert.Equal((false, null), (read.DetailsWanted, read.DetailsFailedAt));
    }

    [Fact]
    public async Task Change_WhileDetailsAreRead_IsReadToo()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, id) = await DetailedAsync(hub);
        hub.Psa.Edit(id, ticket => ticket with { PriorityId = "2" });
        await hub.PollLaterAsync(connection);
        hub.Psa.Before = async operation =>
        {
            if (operation != "details") return;
            hub.Psa.Before = null;
            hub.Psa.Edit(id, ticket => ticket with { Company = "Contoso" });
            await hub.PollLaterAsync(connection);
        };

        await ReadAsync(hub);
        await ReadAsync(hub);

        var read = await TicketAsync(hub);
        Assert.Contains("Contoso", read.Details, StringComparison.Ordinal);
        Assert.False(read.DetailsWanted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SyncNow_OfATicketOrItsConnection_ReadsTheDetailsAgain(bool ofTheTicket)
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, id) = await DetailedAsync(hub);
        hub.Psa.Notes[id].Add(new RemoteNote("77", "Written without changing the ticket.", "Mia Chen", null, hub.Psa.Now, NoteFlags.Internal));

        await SyncAsync(hub, connection, ofTheTicket ? id : null);
        await ReadAsync(hub);

        Assert.Contains("Written without", (await TicketAsync(hub)).Details, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SyncNow_OfDetailsThatCouldNotBeRead_TriesAgainAtOnce(bool ofTheTicket)
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, id) = await DetailedAsync(hub);
        await FailAsync(hub, connection, id);
        hub.Psa.FailBefore = null;

        await SyncAsync(hub, connection, ofTheTicket ? id : null);
        await ReadAsync(hub);

        Assert.Contains("Contoso", (await TicketAsync(hub)).Details, StringComparison.Ordinal);
    }

    /// <summary>The ticket changed, and its details cannot be read.</summary>
    private static async Task FailAsync(ConnectionsHub hub, Guid connection, string id)
    {
        hub.Psa.FailBefore = operation => operation == "details" ? new ConnectorUnavailableException("No answer.", false) : null;
        hub.Psa.Edit(id, ticket => ticket with { Company = "Contoso" });
        await hub.PollLaterAsync(connection);
        await ReadAsync(hub);
    }

    private static async Task SyncAsync(ConnectionsHub hub, Guid connection, string? ticket)
    {
        if (ticket is not null) Assert.Null((await hub.Store.Get<LookAtTicket>().RunAsync(connection, ticket, default)).Failure);
        else Assert.Equal(RunState.Succeeded, (await hub.RunAsync(connection, ConnectionRunKind.Sync)).Run.State);
        await hub.WorkAsync();
    }

    /// <summary>What a technician adds right after the ticket (a file, a task) often changes it no further.</summary>
    [Fact]
    public async Task Details_ReadRightAfterAChange_AreReadOnceMore_AndThenNoMore()
    {
        await using var hub = await ConnectionsHub.CreateAsync();
        var (connection, id) = await DetailedAsync(hub);
        hub.Psa.Edit(id, ticket => ticket with { Company = "Contoso" });
        await hub.PollLaterAsync(connection);
        var reads = 0;
        hub.Psa.Before = operation =>
        {
            if (operation == "details") reads++;
            return Task.CompletedTask;
        };

        await ReadAsync(hub);
        await ReadAsync(hub);
        Assert.Equal(1, reads);

        hub.Store.Time.Advance(TimeSpan.FromSeconds(31));
        await ReadAsync(hub);
        hub.Store.Time.Advance(TimeSpan.FromMinutes(10));
        await ReadAsync(hub);
        Assert.Equal(2, reads);
    }

    private static async Task<(Guid Connection, string Ticket)> DetailedAsync(ConnectionsHub hub)
    {
        var connection = await hub.InstallAsync();
        hub.Store.Time.Advance(TimeSpan.FromSeconds(30));
        var id = hub.Psa.Add("Server room too warm").Id;
        await hub.PollLaterAsync(connection);
        await hub.SettleAsync();
        await hub.PollLaterAsync(connection);
        await ReadAsync(hub);
        Assert.False((await TicketAsync(hub)).DetailsWanted);
        hub.Store.Time.Advance(TimeSpan.FromSeconds(20));
        return (connection, id);
    }

    private static async Task ReadAsync(ConnectionsHub hub) => await hub.Store.Get<DetailReader>().RunOnceAsync(default);

    private static Task<Ticket> TicketAsync(ConnectionsHub hub) => hub.Store.ReadAsync(db => db.Tickets.SingleAsync());
}
