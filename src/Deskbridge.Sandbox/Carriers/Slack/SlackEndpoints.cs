using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Deskbridge.Sandbox.Carriers.Slack;

/// <summary>
/// Incoming webhooks of one Slack workspace (docs.slack.dev, "Sending messages using incoming webhooks"). Every hook of the workspace exists; answers are words in plain text.
/// Which status goes with which word: api.slack.com/changelog/2016-05-17-changes-to-errors-for-incoming-webhooks.
/// </summary>
internal sealed class SlackEndpoints(AppendLog<StoredSlack> log, FaultList faults, TimeProvider clock)
{
    /// <summary>The workspace; another answers <c>no_team</c>.</summary>
    public const string Workspace = "T0NORTHBRIDGE";

    /// <summary>The token of every hook; another answers <c>invalid_token</c>.</summary>
    public const string Token = "sandbox0slack0hook0token";

    private const int LargestBody = 256 * 1024;

    public void Map(IEndpointRouteBuilder app) => app.Map("/services/{team}/{hook}/{token}", PostAsync);

    /// <summary>The path of a hook.</summary>
    public static string PathOf(string hook) => $"/services/{Workspace}/{hook}/{Token}";

    private async Task PostAsync(HttpContext http)
    {
        var hook = (string)http.Request.RouteValues["hook"]!;
        if (http.Request.Method != "POST") { await AnswerAsync(http, 405, "method_not_allowed"); return; }
        if ((string)http.Request.RouteValues["team"]! != Workspace) { await AnswerAsync(http, 404, "no_team"); return; }
        if (!hook.StartsWith('B')) { await AnswerAsync(http, 404, "no_service"); return; }
        if ((string)http.Request.RouteValues["token"]! != Token) { await AnswerAsync(http, 403, "invalid_token"); return; }

        var (payload, word) = await ReadAsync(http);
        if (word is not null) { await AnswerAsync(http, 400, word); return; }
        if (!await PassAsync(http, FaultMoment.Before, hook)) return;
        await log.AppendAsync(new StoredSlack(clock.GetUtcNow(), hook, payload!.Value), http.RequestAborted);
        if (!await PassAsync(http, FaultMoment.After, hook)) return;
        await AnswerAsync(http, 200, "ok");
    }

    /// <summary>The message, or the word that refuses it.</summary>
    private static async Task<(JsonElement? Payload, string? Word)> ReadAsync(HttpContext http)
    {
        try
        {
            JsonDocument document;
            if (http.Request.HasFormContentType) document = JsonDocument.Parse((await http.Request.ReadFormAsync(http.RequestAborted))["payload"].ToString());
            else
            {
                var body = await CarriersHttp.ReadBodyAsync(http, LargestBody + 1);
                if (body.Length > LargestBody) return (null, "invalid_payload");
                document = JsonDocument.Parse(body);
            }

            using (document) return Judge(document.RootElement.Clone());
        }
        catch (JsonException)
        {
            return (null, "invalid_payload");
        }
    }

    private static (JsonElement? Payload, string? Word) Judge(JsonElement payload)
    {
        if (payload.ValueKind != JsonValueKind.Object) return (null, "invalid_payload");
        var text = payload.TryGetProperty("text", out var said) ? said : default;
        if (text.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.String)) return (null, "invalid_payload");
        var hasBlocks = payload.TryGetProperty("blocks", out var blocks);
        if (hasBlocks && SlackBlocks.Problem(blocks) is not null) return (null, "invalid_blocks");
        if (hasBlocks && SlackBlocks.AreTooLong(blocks)) return (null, "msg_blocks_too_long");
        var says = text.ValueKind == JsonValueKind.String && text.GetString()!.Length > 0;
        return says || (hasBlocks && blocks.GetArrayLength() > 0) || payload.TryGetProperty("attachments", out _) ? (payload, null) : (null, "no_text");
    }

    private async Task<bool> PassAsync(HttpContext http, FaultMoment moment, string hook) =>
        await CarriersHttp.StrikeAsync(http, faults.Take(Carrier.Slack, FaultStage.Publish, moment, hook), clock) is not { } fault
        || (fault.Kind != FaultKind.Cut && await AnswerAsync(http, fault.Status ?? 500, fault.Text ?? WordOf(fault.Status ?? 500)));

    private static string WordOf(int status) => status switch
    {
        400 => "invalid_payload",
        403 => "action_prohibited",
        404 => "no_service",
        410 => "channel_is_archived",
        429 => "rate_limited",
        _ => "rollup_error",
    };

    /// <summary>Always false: the caller is done.</summary>
    private static async Task<bool> AnswerAsync(HttpContext http, int status, string word)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/html";
        await http.Response.WriteAsync(word, http.RequestAborted);
        return false;
    }
}

/// <summary>A message that arrived in the channel of a hook.</summary>
internal sealed record StoredSlack(DateTimeOffset At, string Hook, JsonElement Payload);
