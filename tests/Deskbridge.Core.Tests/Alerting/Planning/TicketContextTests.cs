using Deskbridge.Connectors;
using Deskbridge.Core.Sync;
using Xunit;

namespace Deskbridge.Core.Tests.Alerting.Planning;

public sealed class TicketContextTests
{
    private static readonly RemoteTicket Ticket = new()
    {
        Id = "1",
        Title = "Disk full",
        UpdatedAt = DateTimeOffset.UnixEpoch,
        EnteredAt = DateTimeOffset.UnixEpoch,
        Closed = false,
        Board = new RemoteRef("1", "Service"),
        Body = "{}",
    };

    [Fact]
    public void Context_ReadForTheSamePersonAndBoard_Fits() =>
        Assert.True(new TicketContext([], null, "mia@example.test", "1").Fits("mia@example.test", Ticket));

    [Fact]
    public void Context_SomebodyActedAfterItWasRead_IsNotPlannedWith() =>
        Assert.False(new TicketContext([], null, "", "1").Fits("mia@example.test", Ticket));

    [Fact]
    public void Context_TicketMovedToAnotherBoardAfterItWasRead_IsNotPlannedWith() =>
        Assert.False(new TicketContext([], null, "", "2").Fits("", Ticket));
}
