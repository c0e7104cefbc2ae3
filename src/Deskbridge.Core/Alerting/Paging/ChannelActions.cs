using Deskbridge.Core.Alerting.Twilio;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Paging;

/// <summary>What a person enters for a channel.</summary>
/// <param name="Name">Name of their choice.</param>
/// <param name="Address">Email address, topic URL or webhook URL. That of a Teams or Slack channel may stand here or as the secret; what was stored stays when neither is entered.</param>
/// <param name="Secret">Null leaves it as it is; empty removes it.</param>
/// <param name="Enabled">In use.</param>
/// <param name="Position">Order among the person's channels, from 1; null puts a new one last.</param>
internal sealed record ChannelDraft(string Name, string Address, string? Secret = null, bool Enabled = true, int? Position = null)
{
    /// <summary>As it is stored: of an address that is itself a secret only the server stays in clear.</summary>
    /// <param name="kind">The kind of channel.</param>
    /// <param name="present">What is stored; null for a new channel.</param>
    public ChannelDraft Sorted(ChannelKind kind, Channel? present)
    {
        if (kind == ChannelKind.Sms) return this with { Address = PhoneNumber.Clean(Address), Secret = string.IsNullOrEmpty(Secret) ? null : Secret };
        if (!ChatAddress.IsSecret(kind)) return this;
        var shown = present?.Address ?? "";
        var address = Address.Trim() == shown ? "" : Address.Trim();
        var whole = string.IsNullOrWhiteSpace(Secret) ? address : Secret.Trim();
        if (whole.Length == 0) return this with { Address = shown };
        var server = Origin.Of(whole);
        return this with { Secret = whole, Address = address.Length == 0 || address == whole ? server : address };
    }

    /// <summary>Without what must not be read.</summary>
    public override string ToString() => $"{Name} at position {Position}";
}

/// <summary>A channel that was added.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="NewSecret">A signing secret the hub made up because none was entered; shown this once. Null otherwise.</param>
internal sealed record ChannelAdded(Channel Channel, string? NewSecret);

/// <summary>Adds a way to reach a person.</summary>
internal sealed class CreateChannel(HubStore store, PagePlanner pages, ISecretProtector secrets, RandomIds ids, TimeProvider clock)
{
    /// <summary>Adds it; people on duty whom nothing reached so far are paged by it at once.</summary>
    public Task<Result<ChannelAdded>> RunAsync(Guid personId, ChannelKind kind, ChannelDraft draft, Person by, CancellationToken cancel) =>
        store.WriteAsync<Result<ChannelAdded>>(
            async db =>
            {
                if (ChannelRules.MayChange(personId, by) is { } refused) return refused;
                draft = draft.Sorted(kind, null);
                if (ChannelRules.Check(kind, draft) is { } invalid) return invalid;
                if (await db.People.FindAsync([personId], cancel) is null) return new ChannelOwnerNotFound(personId);

                var made = kind == ChannelKind.Webhook && string.IsNullOrEmpty(draft.Secret) ? WebhookSignature.Secret(ids.NewSecret()) : null;
                var last = await db.Channels.Where(c => c.PersonId == personId).MaxAsync(c => (int?)c.Position, cancel);
                var channel = new Channel
                {
                    Id = ids.NewId(),
                    PersonId = personId,
                    Kind = kind,
                    Name = draft.Name.Trim(),
                    Address = draft.Address.Trim(),
                    Secret = secrets.Protect(made ?? draft.Secret?.Trim() ?? ""),
                    Position = draft.Position ?? (last ?? 0) + 1,
                    Enabled = draft.Enabled && kind != ChannelKind.Sms, // a number is confirmed first
                };
                db.Channels.Add(channel);
                await pages.PageUnattendedOfAsync(db, personId, clock.GetUtcNow(), cancel);
                return new ChannelAdded(channel, made);
            },
            cancel);
}

/// <summary>Changes a way to reach a person.</summary>
internal sealed class ChangeChannel(HubStore store, PagePlanner pages, ISecretProtector secrets, TimeProvider clock)
{
    /// <summary>Changes it; the kind stays.</summary>
    public Task<Result<Channel>> RunAsync(Guid channelId, ChannelDraft draft, Person by, CancellationToken cancel) =>
        store.WriteAsync<Result<Channel>>(
            async db =>
            {
                if (await db.Channels.FindAsync([channelId], cancel) is not { } channel) return new ChannelNotFound(channelId);
                if (ChannelRules.MayChange(channel.PersonId, by) is { } refused) return refused;
                draft = draft.Sorted(channel.Kind, channel);
                if (ChannelRules.CheckChange(channel, draft) is { } invalid) return invalid;

                if (channel.Kind == ChannelKind.Sms && channel.Address != draft.Address) (channel.VerifiedAt, channel.StoppedAt, channel.CodeHash, draft) = (null, null, "", draft with { Enabled = false });
                else if (channel.AwaitsCode && draft.Enabled) return new NumberNotConfirmed(channel.Address);
                if (draft.Enabled != channel.Enabled) channel.StoppedAt = null; // a person decided
                channel.Name = draft.Name.Trim();
                channel.Address = draft.Address.Trim();
                channel.Enabled = draft.Enabled;
                channel.Position = draft.Position ?? channel.Position;
                if (draft.Secret is { } secret) channel.Secret = secrets.Protect(secret.Trim());
                await pages.PageUnattendedOfAsync(db, channel.PersonId, clock.GetUtcNow(), cancel);
                return channel;
            },
            cancel);
}

/// <summary>Removes a way to reach a person. Its deliveries stay in the timeline of their alerts.</summary>
internal sealed class DeleteChannel(HubStore store)
{
    /// <summary>Removes it.</summary>
    public Task<Failure?> RunAsync(Guid channelId, Person by, CancellationToken cancel) =>
        store.WriteAsync<Failure?>(
            async db =>
            {
                if (await db.Channels.FindAsync([channelId], cancel) is not { } channel) return new ChannelNotFound(channelId);
                if (ChannelRules.MayChange(channel.PersonId, by) is { } refused) return refused;
                db.Channels.Remove(channel);
                return null;
            },
            cancel);
}

/// <summary>Sends a marked test message by a channel, in use or not, and says what came of it.</summary>
internal sealed class TestChannel(HubStore store, PageDispatch dispatch, RandomIds ids, TimeProvider clock)
{
    /// <summary>Sends it.</summary>
    public async Task<Result<ChannelTested>> RunAsync(Guid channelId, Person by, CancellationToken cancel)
    {
        var (channel, owner, publicUrl) = await store.ReadAsync(
            async db =>
            {
                var found = await db.Channels.FirstOrDefaultAsync(c => c.Id == channelId, cancel);
                return (
                    found,
                    found is null ? null : await db.People.FirstOrDefaultAsync(p => p.Id == found.PersonId, cancel),
                    (await db.Settings.FirstOrDefaultAsync(s => s.Key == SettingKeys.PublicUrl, cancel))?.Value);
            },
            cancel);
        if (channel is null || owner is null) return new ChannelNotFound(channelId);
        if (ChannelRules.MayChange(owner.Id, by) is { } refused) return refused;
        if (channel.AwaitsCode) return new NumberNotConfirmed(channel.Address);

        var message = PageText.Test(ids.NewId(), owner, publicUrl, clock.GetUtcNow());
        var outcome = await dispatch.SendAsync(message, channel, cancel);
        return new ChannelTested(outcome is PageOutcome.Accepted, outcome.Detail, message.DeliveryId);
    }
}

/// <summary>What came of a test message.</summary>
internal sealed record ChannelTested(bool Accepted, string Detail, Guid DeliveryId);
