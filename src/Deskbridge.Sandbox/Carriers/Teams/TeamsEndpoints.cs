using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Deskbridge.Sandbox.Carriers.Teams;

/// <summary>
/// The triggers of workflows made of "Send webhook alerts to a channel". Every workflow exists. As at the vendor's, 202 says that a run was started and no more: a message
/// that cannot be posted leaves a failed run, which only the run history shows. Refusals are Azure Logic Apps' (learn.microsoft.com/azure/logic-apps/logic-apps-http-endpoint).
/// Of the answer to a wrong signature no record was found: its code here is ours.
/// </summary>
internal sealed class TeamsEndpoints(AppendLog<StoredRun> log, FaultList faults, TimeProvider clock)
{
    /// <summary>The signature of every workflow.</summary>
    public const string Signature = "sandbox-teams-workflow-signature";

    /// <summary>"The message size limit is 28 KB" (learn.microsoft.com, "Create an Incoming Webhook").</summary>
    private const int LargestMessage = 28 * 1024;

    private const int LargestBody = 1024 * 1024;

    public void Map(IEndpointRouteBuilder app)
    {
        app.Map("/workflows/{workflow}/triggers/manual/paths/invoke", PostAsync);
        app.Map("/powerautomate/automations/direct/workflows/{workflow}/triggers/manual/paths/invoke", PostAsync);
    }

    /// <summary>Path and query of a workflow.</summary>
    public static string PathOf(string workflow) =>
        $"/powerautomate/automations/direct/workflows/{workflow}/triggers/manual/paths/invoke?api-version=1&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig={Signature}";

    private async Task PostAsync(HttpContext http)
    {
        var workflow = (string)http.Request.RouteValues["workflow"]!;
        var query = http.Request.Query;
        if (http.Request.Method != "POST") { await RefuseAsync(http, 405, "HttpMethodNotAllowed", "The HTTP method is not supported at this resource."); return; }
        if (query["api-version"].Count == 0) { await RefuseAsync(http, 400, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests."); return; }
        if (query["sig"].Count == 0) { await RefuseAsync(http, 401, "DirectApiAuthorizationRequired", "The request must be authenticated only by Shared Access scheme."); return; }
        if (query["sig"] != Signature) { await RefuseAsync(http, 401, "SignatureInvalid", "The request's signature is not valid."); return; }
        var body = await CarriersHttp.ReadBodyAsync(http, LargestBody + 1);
        if (body.Length > LargestBody) { await RefuseAsync(http, 413, "RequestEntityTooLarge", "The request is too large."); return; }
        if (Read(body) is not { } message) { await RefuseAsync(http, 400, "InvalidRequestContent", "The request content is not valid and could not be deserialized."); return; }

        if (!await PassAsync(http, FaultMoment.Before, workflow)) return;
        var run = RandomNumberGenerator.GetString("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", 26);
        var problem = body.Length > LargestMessage ? "RequestEntityTooLarge: the message is larger than 28 KB." : AdaptiveCard.Problem(message);
        await log.AppendAsync(new StoredRun(clock.GetUtcNow(), workflow, run, problem, message), http.RequestAborted);
        if (!await PassAsync(http, FaultMoment.After, workflow)) return;
        http.Response.StatusCode = 202;
        http.Response.Headers["x-ms-workflow-run-id"] = run;
    }

    private static JsonElement? Read(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<bool> PassAsync(HttpContext http, FaultMoment moment, string workflow)
    {
        if (await CarriersHttp.StrikeAsync(http, faults.Take(Carrier.Teams, FaultStage.Publish, moment, workflow), clock) is not { } fault) return true;
        if (fault.Kind == FaultKind.Cut) return false;
        var status = fault.Status ?? 500;
        var (code, words) = Ordered(status);
        await RefuseAsync(http, status, fault.Text ?? code, words);
        return false;
    }

    private static (string Code, string Words) Ordered(int status) => status switch
    {
        400 => ("WorkflowTriggerIsNotEnabled", "Could not execute workflow 'sandbox' trigger 'manual' with state 'Disabled': trigger is not enabled."),
        401 or 403 => ("DirectApiAuthorizationRequired", "The request must be authenticated only by Shared Access scheme."),
        404 => ("WorkflowNotFound", "The workflow 'sandbox' could not be found."),
        429 => ("WorkflowTriggerThrottled", "The workflow trigger is throttled. Please retry later."),
        _ => ("InternalServerError", string.Create(CultureInfo.InvariantCulture, $"The server answered {status}.")),
    };

    private static Task RefuseAsync(HttpContext http, int status, string code, string message)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json; charset=utf-8";
        return http.Response.WriteAsync(JsonSerializer.Serialize(new { error = new { code, message } }, CarriersJson.Options), http.RequestAborted);
    }
}

/// <summary>A run of a workflow. With a <paramref name="Problem"/> it failed, and nothing was posted.</summary>
internal sealed record StoredRun(DateTimeOffset At, string Workflow, string Run, string? Problem, JsonElement Message);
