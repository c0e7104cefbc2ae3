using System.Globalization;
using Deskbridge.Core.Alerting.Paging;

namespace Deskbridge.Core.Alerting.Twilio;

/// <summary>Pages by text message through Twilio. That Twilio took it says little: whether the phone has it, its status callbacks tell.</summary>
internal sealed class SmsCarrier(TwilioAccounts accounts, TwilioApi api) : IPageCarrier
{
    /// <summary>Later than this it would be no page any more; the rounds have sent others meanwhile.</summary>
    private const string ValidSeconds = "600";

    /// <inheritdoc/>
    public ChannelKind Kind => ChannelKind.Sms;

    /// <inheritdoc/>
    public bool ShowsTicket => true;

    /// <inheritdoc/>
    public Task<PageOutcome> SendAsync(PageMessage message, PageAddress address, CancellationToken cancel) =>
        SendAsync(address.Address, SmsText.Of(message), message.Attempt > 0 ? StatusPath(message.DeliveryId, message.Attempt) : null, cancel);

    /// <summary>Where Twilio tells what became of an attempt.</summary>
    public static string StatusPath(Guid page, int attempt) => string.Create(CultureInfo.InvariantCulture, $"/twilio/pages/{page}/{attempt}");

    /// <summary>Sends a text.</summary>
    public async Task<PageOutcome> SendAsync(string to, string text, string? statusPath, CancellationToken cancel)
    {
        TwilioAccount? account;
        try
        {
            account = await accounts.ReadAsync(cancel);
        }
        catch (InvalidOperationException lost)
        {
            return new PageOutcome.PermFail($"The auth token of Twilio cannot be read: {lost.Message}");
        }

        if (account is null) return new PageOutcome.PermFail(TwilioAccounts.NotSet);
        Dictionary<string, string> fields = new(StringComparer.Ordinal)
        {
            ["To"] = to,
            [account.IsService ? "MessagingServiceSid" : "From"] = account.From,
            ["Body"] = text,
            ["ValidityPeriod"] = ValidSeconds,
        };
        if (statusPath is not null && account.Callback(statusPath) is { } callback) fields["StatusCallback"] = callback;
        try
        {
            var answer = await api.PostAsync(account, "Messages", fields, cancel);
            return answer.IsSuccess
                ? new PageOutcome.Accepted(TwilioApi.Member(answer.Body, "sid"), "Twilio took the text. Whether the phone has it is told later.")
                : TwilioErrors.Refusal(answer);
        }
        catch (HttpRequestException failure)
        {
            return CarrierHttp.NoAnswer(failure, "Twilio");
        }
    }
}
