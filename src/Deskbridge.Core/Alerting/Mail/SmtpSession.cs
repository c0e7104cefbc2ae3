using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace Deskbridge.Core.Alerting.Mail;

/// <summary>
/// Hands one mail to an SMTP server (RFC 5321). Our own because System.Net.Mail cannot speak TLS from the first byte (port 465).
/// A password travels only over TLS, or to this machine.
/// </summary>
/// <param name="trust">Judges certificates; null for the system's judgement.</param>
internal sealed class SmtpSession(RemoteCertificateValidationCallback? trust = null)
{
    /// <summary>Sends.</summary>
    /// <returns>The server's word on the mail it took.</returns>
    /// <exception cref="SmtpRefusedException">The server refused a command.</exception>
    /// <exception cref="IOException">The connection broke; the server may have taken the mail.</exception>
    public Task<string> SendAsync(SmtpServer server, SmtpLogin? login, MailMessage mail, CancellationToken cancel) =>
        TalkAsync(server, login, (wire, offers) => HandOverAsync(wire, offers, mail, cancel), cancel);

    /// <summary>Greets, signs in when there is a login, and leaves: no mail is sent.</summary>
    /// <exception cref="SmtpRefusedException">The server refused a command.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    public Task ProbeAsync(SmtpServer server, SmtpLogin? login, CancellationToken cancel) =>
        TalkAsync(server, login, static (_, _) => Task.FromResult(""), cancel);

    private async Task<string> TalkAsync(
        SmtpServer server, SmtpLogin? login, Func<SmtpWire, IReadOnlySet<string>, Task<string>> talk, CancellationToken cancel)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(server.Host, server.Port, cancel);
        Stream stream = tcp.GetStream();
        SslStream? tls = null;
        try
        {
            if (server.ImplicitTls) stream = tls = await StartTlsAsync(stream, server, cancel);
            var wire = new SmtpWire(stream);
            await wire.ExpectAsync(220, "the greeting", cancel);
            var offers = await HelloAsync(wire, cancel);
            if (tls is null && offers.Contains("STARTTLS"))
            {
                await wire.AskAsync("STARTTLS", 220, cancel);
                stream = tls = await StartTlsAsync(stream, server, cancel);
                wire = new SmtpWire(stream);
                offers = await HelloAsync(wire, cancel);
            }

            if (login is not null) await LogInAsync(wire, offers, login, tls is not null || tcp.Client.RemoteEndPoint.IsThisMachine, cancel);
            var reply = await talk(wire, offers);
            await wire.SayGoodbyeAsync(cancel);
            return reply;
        }
        finally
        {
            await stream.DisposeAsync();
        }
    }

    private async Task<SslStream> StartTlsAsync(Stream stream, SmtpServer server, CancellationToken cancel)
    {
        var tls = new SslStream(stream, leaveInnerStreamOpen: false);
        try
        {
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions { TargetHost = server.Host, RemoteCertificateValidationCallback = trust }, cancel);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }

    private static async Task<IReadOnlySet<string>> HelloAsync(SmtpWire wire, CancellationToken cancel)
    {
        await wire.WriteAsync("EHLO deskbridge\r\n", cancel);
        var reply = await wire.ReadAsync(cancel);
        if (reply.Code == 250) return reply.Lines.Skip(1).Select(line => line.Trim().ToUpperInvariant()).ToHashSet(StringComparer.Ordinal);
        await wire.AskAsync("HELO deskbridge", 250, cancel);
        return new HashSet<string>(StringComparer.Ordinal);
    }

    private static async Task LogInAsync(SmtpWire wire, IReadOnlySet<string> offers, SmtpLogin login, bool safe, CancellationToken cancel)
    {
        if (!safe)
            throw new SmtpRefusedException(530, "The mail server offers no TLS, so the password is not sent to it. Use port 465 or a server with STARTTLS, or remove the user name.");
        var methods = offers.FirstOrDefault(o => o.StartsWith("AUTH ", StringComparison.Ordinal))?.Split(' ') ?? [];
        if (methods.Contains("PLAIN"))
        {
            await wire.AskAsync("AUTH PLAIN " + Base64($"\0{login.User}\0{login.Password}"), 235, cancel, shown: "AUTH PLAIN");
        }
        else if (methods.Contains("LOGIN"))
        {
            await wire.AskAsync("AUTH LOGIN", 334, cancel);
            await wire.AskAsync(Base64(login.User), 334, cancel, shown: "the user name");
            await wire.AskAsync(Base64(login.Password), 235, cancel, shown: "the password");
        }
        else
        {
            throw new SmtpRefusedException(504, "The mail server takes neither AUTH PLAIN nor AUTH LOGIN. Remove the user name or use another server.");
        }
    }

    private static async Task<string> HandOverAsync(SmtpWire wire, IReadOnlySet<string> offers, MailMessage mail, CancellationToken cancel)
    {
        var utf8 = mail.From.NeedsUtf8 || mail.To.NeedsUtf8;
        if (utf8 && !offers.Contains("SMTPUTF8"))
            throw new SmtpRefusedException(550, $"The mail server does not take addresses such as {mail.To.Address} (SMTPUTF8). Use an address in ASCII.");
        await wire.AskAsync($"MAIL FROM:<{mail.From.Address}>{(utf8 ? " SMTPUTF8" : "")}", 250, cancel);
        await wire.AskAsync($"RCPT TO:<{mail.To.Address}>", 250, cancel);
        await wire.AskAsync("DATA", 354, cancel);
        await wire.WriteAsync(Stuffed(mail.Content) + ".\r\n", cancel);
        return await wire.ExpectAsync(250, "the mail", cancel);
    }

    /// <summary>A line that begins with a dot gets a second one (RFC 5321 §4.5.2).</summary>
    internal static string Stuffed(string content)
    {
        var stuffed = content.Replace("\r\n.", "\r\n..", StringComparison.Ordinal);
        return stuffed.StartsWith('.') ? "." + stuffed : stuffed;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
