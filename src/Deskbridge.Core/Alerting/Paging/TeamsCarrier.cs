using System.Text.Json;

namespace Deskbridge.Core.Alerting.Paging;

/// <summary>
/// Posts a page to Microsoft Teams by a workflow's web address (support.microsoft.com, "Create incoming webhooks with Workflows for Microsoft Teams").
/// The answer says that the workflow was started: whether it posted is seen in the channel and in the workflow's run history. Such a post can be neither changed nor answered later.
/// </summary>
internal sealed class TeamsCarrier(CarrierHttp http) : IPageCarrier
{
    private const string Name = "Teams";
    private const string NewOne = "Open it in the Workflows app of Teams, copy its address again and enter it; or make a new one by \"Send webhook alerts to a channel\".";

    /// <inheritdoc/>
    public ChannelKind Kind => ChannelKind.Teams;

    /// <inheritdoc/>
    public bool ShowsTicket => true;

    /// <inheritdoc/>
    public async Task<PageOutcome> SendAsync(PageMessage message, PageAddress address, CancellationToken cancel) =>
        ChatAddress.Problem(Kind, address.Secret) is { } problem
            ? new PageOutcome.PermFail(problem)
            : await http.PostAsync(address.Secret, TeamsCard.Of(message), message.DeliveryId, Name, Outcome, cancel);

    /// <summary>
    /// What an answer means. Refusals are JSON with a code, as all of Azure Logic Apps' (learn.microsoft.com/azure/logic-apps/logic-apps-http-endpoint and
    /// .../troubleshoot/power-platform/power-automate/flow-run-issues/triggers-troubleshoot). Codes seen: DirectApiAuthorizationRequired,
    /// DirectApiInvalidAuthorizationScheme, WorkflowTriggerIsNotEnabled, WorkflowNotFound, TriggerInputSchemaMismatch.
    /// </summary>
    internal static PageOutcome Outcome(CarrierAnswer answer)
    {
        if (answer.IsSuccess) return new PageOutcome.Accepted(answer.RunId, "Teams started the workflow. Whether it posted, the channel shows.");
        var code = CodeOf(answer.Body);
        var said = $"Teams answered {(int)answer.Status}{(code.Length > 0 ? $" ({code})" : "")}";
        return ((int)answer.Status, code) switch
        {
            (_, "WorkflowTriggerIsNotEnabled" or "WorkflowDisabled") => Refused($"{said}: the workflow is switched off or deleted. Switch it on in the Workflows app of Teams; if it is not there any more, make a new one and enter its address."),
            (_, "TriggerInputSchemaMismatch") => Refused($"{said}: the workflow expects something else than a message with a card. Make one by \"Send webhook alerts to a channel\" and enter its address."),
            (401 or 403, "DirectApiAuthorizationRequired" or "DirectApiInvalidAuthorizationScheme") => Refused(
                $"{said}: the workflow takes calls of signed-in people only, or the address lost its signature. Set its trigger's \"Who can trigger the flow?\" to Anyone, copy the address again and enter it."),
            (401 or 403, _) => Refused($"{said}: it does not accept the signature in the address; it has expired or was made anew. {NewOne}"),
            (404, "WorkflowNotFound") or (410, _) => new PageOutcome.PermFail($"{said}: the workflow was removed, so a page switches this channel off. Make a new one by \"Send webhook alerts to a channel\", enter its address and take the channel in use again.", Gone: true),
            (404, _) => Refused($"{said}: there is no workflow at the address. {NewOne}"),
            (413, _) => Refused($"{said}: the message is too large. That is a fault of Deskbridge: please report it with the delivery id."),
            (400, _) => Refused($"{said}: the workflow cannot read the call. {NewOne}"),
            _ => CarrierHttp.Refusal(answer with { Body = "", Location = null }, Name),
        };
    }

    private static PageOutcome.PermFail Refused(string detail) => new(detail);

    /// <summary>The code of <c>{"error":{"code":"…"}}</c>; empty when the body is something else. The message beside it may repeat the address and is left alone.</summary>
    private static string CodeOf(string body)
    {
        try
        {
            using var answer = JsonDocument.Parse(body);
            return answer.RootElement.ValueKind == JsonValueKind.Object
                && answer.RootElement.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object
                && error.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String
                && code.GetString() is { Length: <= 80 } text && text.All(char.IsAsciiLetterOrDigit) ? text : "";
        }
        catch (JsonException)
        {
            return "";
        }
    }
}
