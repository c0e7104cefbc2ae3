using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Deskbridge.Sandbox.Control;

/// <summary>The pages at <c>/</c> and <c>/autotask</c>. They carry the control token, so they go only to callers on this machine that name them by
/// a loopback address: a foreign site that points its name here (DNS rebinding) gets nothing.</summary>
internal static class TechnicianPage
{
    public static void Map(WebApplication app, string token)
    {
        string Html(string name) => Read(name).Replace("{token}", WebUtility.HtmlEncode(token), StringComparison.Ordinal);
        var (connectWise, autotask) = (Html("index.html"), Html("autotask.html"));
        app.MapGet("/", http => SendAsync(http, "text/html", connectWise));
        app.MapGet("/autotask", http => SendAsync(http, "text/html", autotask));
        app.MapGet("/Autotask/AutotaskExtend/ExecuteCommand.aspx", OpenTicket);
        app.MapGet("/v4_6_release/services/system_io/router/openrecord.rails", OpenRecord); // the vendor's links to a record lead to this page
        app.MapGet("/v4_6_release/ConnectWise.aspx", (string? routeTo, string? recid, string? srRecID) => OpenRecord(routeTo ?? "ServiceFV", recid ?? srRecID));
        app.MapGet("/v4_6_release/services/system_io/Service/fv_sr100_request.rails", (string? service_recid) => OpenRecord("ServiceFV", service_recid));
        app.MapGet("/_page/page.css", http => SendAsync(http, "text/css", Read("page.css")));
        foreach (var script in (string[])["common.js", "page.js", "autotask.js"]) app.MapGet("/_page/" + script, http => SendAsync(http, "text/javascript", Read(script)));
    }

    private static IResult OpenRecord(string? recordType, string? recid) => "ServiceFV".Equals(recordType, StringComparison.OrdinalIgnoreCase) && int.TryParse(recid, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        ? Results.Redirect(string.Create(CultureInfo.InvariantCulture, $"/?ticket={id}"))
        : Results.NotFound("Only service tickets (recordType=ServiceFV, recid=NUMBER) can be opened.");

    private static IResult OpenTicket(string? code, string? ticketId, string? ticketNumber) => !"OpenTicketDetail".Equals(code, StringComparison.OrdinalIgnoreCase)
        ? Results.NotFound("Only tickets (Code=OpenTicketDetail with TicketID or TicketNumber) can be opened.")
        : Results.Redirect(long.TryParse(ticketId, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? string.Create(CultureInfo.InvariantCulture, $"/autotask?ticket={id}") : $"/autotask?number={Uri.EscapeDataString(ticketNumber ?? "")}");

    private static async Task SendAsync(HttpContext http, string type, string text)
    {
        var host = http.Request.Host.Host;
        var local = host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
        http.Response.StatusCode = local ? 200 : 403;
        http.Response.ContentType = type + "; charset=utf-8";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'self'; frame-ancestors 'none'";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "no-store";
        await http.Response.WriteAsync(local ? text : "Open this page by its loopback address.", http.RequestAborted);
    }

    private static string Read(string name)
    {
        using var stream = typeof(TechnicianPage).Assembly.GetManifestResourceStream("Deskbridge.Sandbox.Page." + name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
