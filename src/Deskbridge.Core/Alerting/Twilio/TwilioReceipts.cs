using Deskbridge.Core.Alerting.Paging;

namespace Deskbridge.Core.Alerting.Twilio;

/// <summary>What the state of a message means for the ledger (twilio.com/docs/messaging/api/message-resource, "Message status values").</summary>
internal static class TwilioReceipts
{
    /// <summary>The receipt; null for a state that says nothing new. Until a provider has it, it may still be that nobody does.</summary>
    public static PageReceipt? Read(string status, string? error, string? sid) => status switch
    {
        "sending" or "sent" => new(PageAttempt.Accepted, new PageOutcome.Accepted(sid, "Twilio handed the text to the phone's provider. Whether the phone has it is told later.")),
        "delivered" or "read" or "partially_delivered" => new(PageAttempt.Delivered, new PageOutcome.Accepted(sid, "The phone has the text.")),
        "undelivered" or "failed" or "canceled" => new(PageAttempt.Undelivered, TwilioErrors.Undelivered(status, error)),
        _ => null,
    };
}
