using System.Text.Json;
using Deskbridge.Sandbox.Carriers.Mail;
using Deskbridge.Sandbox.Carriers.Ntfy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Deskbridge.Sandbox.Carriers;

/// <summary>The page on which a person watches pushes and mails arrive. It is on loopback only and shows everything to whoever is at this machine.</summary>
internal sealed class CarriersPage(AppendLog<StoredNtfy> ntfy, AppendLog<StoredMail> mail, CancellationToken stopping)
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
        long seenNtfy = 0, seenMail = 0;
        try
        {
            while (true)
            {
                var changed = Task.WhenAny(ntfy.Changed, mail.Changed);
                foreach (var logged in ntfy.After(seenNtfy))
                {
                    seenNtfy = logged.Seq;
                    await EventAsync("push", new NtfyArrival(logged.Seq, logged.Entry.At, logged.Entry.Message));
                }
                foreach (var logged in mail.After(seenMail))
                {
                    seenMail = logged.Seq;
                    await EventAsync("mail", MailView.Of(logged));
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
