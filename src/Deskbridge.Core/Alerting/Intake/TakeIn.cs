using System.Security.Cryptography;
using System.Text;
using Deskbridge.Connectors;
using Deskbridge.Core.Alerting.Mail;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Operations;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Intake;

/// <summary>
/// Takes mails and callouts in: what came, what becomes of it and the page that follows are one transaction, and the sender is answered after it.
/// Sent again, a mail changes nothing.
/// </summary>
internal sealed class TakeIn(HubStore store, ArrivedAlerts alerts, SeekTicket seek, Failpoints failpoints, TimeProvider clock)
{
    /// <summary>Longest title, characters.</summary>
    private const int LongestTitle = 250;

    /// <summary>Longest text, characters.</summary>
    private const int LongestText = 20_000;

    /// <summary>So much of a mail is kept in the event log as it came, bytes.</summary>
    private const int KeptOfAMail = 48 * 1024;

    /// <summary>The intake that a secret opens; null when there is none, or it is switched off.</summary>
    public Task<TeamIntake?> FindAsync(string secret, CancellationToken cancel)
    {
        var hash = TeamIntake.HashOf(secret);
        return store.ReadAsync(db => db.TeamIntakes.SingleOrDefaultAsync(intake => intake.SecretHash == hash && intake.Enabled, cancel), cancel);
    }

    /// <summary>Takes a mail.</summary>
    /// <param name="intake">Where it came.</param>
    /// <param name="mail">The mail.</param>
    /// <param name="raw">As it came, for the event log.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<IntakeAnswer> MailAsync(TeamIntake intake, ReceivedMail mail, ReadOnlyMemory<byte> raw, CancellationToken cancel)
    {
        using var span = Tracing.Begin("mail");
        var ticket = NamedTicket.In(mail.Subject, mail.Text);
        var matter = MailLoops.Matter(mail.Subject);
        var arrival = new Arrival
        {
            Kind = "mail",
            What = $"Mail from {mail.From}: \"{Cut(mail.Subject, LongestTitle)}\"",
            Author = Cut(mail.From.Name.Length > 0 ? mail.From.Name : mail.From.ToString(), Names.Longest),
            Title = Cut(mail.Subject.Length > 0 ? mail.Subject : $"Mail without a subject from {mail.From}", LongestTitle),
            Text = Cut($"From: {mail.From}\n\n{mail.Text}".Trim(), LongestText),
            Ticket = ticket,
            Payload = Shown(raw),
            MailKey = ticket.Number is null && matter.Length > 0 ? Hash($"{mail.From.Address.ToLowerInvariant()}\n{matter}") : null,
            Files = mail.Files,
            Troubles = mail.Troubles,
        };

        // A program that gives all its mails one id must not have the second one pass for the first.
        var key = "mail:" + (mail.MessageId.Length > 0 ? Hash($"{mail.MessageId}\n{matter}") : Convert.ToHexStringLower(SHA256.HashData(raw.Span)));
        var answer = await store.WriteAsync(db => TakeAsync(db, intake.Id, arrival, key, own => MailLoops.WhyIgnored(mail, own, ticket.Number is not null), cancel), cancel);
        failpoints.Pass("inbox.stored");
        if (answer.Outcome == IntakeOutcome.Raised && ticket.Number is { } number) await seek.RunAsync(intake.TeamId, number, cancel);
        return answer;
    }

    /// <summary>Takes a callout. The same one again is told by the alert that stands there; none is ever told by its text alone, which may be the same days later.</summary>
    public async Task<IntakeAnswer> CalloutAsync(TeamIntake intake, Callout callout, CancellationToken cancel)
    {
        using var span = Tracing.Begin("callout");
        var fields = intake.CalloutFields;
        var named = callout.Ticket.Number ?? callout.Ticket.RemoteId;
        var arrival = new Arrival
        {
            Kind = "callout",
            What = named is null ? "Callout without a ticket" : $"Callout for ticket {named}",
            Author = "Callout",
            Title = Cut(callout.Title(fields), LongestTitle),
            Text = Cut(callout.Text(fields), LongestText),
            Ticket = callout.Ticket,
            Payload = callout.ToString(),
        };
        var answer = await store.WriteAsync(db => TakeAsync(db, intake.Id, arrival, key: null, static _ => null, cancel), cancel);
        failpoints.Pass("inbox.stored");
        return answer;
    }

    /// <summary>Tells in the event log of something that was not taken.</summary>
    public Task RefuseAsync(TeamIntake intake, string why, string payload, CancellationToken cancel) => store.WriteAsync(
        async db =>
        {
            var now = clock.GetUtcNow();
            db.LogConnectionEvent(intake.Id, "refused-intake", null, $"Refused: {why}", payload, null, now);
            if (await db.TeamIntakes.FindAsync([intake.Id], cancel) is { } row) (row.LastAt, row.LastSaid) = (now, $"Refused: {why}");
        },
        cancel);

    private async Task<IntakeAnswer> TakeAsync(HubDb db, Guid intakeId, Arrival arrival, string? key, Func<string?, string?> whyIgnored, CancellationToken cancel)
    {
        var intake = await db.TeamIntakes.SingleAsync(row => row.Id == intakeId, cancel);
        var now = clock.GetUtcNow();
        IntakeAnswer answer;
        if (key is not null && await db.Inbox.FindAsync([intakeId, key], cancel) is { } first)
        {
            answer = new(IntakeOutcome.Known, null, $"{arrival.What} came before, at {first.ReceivedAt:u}. Nothing is done twice.");
        }
        else
        {
            if (key is not null) db.Inbox.Add(new InboxItem { ConnectionId = intakeId, DeliveryKey = key, Body = arrival.What, ReceivedAt = now });
            var own = await db.Settings.Where(setting => setting.Key == SettingKeys.SmtpFrom).Select(setting => setting.Value).FirstOrDefaultAsync(cancel);
            answer = whyIgnored(MailPerson.Read(own)?.Address) is { } why
                ? new(IntakeOutcome.Ignored, null, $"{arrival.What} raises nothing. {why}")
                : await alerts.ReceiveAsync(db, intake, arrival, now, cancel);
        }

        (intake.LastAt, intake.LastSaid) = (now, answer.Message);
        var trace = string.Join('\n', [arrival.Ticket is { Number: null, RemoteId: null } ? "✗ no ticket is named" : $"✓ names ticket {arrival.Ticket.Number ?? arrival.Ticket.RemoteId}", .. arrival.Troubles.Select(trouble => $"✗ {trouble}"), $"→ {answer.Message}"]);
        db.LogConnectionEvent(intakeId, answer.Outcome is IntakeOutcome.Ignored or IntakeOutcome.Known ? "ignored" : "received", arrival.Ticket.Number ?? arrival.Ticket.RemoteId, answer.Message, arrival.Payload, trace, now, answer.AlertId);
        await db.SaveChangesAsync(cancel);
        return answer;
    }

    private static string Shown(ReadOnlyMemory<byte> raw)
    {
        var text = MailText.Raw(raw.Span[..Math.Min(raw.Length, KeptOfAMail)]);
        return raw.Length <= KeptOfAMail ? text : $"{text}\n… (cut, {FileSize.Words(raw.Length)} in all)";
    }

    private static string Cut(string text, int longest)
    {
        if (text.Length <= longest) return text;
        return text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)] + "…";
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
