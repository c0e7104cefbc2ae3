using System.Net.Sockets;
using System.Security.Authentication;
using Deskbridge.Core.Alerting.Mail;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Paging;

/// <summary>Pages by mail through the hub's SMTP server.</summary>
internal sealed class EmailCarrier(HubStore store, ISecretProtector secrets, SmtpSession smtp) : IPageCarrier
{
    private const string NoServer = "No mail server is set up. An administrator enters server and sender address under Settings.";

    /// <inheritdoc/>
    public ChannelKind Kind => ChannelKind.Email;

    /// <inheritdoc/>
    public async Task<PageOutcome> SendAsync(PageMessage message, PageAddress address, CancellationToken cancel)
    {
        var settings = await store.ReadAsync(
            db => db.Settings.Where(s => s.Key.StartsWith("smtp-")).ToDictionaryAsync(s => s.Key, s => s.Value, StringComparer.Ordinal, cancel), cancel);
        if (SmtpServer.Read(settings.GetValueOrDefault(SettingKeys.SmtpServer)) is not { } server
            || MailPerson.Read(settings.GetValueOrDefault(SettingKeys.SmtpFrom)) is not { } from)
            return new PageOutcome.PermFail(NoServer);
        if (MailPerson.Read(address.Address) is not { } to) return new PageOutcome.PermFail($"{address.Address} is not an email address.");

        var login = settings.GetValueOrDefault(SettingKeys.SmtpUser) is { Length: > 0 } user
            ? new SmtpLogin(user, secrets.Unprotect(settings.GetValueOrDefault(SettingKeys.SmtpPassword, "")))
            : null;
        try
        {
            var reply = await smtp.SendAsync(server, login, MailMessage.Of(message, from, to with { Name = message.Person.Name }), cancel);
            return new PageOutcome.Accepted(null, $"{server.Host} took the mail: {reply}");
        }
        catch (SmtpRefusedException refused)
        {
            return refused.IsTemporary ? new PageOutcome.TempFail(refused.Message) : new PageOutcome.PermFail(refused.Message);
        }
        catch (AuthenticationException failure)
        {
            return new PageOutcome.TempFail($"{server.Host} shows a certificate that is not trusted: {failure.Message}");
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            return new PageOutcome.TempFail($"{server.Host}:{server.Port} could not be reached: {failure.Message}");
        }
    }
}
