using System.Net.Sockets;
using System.Security.Authentication;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Mail;

/// <summary>Sends mails through the SMTP server that the settings name.</summary>
internal sealed class HubMail(HubStore store, ISecretProtector secrets, SmtpSession smtp)
{
    private const string NoServer = "No mail server is set up. An administrator enters server and sender address under Settings.";

    /// <summary>Whether server and sender are set, so that trying makes sense.</summary>
    public async Task<bool> IsSetUpAsync(CancellationToken cancel)
    {
        var settings = await SettingsAsync(cancel);
        return Server(settings) is not null && From(settings) is not null;
    }

    /// <summary>Hands one mail over. A refusal is an answer, not an exception.</summary>
    /// <param name="write">Writes the mail, given the hub's sender address.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<MailOutcome> SendAsync(Func<MailPerson, MailMessage> write, CancellationToken cancel)
    {
        var settings = await SettingsAsync(cancel);
        if (Server(settings) is not { } server || From(settings) is not { } from) return new MailOutcome(false, false, NoServer);
        var login = settings.GetValueOrDefault(SettingKeys.SmtpUser) is { Length: > 0 } user
            ? new SmtpLogin(user, secrets.Unprotect(settings.GetValueOrDefault(SettingKeys.SmtpPassword, "")))
            : null;
        try
        {
            var reply = await smtp.SendAsync(server, login, write(from), cancel);
            return new MailOutcome(true, false, $"{server.Host} took the mail: {reply}");
        }
        catch (SmtpRefusedException refused)
        {
            return new MailOutcome(false, refused.IsTemporary, refused.Message);
        }
        catch (AuthenticationException failure)
        {
            return new MailOutcome(false, true, $"{server.Host} shows a certificate that is not trusted: {failure.Message}");
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            return new MailOutcome(false, true, $"{server.Host}:{server.Port} could not be reached: {failure.Message}");
        }
    }

    private static SmtpServer? Server(Dictionary<string, string> settings) => SmtpServer.Read(settings.GetValueOrDefault(SettingKeys.SmtpServer));

    private static MailPerson? From(Dictionary<string, string> settings) => MailPerson.Read(settings.GetValueOrDefault(SettingKeys.SmtpFrom));

    private Task<Dictionary<string, string>> SettingsAsync(CancellationToken cancel) => store.ReadAsync(
        db => db.Settings.Where(s => s.Key.StartsWith("smtp-")).ToDictionaryAsync(s => s.Key, s => s.Value, StringComparer.Ordinal, cancel), cancel);
}

/// <summary>What became of a mail.</summary>
/// <param name="Taken">The server took it over.</param>
/// <param name="Temporary">It was refused, but another attempt makes sense.</param>
/// <param name="Detail">In a sentence.</param>
internal sealed record MailOutcome(bool Taken, bool Temporary, string Detail);
