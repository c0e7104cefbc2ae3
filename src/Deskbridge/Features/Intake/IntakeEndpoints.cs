using System.Net.Http.Headers;
using System.Text;
using Deskbridge.Api;
using Deskbridge.Core.Alerting.Intake;
using Microsoft.AspNetCore.Mvc;

namespace Deskbridge.Features.Intake;

/// <summary>
/// Where mails and callouts come in for a team. Open to the world: the secret stands in the address, or as the password of HTTP Basic where the
/// address has none. What is answered with 2xx is committed.
/// </summary>
internal static class IntakeEndpoints
{
    /// <summary>A mail with 25 MB of attachments, as it is on the wire.</summary>
    public const long MaxBody = 40 * 1024 * 1024;

    private const int LargeBody = 2 * 1024 * 1024;

    /// <summary>Large mails are held in memory while they are read: no more than these at once, the others wait.</summary>
    private static readonly SemaphoreSlim Large = new(3);

    public static void MapIntakes(this IEndpointRouteBuilder app)
    {
        foreach (var prefix in new[] { "/intake/{secret}", "/intake" })
        {
            var intakes = app.MapGroup(prefix).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription()
                .WithMetadata(new RequestSizeLimitAttribute(MaxBody)).RequireRateLimiting(ApiModule.CallbackLimit);
            intakes.MapPost("/mail", (HttpContext http) => TakeAsync(http, MailAsync));
            intakes.MapPost("/sendgrid", (HttpContext http) => TakeAsync(http, SendGridAsync));
            intakes.MapPost("/mailgun", (HttpContext http) => TakeAsync(http, MailgunAsync));
            intakes.MapPost("/mailgun/mime", (HttpContext http) => TakeAsync(http, MailgunAsync));
            intakes.MapPost("/postmark", (HttpContext http) => TakeAsync(http, PostmarkAsync));
            intakes.MapMethods("/callout", [HttpMethods.Get, HttpMethods.Post], (HttpContext http) => TakeAsync(http, CalloutAsync));
        }
    }

    private static async Task TakeAsync(HttpContext http, Func<Posted, Task<IntakeAnswer?>> take)
    {
        var intakes = http.RequestServices.GetRequiredService<TakeIn>();
        var secret = http.Request.RouteValues["secret"] as string ?? Password(http.Request);
        if (secret is null)
        {
            http.Response.Headers.WWWAuthenticate = "Basic realm=\"Deskbridge\"";
            Refusals.Explain(http, StatusCodes.Status401Unauthorized, "Send the secret of the team's addresses as the password of HTTP Basic, with any user name, or use the address with the secret in it.");
            return;
        }

        if (await intakes.FindAsync(secret, http.RequestAborted) is not { } intake)
        {
            Refusals.Explain(http, StatusCodes.Status404NotFound, "No team takes mails and callouts at this address. It was mistyped, renewed or switched off: copy it again from the team's page \"Mail and callouts\".");
            return;
        }

        var large = http.Request.ContentLength is null or > LargeBody;
        if (large) await Large.WaitAsync(http.RequestAborted);
        try
        {
            using var body = new MemoryStream((int)Math.Min(http.Request.ContentLength ?? 0, MaxBody));
            await http.Request.Body.CopyToAsync(body, http.RequestAborted);

            // From here on it is taken whole, whether or not its sender waits for the answer.
            var posted = new Posted(http, intakes, intake, body.GetBuffer().AsMemory(0, (int)body.Length), CancellationToken.None);
            if (await take(posted) is { } answer) await http.Response.WriteAsJsonAsync(new { outcome = answer.Outcome.ToString().ToLowerInvariant(), answer.AlertId, answer.Message });
        }
        finally
        {
            if (large) Large.Release();
        }
    }

    private static Task<IntakeAnswer?> MailAsync(Posted posted) => posted.Body.Length == 0
        ? posted.RefuseAsync(StatusCodes.Status400BadRequest, "The body is empty. Post the mail as it is, header first (RFC 5322).")
        : posted.TakeAsync(MailReader.Read(posted.Body));

    private static Task<IntakeAnswer?> SendGridAsync(Posted posted) => FormParts.Read(posted.Http.Request.ContentType, posted.Body) is { } form && ProviderMails.SendGrid(form) is { } mail
        ? posted.TakeAsync(mail)
        : posted.RefuseAsync(StatusCodes.Status400BadRequest, "This is no post of SendGrid's Inbound Parse: a form with 'email', or with 'headers', 'from', 'subject' and 'text'.");

    private static async Task<IntakeAnswer?> MailgunAsync(Posted posted)
    {
        var form = FormParts.Read(posted.Http.Request.ContentType, posted.Body);
        if (form is not null && posted.Http.RequestServices.GetRequiredService<IntakeQueries>().MailgunKey(posted.Intake) is { } key && ProviderMails.WhyForged(form, key) is { } forged)
            return await posted.RefuseAsync(StatusCodes.Status401Unauthorized, forged);
        return form is not null && ProviderMails.Mailgun(form) is { } mail
            ? await posted.TakeAsync(mail)
            : await posted.RefuseAsync(StatusCodes.Status400BadRequest, "This is no post of a Mailgun route: a form with 'body-mime', or with 'from', 'subject' and 'body-plain'.");
    }

    private static Task<IntakeAnswer?> PostmarkAsync(Posted posted) => ProviderMails.Postmark(posted.Body) is { } mail
        ? posted.TakeAsync(mail)
        : posted.RefuseAsync(StatusCodes.Status400BadRequest, "This is no post of Postmark's inbound webhook: JSON with 'From', 'Subject' and 'TextBody', or with 'RawEmail'.");

    private static async Task<IntakeAnswer?> CalloutAsync(Posted posted)
    {
        var request = posted.Http.Request;
        IEnumerable<KeyValuePair<string, string>> query = request.Query.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString()));
        if (FormParts.Read(request.ContentType, posted.Body) is { } form && MimeValue.Read(request.ContentType ?? "").Value == "multipart/form-data") query = [.. query, .. form.Pairs()];
        var charset = MimeValue.Read(request.ContentType ?? "")["charset"];
        var read = CalloutReader.Read(MimeValue.Read(request.ContentType ?? "").Value == "multipart/form-data" ? default : posted.Body.Span, charset, query);
        return read.Failure is { } unreadable ? await posted.RefuseAsync(StatusCodes.Status400BadRequest, unreadable.Message) : await posted.Intakes.CalloutAsync(posted.Intake, read.Value, posted.Cancel);
    }

    private static string? Password(HttpRequest request)
    {
        if (!AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var given) || !"Basic".Equals(given.Scheme, StringComparison.OrdinalIgnoreCase) || given.Parameter is null) return null;
        var clear = new byte[given.Parameter.Length];
        if (!Convert.TryFromBase64String(given.Parameter, clear, out var length)) return null;
        var text = Encoding.UTF8.GetString(clear, 0, length);
        return text.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? text[(colon + 1)..] : null;
    }

    /// <summary>Something that was posted to a team's address.</summary>
    private sealed record Posted(HttpContext Http, TakeIn Intakes, TeamIntake Intake, ReadOnlyMemory<byte> Body, CancellationToken Cancel)
    {
        private const int KeptOfABody = 8 * 1024;

        public async Task<IntakeAnswer?> TakeAsync(ReceivedMail mail) => await Intakes.MailAsync(Intake, mail, Body, Cancel);

        public async Task<IntakeAnswer?> RefuseAsync(int status, string why)
        {
            await Intakes.RefuseAsync(Intake, why, MailText.Raw(Body.Span[..Math.Min(Body.Length, KeptOfABody)]), Cancel);
            Refusals.Explain(Http, status, why);
            return null;
        }
    }
}
