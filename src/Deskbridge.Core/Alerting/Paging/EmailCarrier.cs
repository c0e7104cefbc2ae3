using Deskbridge.Core.Alerting.Mail;

namespace Deskbridge.Core.Alerting.Paging;

/// <summary>Pages by mail through the hub's SMTP server.</summary>
internal sealed class EmailCarrier(HubMail mail) : IPageCarrier
{
    /// <inheritdoc/>
    public ChannelKind Kind => ChannelKind.Email;

    /// <inheritdoc/>
    public async Task<PageOutcome> SendAsync(PageMessage message, PageAddress address, CancellationToken cancel)
    {
        if (MailPerson.Read(address.Address) is not { } to) return new PageOutcome.PermFail($"{address.Address} is not an email address.");
        return await mail.SendAsync(from => MailMessage.Of(message, from, to with { Name = message.Person.Name }), cancel) switch
        {
            { Taken: true } sent => new PageOutcome.Accepted(null, sent.Detail),
            { Temporary: true } later => new PageOutcome.TempFail(later.Detail),
            { } refused => new PageOutcome.PermFail(refused.Detail),
        };
    }
}
