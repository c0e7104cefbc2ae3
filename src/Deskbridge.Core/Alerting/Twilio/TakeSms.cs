using System.Globalization;
using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Twilio;

/// <summary>
/// Does what a text from a person's confirmed number asks for, in one transaction with the note that it came: a text that Twilio posts again
/// gets the same answer, and the alert's state is looked at where it is changed.
/// </summary>
internal sealed class TakeSms(HubStore store, PersonTransition transition, EscalateAlert escalate, PagePlanner pages, TimeProvider clock)
{
    /// <summary>So many texts that nobody understands are answered; a machine at the other end would go on for ever.</summary>
    private const int MostHints = 5;
    private static readonly TimeSpan HintsWithin = TimeSpan.FromMinutes(15);

    /// <summary>Whose confirmed number it is; null for a stranger's.</summary>
    public Task<Person?> SenderAsync(string number, CancellationToken cancel) => store.ReadAsync(
        db => db.People.Where(p => p.Active && db.Channels.Any(c => c.PersonId == p.Id && c.Kind == ChannelKind.Sms && c.Address == number && c.VerifiedAt != null)).FirstOrDefaultAsync(cancel), cancel);

    /// <summary>Does it and says what to answer; empty for nothing.</summary>
    /// <param name="sid">Twilio's id of the text.</param>
    /// <param name="number">The number it came from.</param>
    /// <param name="text">What it says.</param>
    /// <param name="sender">Whose number it is.</param>
    /// <param name="cancel">Gives up.</param>
    public Task<string> RunAsync(string sid, string number, string text, Person sender, CancellationToken cancel) => store.WriteAsync(
        async db =>
        {
            if (await db.SmsReceived.FindAsync([sid], cancel) is { } before) return before.Answer;
            var (now, reply) = (clock.GetUtcNow(), SmsReply.Read(text));
            var answer = reply.Wish switch
            {
                SmsWish.Stop => await StopAsync(db, number, now, cancel),
                SmsWish.Start => await StartAsync(db, number, now, cancel),
                SmsWish.Unknown => await HintAsync(db, number, sender, now, cancel),
                _ => await ActAsync(db, reply, number, text, sender, cancel),
            };
            db.SmsReceived.Add(new SmsReceived { Sid = sid, From = number, At = now, Answer = answer, Understood = reply.Wish != SmsWish.Unknown });
            return answer;
        },
        cancel);

    private async Task<string> ActAsync(HubDb db, SmsReply reply, string number, string text, Person sender, CancellationToken cancel)
    {
        var known = await db.CodedAlertsAsync(sender.Id, cancel);
        var code = reply.Code ?? (known.Count == 1 ? known[0].Code : null);
        if (code is null) return known.Count == 0 ? "There is no open alert that was sent to you by text." : "Which one? Write the number after the letter. " + Listed(known);
        if (await db.ReplyCodes.FindAsync([sender.Id, code.Value], cancel) is not { } row || await db.Alerts.FindAsync([row.AlertId], cancel) is not { } alert)
            return $"No alert has the number {code}. {Listed(known)}".TrimEnd();

        var may = sender.Role == PersonRole.Viewer ? new ViewersOnlyLook(sender.Name) : await RunAsync(db, reply.Wish, alert, sender, cancel);
        if (may.Failure is { } refused) return SmsText.Cut(Named(code.Value, alert) + (alert.Status == AlertStatus.Closed ? "it is closed already. Nothing was changed." : refused.Message), LongestAnswer);
        await ActedAsync(db, alert, sender.Id, number, text, cancel);
        return Named(code.Value, may.Value.Alert) + await SaidAsync(db, reply.Wish, may.Value, sender, cancel);
    }

    private Task<Result<AlertActed>> RunAsync(HubDb db, SmsWish wish, Alert alert, Person by, CancellationToken cancel) => wish switch
    {
        SmsWish.Acknowledge => transition.ChangeAsync(db, alert.Id, new PersonAction(by, AlertStatus.Acknowledged, "acknowledged", "acknowledged the alert by text", a => a.MayAcknowledge()), cancel),
        SmsWish.Close => transition.ChangeAsync(db, alert.Id, new PersonAction(by, AlertStatus.Closed, "closed", "closed the alert by text", a => a.MayClose()), cancel),
        _ => escalate.EscalateAsync(db, alert.Id, null, by, cancel),
    };

    private static async Task<string> SaidAsync(HubDb db, SmsWish wish, AlertActed acted, Person by, CancellationToken cancel)
    {
        if (acted.Changed) return wish switch { SmsWish.Acknowledge => "acknowledged. You have it.", SmsWish.Close => "closed.", _ => "escalated." };
        var alert = acted.Alert;
        if (alert.Status == AlertStatus.Open) return "the next page is on its way already. Nothing was changed.";
        var state = alert.Status == AlertStatus.Acknowledged ? "acknowledged" : "closed";
        if (alert.ActorId == by.Id) return $"you have {state} it already. Nothing was changed.";
        var who = alert.ActorId is { } actor ? (await db.People.FindAsync([actor], cancel))?.Name : null;
        return who is null ? $"it is {state} already. Nothing was changed." : $"{who} has {state} it already. Nothing was changed.";
    }

    /// <summary>The person's last text about the alert was read: somebody answered it.</summary>
    private static async Task ActedAsync(HubDb db, Alert alert, Guid personId, string number, string text, CancellationToken cancel)
    {
        var last = await (from page in db.Pages
                          join channel in db.Channels on page.ChannelId equals channel.Id
                          where page.AlertId == alert.Id && page.PersonId == personId && page.Attempts > 0 && channel.Kind == ChannelKind.Sms && channel.Address == number
                          orderby page.CreatedAt descending, page.Repeat descending
                          select page).FirstOrDefaultAsync(cancel);
        if (last is not null && await db.PageAttempts.FindAsync([last.Id, last.Attempts], cancel) is { } attempt) attempt.Rise(PageAttempt.Acted, $"Answered \"{SmsText.Cut(text, 40)}\".");
    }

    private static async Task<string> StopAsync(HubDb db, string number, DateTimeOffset now, CancellationToken cancel)
    {
        foreach (var channel in await OfNumberAsync(db, number, cancel)) channel.Stop(now);
        return ""; // Twilio answers this itself, and takes no text from us any more
    }

    private async Task<string> StartAsync(HubDb db, string number, DateTimeOffset now, CancellationToken cancel)
    {
        var back = (await OfNumberAsync(db, number, cancel)).Where(channel => channel.StoppedAt is not null).ToList();
        foreach (var channel in back) (channel.StoppedAt, channel.Enabled) = (null, true);
        foreach (var owner in back.Select(channel => channel.PersonId).Distinct()) await pages.PageUnattendedOfAsync(db, owner, now, cancel);
        return "";
    }

    private static async Task<string> HintAsync(HubDb db, string number, Person sender, DateTimeOffset now, CancellationToken cancel)
    {
        var since = now - HintsWithin;
        return await db.SmsReceived.CountAsync(received => received.From == number && !received.Understood && received.At > since, cancel) >= MostHints ? ""
            : $"Not understood. A acknowledges, E escalates, C closes; the number after it says which alert, such as A12. {Listed(await db.CodedAlertsAsync(sender.Id, cancel))}".TrimEnd();
    }

    private static Task<List<Channel>> OfNumberAsync(HubDb db, string number, CancellationToken cancel) =>
        db.Channels.Where(c => c.Kind == ChannelKind.Sms && c.Address == number && c.VerifiedAt != null).ToListAsync(cancel);

    private const int LongestAnswer = 300;
    private const int MostListed = 5;

    private static string Listed(List<(int Code, Alert Alert)> known) => string.Join(' ', known.TakeLast(MostListed).Select(one => $"{one.Code}: {SmsText.Cut(one.Alert.Title, 40)}{(one.Alert.Title.EndsWith('.') ? "" : ".")}"));

    private static string Named(int code, Alert alert) => string.Create(CultureInfo.InvariantCulture, $"{code}, {SmsText.Cut(alert.Title, 60)}: ");
}
