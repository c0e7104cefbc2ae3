using Deskbridge.Core.Alerting.Mail;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Access.Links;

/// <summary>Gives people the link by which they choose a password: by mail where that works, otherwise to whoever asked, to be handed over.</summary>
internal sealed class PasswordLinks(OneTimeLinks links, Accounts accounts, HubMail mail, HubStore store, RandomIds random, TimeProvider clock)
{
    /// <summary>Whether links can be mailed: the hub knows its own address and a mail server.</summary>
    public async Task<bool> CanMailAsync(CancellationToken cancel) => await PublicUrlAsync(cancel) is not null && await mail.IsSetUpAsync(cancel);

    /// <summary>A new link for this person: an invitation while they have no password, otherwise in place of a lost one.</summary>
    /// <param name="person">Who chooses a password.</param>
    /// <param name="origin">Where the hub is reached, for a link that is handed over while no public address is set.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<LinkSent> SendAsync(Person person, string origin, CancellationToken cancel)
    {
        var purpose = await accounts.HasPasswordAsync(person.Id) ? LinkPurpose.Reset : LinkPurpose.Invitation;
        var (row, secret) = await links.MakeAsync(person.Id, purpose, cancel);
        var known = await PublicUrlAsync(cancel);
        var url = new Uri(new Uri(known ?? origin), $"/password/{secret}");
        if (known is null) return new LinkSent(row, person, url, "The hub does not know its public address, so no mail was sent. Hand the link over yourself, on a safe way.");
        var outcome = await mail.SendAsync(from => MailMessage.Of(Write(person, row, url), from, MailPerson.Read(person.Email)! with { Name = person.Name }), cancel);
        return outcome.Taken
            ? new LinkSent(row, person, null, $"Mailed to {person.Email}.")
            : new LinkSent(row, person, url, $"No mail was sent: {outcome.Detail} Hand the link over yourself, on a safe way.");
    }

    private async Task<string?> PublicUrlAsync(CancellationToken cancel)
    {
        var url = await store.ReadAsync(db => db.Settings.Where(s => s.Key == SettingKeys.PublicUrl).Select(s => s.Value).SingleOrDefaultAsync(cancel), cancel);
        return string.IsNullOrEmpty(url) ? null : url;
    }

    private Letter Write(Person person, OneTimeLink row, Uri url) => row.Purpose == LinkPurpose.Invitation
        ? new Letter(
            random.NewId(), "You are invited to Deskbridge",
            $"Hello {person.Name},\n\nyou are to use Deskbridge, which pages you when a ticket needs you. Choose a password by the link below; it works once, within three days. Sign in with {person.Email} afterwards.",
            url, "Choose a password", clock.GetUtcNow())
        : new Letter(
            random.NewId(), "A new password for Deskbridge",
            $"Hello {person.Name},\n\nsomebody, probably you, asked for a new password for {person.Email}. Choose one by the link below; it works once, within two hours. If it was not you, do nothing: your password stays.",
            url, "Choose a new password", clock.GetUtcNow());
}

/// <summary>A link that was made.</summary>
/// <param name="Link">Its row.</param>
/// <param name="Person">Who chooses a password by it.</param>
/// <param name="Url">To be handed over, shown this once; null when it was mailed.</param>
/// <param name="Message">What became of the mail.</param>
internal sealed record LinkSent(OneTimeLink Link, Person Person, Uri? Url, string Message);
