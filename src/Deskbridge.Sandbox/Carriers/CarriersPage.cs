using System.Text.Json;
using Deskbridge.Sandbox.Carriers.Mail;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Deskbridge.Sandbox.Carriers;

/// <summary>The page on which a person watches pushes, chats and mails arrive. It is on loopback only and shows everything to whoever is at this machine.</summary>
internal sealed class CarriersPage(CarrierLogs logs, CancellationToken stopping)
{
    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/", (HttpContext http) => SendAsync(http, "text/html", CarriersPageText.Html));
        app.MapGet("/_page/page.css", (HttpContext http) => SendAsync(http, "text/css", CarriersPageText.Style));
        app.MapGet("/_page/page.js", (HttpContext http) => SendAsync(http, "text/javascript", CarriersPageText.Script));
        app.MapGet("/_page/live", LiveAsync);
    }

    private static Task SendAsync(HttpContext http, string type, string text)
    {
        http.Response.ContentType = type + "; charset=utf-8";
        http.Response.Headers.ContentSecurityPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        http.Response.Headers.CacheControl = "no-cache";
        return http.Response.WriteAsync(text, http.RequestAborted);
    }

    // Everything from the beginning, then what comes; a browser that reconnects starts afresh.
    private async Task LiveAsync(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-cache";
        using var end = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, stopping);
        long seenNtfy = 0, seenMail = 0, seenTeams = 0, seenSlack = 0;
        try
        {
            while (true)
            {
                var changed = Task.WhenAny(logs.Ntfy.Changed, logs.Mail.Changed, logs.Teams.Changed, logs.Slack.Changed);
                foreach (var logged in logs.Ntfy.After(seenNtfy))
                {
                    seenNtfy = logged.Seq;
                    await EventAsync("push", new NtfyArrival(logged.Seq, logged.Entry.At, logged.Entry.Message));
                }
                foreach (var logged in logs.Mail.After(seenMail))
                {
                    seenMail = logged.Seq;
                    await EventAsync("mail", MailView.Of(logged));
                }
                foreach (var logged in logs.Teams.After(seenTeams))
                {
                    seenTeams = logged.Seq;
                    await EventAsync("teams", TeamsArrival.Of(logged));
                }
                foreach (var logged in logs.Slack.After(seenSlack))
                {
                    seenSlack = logged.Seq;
                    await EventAsync("slack", SlackArrival.Of(logged));
                }
                await http.Response.Body.FlushAsync(end.Token);
                await changed.WaitAsync(end.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The browser left or the server stops.
        }

        Task EventAsync<T>(string name, T data) =>
            http.Response.WriteAsync($"event: {name}\ndata: {JsonSerializer.Serialize(data, CarriersJson.Options)}\n\n", end.Token);
    }
}
