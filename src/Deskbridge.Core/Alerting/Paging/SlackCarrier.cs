using System.Text;
using Deskbridge.Core.Common;

namespace Deskbridge.Core.Alerting.Paging;

/// <summary>Posts a page to a Slack channel by an incoming webhook (docs.slack.dev, "Sending messages using incoming webhooks"). Such a post can be neither changed nor answered later.</summary>
internal sealed class SlackCarrier(CarrierHttp http) : IPageCarrier
{
    private const string Name = "Slack";
    private const string NewOne = "Add the webhook again in your Slack app and enter its new address.";

    /// <inheritdoc/>
    public ChannelKind Kind => ChannelKind.Slack;

    /// <inheritdoc/>
    public bool ShowsTicket => true;

    /// <inheritdoc/>
    public async Task<PageOutcome> SendAsync(PageMessage message, PageAddress address, CancellationToken cancel) =>
        ChatAddress.Problem(Kind, address.Secret) is { } problem
            ? new PageOutcome.PermFail(problem)
            : await http.PostAsync(address.Secret, Encoding.UTF8.GetBytes(Json.Write(SlackMessage.Of(message))), message.DeliveryId, Name, Outcome, cancel);

    /// <summary>
    /// What an answer means. Failures are words in plain text; the status beside them has changed over the years, so the word counts first
    /// (docs.slack.dev, "Handling errors"; api.slack.com/changelog/2016-05-17-changes-to-errors-for-incoming-webhooks).
    /// </summary>
    internal static PageOutcome Outcome(CarrierAnswer answer)
    {
        var word = answer.Body.Trim();
        return word switch
        {
            "ok" when answer.IsSuccess => new PageOutcome.Accepted(null, "Slack took it."),
            "no_service" or "no_service_id" or "no_active_hooks" or "no_team" => new PageOutcome.PermFail(
                $"Slack knows this webhook no more ({word}): it or its app was removed, so a page switches this channel off. {NewOne}", Gone: true),
            "invalid_token" or "team_disabled" => Refused($"Slack does not accept the webhook any more ({word}). {NewOne}"),
            "channel_not_found" or "user_not_found" => Refused($"The Slack channel does not exist any more, or its app was taken out of it ({word}). {NewOne}"),
            "channel_is_archived" => Refused("The Slack channel is archived (channel_is_archived). Take it out of the archive, or add a webhook for another channel and enter its address."),
            "action_prohibited" or "posting_to_general_channel_denied" => Refused(
                $"Slack's administrators do not allow this post ({word}). Ask them to let the app post there, or add a webhook for another channel."),
            "invalid_payload" or "no_text" or "invalid_blocks" or "invalid_blocks_format" or "msg_blocks_too_long" or "msg_too_long" or "too_many_attachments" => Refused(
                $"Slack cannot read the message ({word}). That is a fault of Deskbridge: please report it with this word and the delivery id."),
            "rollup_error" => new PageOutcome.TempFail("Slack had a fault of its own (rollup_error).", answer.RetryAfter),
            "rate_limited" or "ratelimited" => new PageOutcome.TempFail("Slack answered that there are too many messages.", answer.RetryAfter),
            _ when answer.IsSuccess => new PageOutcome.TempFail($"Something answered {(int)answer.Status} in Slack's place: its answer is not \"ok\". Look at the proxy on the way."),
            _ => CarrierHttp.Refusal(answer with { Body = word.Length <= 60 && word.All(c => char.IsAsciiLetterLower(c) || c == '_') ? word : "", Location = null }, Name),
        };
    }

    private static PageOutcome.PermFail Refused(string detail) => new(detail);
}
