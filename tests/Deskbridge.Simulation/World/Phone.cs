using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Testing;

namespace Deskbridge.Simulation.World;

/// <summary>The carrier of all pages: records what it is handed, and fails now and then.</summary>
internal sealed class Phone(ManualTime clock, Random random) : IPageCarrier
{
    public ChannelKind Kind => ChannelKind.Ntfy;

    /// <summary>Share of attempts that fail by chance.</summary>
    public double FaultShare { get; set; }

    public List<Ring> Rings { get; } = [];

    public Task<PageOutcome> SendAsync(PageMessage message, PageAddress address, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var fails = FaultShare > 0 && random.NextDouble() < FaultShare;
        Rings.Add(new Ring(message.DeliveryId, message.AlertId, message.Episode, message.Repeat, clock.GetUtcNow(), !fails, message.Title, message.Person.Id));
        return Task.FromResult<PageOutcome>(fails ? new PageOutcome.TempFail("busy") : new PageOutcome.Accepted("p", "taken"));
    }
}

/// <summary>One attempt at the phone.</summary>
internal sealed record Ring(Guid DeliveryId, Guid AlertId, int Episode, int Repeat, DateTimeOffset At, bool Accepted, string Title, Guid PersonId);
