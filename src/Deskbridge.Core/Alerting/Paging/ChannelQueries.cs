using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Paging;

/// <summary>Reads the ways to reach a person; secrets are only said to be set.</summary>
internal sealed class ChannelQueries(HubStore store)
{
    /// <summary>A person's channels in the order they are tried.</summary>
    public Task<List<ChannelRow>> ListAsync(Guid personId, CancellationToken cancel) =>
        store.ReadAsync(
            db => db.Channels.Where(c => c.PersonId == personId).OrderBy(c => c.Position).ThenBy(c => c.Name)
                .Select(c => new ChannelRow(c.Id, c.PersonId, c.Kind, c.Name, c.Address, c.Secret != "", c.Position, c.Enabled, c.Kind == ChannelKind.Sms && c.VerifiedAt == null, c.StoppedAt)).ToListAsync(cancel),
            cancel);
}

/// <summary>A channel without its secret.</summary>
internal sealed record ChannelRow(Guid Id, Guid PersonId, ChannelKind Kind, string Name, string Address, bool HasSecret, int Position, bool Enabled, bool AwaitsCode, DateTimeOffset? StoppedAt);
