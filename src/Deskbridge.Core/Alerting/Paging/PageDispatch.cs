using Deskbridge.Core.Common;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Alerting.Paging;

/// <summary>Hands a message to the carrier of its channel, within the time an attempt may take. It always has an answer.</summary>
internal sealed partial class PageDispatch(
    IEnumerable<IPageCarrier> carriers, PageTickets tickets, ISecretProtector secrets, IOptions<AlertingOptions> options, TimeProvider clock, ILogger<PageDispatch> logger)
{
    private readonly Dictionary<ChannelKind, IPageCarrier> _carriers = carriers.ToDictionary(c => c.Kind);

    /// <summary>Sends once.</summary>
    public async Task<PageOutcome> SendAsync(PageMessage message, Channel channel, CancellationToken cancel)
    {
        string secret;
        try
        {
            secret = secrets.Unprotect(channel.Secret);
        }
        catch (InvalidOperationException failure)
        {
            return new PageOutcome.PermFail($"The secret of channel {channel.Name} cannot be read: {failure.Message}");
        }

        using var timeout = new CancellationTokenSource(options.Value.PageTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancel);
        try
        {
            var carrier = _carriers[channel.Kind];
            var told = carrier.ShowsTicket && !message.IsTest ? message with { Ticket = await TicketAsync(message, either.Token) } : message;
            return await carrier.SendAsync(told, new PageAddress(channel.Kind, channel.Address, secret), either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            return new PageOutcome.TempFail($"No answer within {options.Value.PageTimeout.TotalSeconds:0} seconds; it may have arrived.");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogCarrierFailed(logger, failure, message.DeliveryId);
            return new PageOutcome.TempFail($"Sending failed: {failure.Message}");
        }
    }

    /// <summary>A page goes out without the parts of its ticket rather than not at all.</summary>
    private async Task<PageTicket?> TicketAsync(PageMessage message, CancellationToken cancel)
    {
        try
        {
            return await tickets.FindAsync(message.AlertId, cancel);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogTicketUnread(logger, failure, message.DeliveryId);
            return null;
        }
    }

    [LoggerMessage(2002, LogLevel.Warning, "Sending page {Delivery} failed in a way the carrier does not know")]
    private static partial void LogCarrierFailed(ILogger logger, Exception failure, Guid delivery);

    [LoggerMessage(2005, LogLevel.Warning, "The ticket of page {Delivery} could not be read; the page goes out without its parts")]
    private static partial void LogTicketUnread(ILogger logger, Exception failure, Guid delivery);
}
