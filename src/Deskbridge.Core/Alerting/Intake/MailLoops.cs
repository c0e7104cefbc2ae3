using System.Text.RegularExpressions;

namespace Deskbridge.Core.Alerting.Intake;

/// <summary>
/// Which mails raise nothing because a program answers a program (RFC 3834). A system that tells of something by itself is no loop: ticket
/// systems and monitors mark their mails as generated, too.
/// </summary>
internal static partial class MailLoops
{
    private const int MostHops = 50;

    /// <summary>Why it is left alone; null when somebody is to be told of it.</summary>
    /// <param name="mail">The mail.</param>
    /// <param name="own">The address that the hub sends from; null for none.</param>
    /// <param name="namesTicket">It names a ticket: then mail to many is a ticket system's.</param>
    public static string? WhyIgnored(ReceivedMail mail, string? own, bool namesTicket)
    {
        if (own is not null && mail.From.Address.Equals(own, StringComparison.OrdinalIgnoreCase)) return $"It comes from {own}, the address that this hub sends its own mails from.";
        if (mail.IsReport || mail.Field("Return-Path")?.Trim() == "<>") return "It is a bounce or a receipt for another mail.";
        var submitted = Word(mail, "Auto-Submitted");
        if (submitted is not (null or "no" or "auto-generated")) return $"It was answered by a program (Auto-Submitted: {submitted}).";
        if (mail.Field("X-Autoreply") is not null || mail.Field("X-Autorespond") is not null || Word(mail, "X-Auto-Response") is not null) return "It was answered by a program (X-Autoreply).";
        var precedence = Word(mail, "Precedence");
        if (precedence is "auto_reply") return "It was answered by a program (Precedence: auto_reply).";
        if (precedence is "bulk" or "junk" or "list" && !namesTicket) return $"It went to many (Precedence: {precedence}) and names no ticket.";
        return mail.Fields.Count(field => field.Name.Equals("Received", StringComparison.OrdinalIgnoreCase)) > MostHops ? $"It went through more than {MostHops} mail servers: it goes in circles." : null;
    }

    /// <summary>A subject without what answers and forwards put before it: mails of one matter have it in common.</summary>
    public static string Matter(string subject) => Prefix().Replace(subject, "").Trim().ToLowerInvariant();

    private static string? Word(ReceivedMail mail, string name) => mail.Field(name)?.Split(';', '(')[0].Trim().ToLowerInvariant() is { Length: > 0 } word ? word : null;

    [GeneratedRegex(@"^(\s*(re|aw|sv|antw|fw|fwd|wg|tr|rv)(\[\d+\])?\s*:)+", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, 10_000)]
    private static partial Regex Prefix();
}
