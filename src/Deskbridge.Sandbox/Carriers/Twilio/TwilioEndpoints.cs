using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Deskbridge.Sandbox.Carriers.Twilio;

/// <summary>The routes of Twilio's REST API of 2010-04-01: the account, its messages and its calls.</summary>
internal sealed class TwilioEndpoints(TwilioAccount account, SmsDesk sms, CallDesk calls, BackgroundWork work, FaultList faults, TimeProvider clock)
{
    private const string Root = "/" + SmsDesk.ApiVersion;

    public void Map(IEndpointRouteBuilder app)
    {
        var api = app.MapGroup(Root + "/Accounts").AddEndpointFilter(async (context, next) =>
        {
            if (Denial(context.HttpContext) is not { } denial) return await next(context);
            await RefuseAsync(context.HttpContext, denial);
            return Results.Empty;
        });
        api.MapGet("/{account}.json", (HttpContext http) => AnswerAsync(http, 200, TwilioDocuments.Account(account.Credentials)));
        api.MapPost("/{account}/Messages.json", SendMessageAsync);
        api.MapGet("/{account}/Messages.json", ListMessagesAsync);
        api.MapGet("/{account}/Messages/{sid}.json", (HttpContext http, string sid) => ShowAsync(http, account.Message(sid) is { } found ? Document(found) : null));
        api.MapPost("/{account}/Calls.json", MakeCallAsync);
        api.MapGet("/{account}/Calls.json", ListCallsAsync);
        api.MapGet("/{account}/Calls/{sid}.json", (HttpContext http, string sid) => ShowAsync(http, account.Call(sid) is { } found ? Document(found) : null));
        api.MapPost("/{account}/Calls/{sid}.json", ChangeCallAsync);
        app.Map(Root + "/{**rest}", (HttpContext http) => RefuseAsync(http, TwilioError.NotFound(http.Request.Path)));
    }

    private async Task SendMessageAsync(HttpContext http)
    {
        var form = await FormAsync(http);
        var (message, refusal) = sms.Read(Fields(form));
        if (message is null) { await RefuseAsync(http, refusal!); return; }
        if (!await PassAsync(http, FaultMoment.Before, message.To, "sms")) return;
        await account.SaveAsync(message);
        work.Start(() => sms.DeliverAsync(message));
        if (!await PassAsync(http, FaultMoment.After, message.To, "sms")) return;
        await AnswerAsync(http, 201, Document(message));
    }

    private async Task MakeCallAsync(HttpContext http)
    {
        var form = await FormAsync(http);
        var (call, refusal) = calls.Read(Fields(form), form["StatusCallbackEvent"].OfType<string>());
        if (call is null) { await RefuseAsync(http, refusal!); return; }
        if (!await PassAsync(http, FaultMoment.Before, call.Order.To, "call")) return;
        await account.SaveAsync(call);
        work.Start(() => calls.MakeAsync(call));
        if (!await PassAsync(http, FaultMoment.After, call.Order.To, "call")) return;
        await AnswerAsync(http, 201, Document(call));
    }

    private async Task ChangeCallAsync(HttpContext http, string sid)
    {
        if (account.Call(sid) is not { } call) { await ShowAsync(http, null); return; }
        var status = Fields(await FormAsync(http)).GetValueOrDefault("Status");
        if (status is not ("canceled" or "completed")) { await RefuseAsync(http, TwilioError.BadStatus); return; }
        if (call.IsOver) { await RefuseAsync(http, TwilioError.NotInProgress); return; }
        await calls.ActAsync(sid, new CallAct(status));
        await AnswerAsync(http, 200, Document(account.Call(sid)!));
    }

    private Task ListMessagesAsync(HttpContext http)
    {
        var query = http.Request.Query;
        return ListAsync(http, "messages", account.Messages
            .Where(message => Fits(query, "To", message.To) && Fits(query, "From", message.From) && FitsDay(query, "DateSent", message.SentAt ?? message.CreatedAt)).Select(Document));
    }

    private Task ListCallsAsync(HttpContext http)
    {
        var query = http.Request.Query;
        return ListAsync(http, "calls", account.Calls
            .Where(call => Fits(query, "To", call.Order.To) && Fits(query, "From", call.Order.From) && Fits(query, "Status", call.Status) && FitsDay(query, "StartTime", call.StartedAt ?? call.CreatedAt)).Select(Document));
    }

    // Newest first.
    private static Task ListAsync(HttpContext http, string name, IEnumerable<JsonObject> oldestFirst)
    {
        var query = http.Request.Query;
        int Number(string key, int otherwise) => int.TryParse(query[key], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : otherwise;
        var kept = string.Concat(query.Where(pair => pair.Key is not ("Page" or "PageSize")).Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value.ToString())}&"));
        return AnswerAsync(http, 200, TwilioDocuments.Page(name, [.. oldestFirst.Reverse()], Number("Page", 0), Math.Clamp(Number("PageSize", 50), 1, 1000), http.Request.Path, kept));
    }

    private static bool Fits(IQueryCollection query, string name, string? value) => query[name].ToString() is not { Length: > 0 } wanted || wanted == value;

    // "DateSent=2026-03-02" is that day, "DateSent>=" and "DateSent<=" a day or an instant.
    private static bool FitsDay(IQueryCollection query, string name, DateTimeOffset at)
    {
        DateTimeOffset? Read(string key) => DateTimeOffset.TryParse(query[key], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;
        static DateTimeOffset End(DateTimeOffset limit) => limit.TimeOfDay == TimeSpan.Zero ? limit.AddDays(1) : limit;
        return (Read(name) is not { } on || (at >= on && at < End(on))) && (Read(name + ">") is not { } from || at >= from) && (Read(name + "<") is not { } to || at < End(to));
    }

    private TwilioError? Denial(HttpContext http)
    {
        var expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account.Credentials.AccountSid}:{account.Credentials.AuthToken}"));
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(http.Request.Headers.Authorization.ToString()), Encoding.UTF8.GetBytes(expected))) return TwilioError.Authenticate;
        return (string)http.Request.RouteValues["account"]! == account.Credentials.AccountSid ? null : TwilioError.NotFound(http.Request.Path);
    }

    /// <summary>Lets an ordered fault strike; false when it has answered in the place of the caller.</summary>
    private async Task<bool> PassAsync(HttpContext http, FaultMoment moment, string to, string kind)
    {
        if (await CarriersHttp.StrikeAsync(http, faults.Take(Carrier.Twilio, FaultStage.Publish, moment, to, kind), clock) is not { } fault) return true;
        if (fault.Kind != FaultKind.Cut) await RefuseAsync(http, TwilioError.Ordered(fault, to));
        return false;
    }

    private JsonObject Document(StoredSms message) => TwilioDocuments.Message(message, account.Credentials.AccountSid);

    private JsonObject Document(StoredCall call) => TwilioDocuments.Call(call, account.Credentials.AccountSid);

    private static Dictionary<string, string> Fields(IFormCollection form) => form.ToDictionary(pair => pair.Key, pair => pair.Value.LastOrDefault() ?? "", StringComparer.Ordinal);

    private static async Task<IFormCollection> FormAsync(HttpContext http) => http.Request.HasFormContentType ? await http.Request.ReadFormAsync(http.RequestAborted) : FormCollection.Empty;

    private static Task ShowAsync(HttpContext http, JsonObject? document) =>
        document is null ? RefuseAsync(http, TwilioError.NotFound(http.Request.Path)) : AnswerAsync(http, 200, document);

    private static Task RefuseAsync(HttpContext http, TwilioError error)
    {
        if (error.Status == 401) http.Response.Headers.WWWAuthenticate = "Basic realm=\"Twilio API\"";
        return AnswerAsync(http, error.Status, TwilioDocuments.Error(error));
    }

    private static Task AnswerAsync(HttpContext http, int status, JsonObject document)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json;charset=utf-8";
        return http.Response.WriteAsync(document.ToJsonString(CarriersJson.Options), http.RequestAborted);
    }
}
