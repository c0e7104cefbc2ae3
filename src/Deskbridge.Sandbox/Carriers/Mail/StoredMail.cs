namespace Deskbridge.Sandbox.Carriers.Mail;

/// <summary>A mail as it arrived: the envelope and every byte between DATA and the final dot. Passwords are not kept.</summary>
internal sealed record StoredMail(DateTimeOffset At, string From, IReadOnlyList<string> To, string Helo, string? User, byte[] Raw);

/// <summary>A mail as the control endpoint and the page show it. <see cref="From"/> and <see cref="To"/> are the envelope's.</summary>
internal sealed record MailView(
    long Seq, DateTimeOffset At, string From, IReadOnlyList<string> To, string Helo, string? User,
    string Subject, string Text, string? Html, IReadOnlyList<MailHeader> Headers, string Raw)
{
    public static MailView Of(Logged<StoredMail> logged)
    {
        var mail = logged.Entry;
        var content = MailContent.Read(mail.Raw);
        return new MailView(logged.Seq, mail.At, mail.From, mail.To, mail.Helo, mail.User,
            content.Subject, content.Text, content.Html, content.Headers, MailCharset.Guess(mail.Raw));
    }
}
