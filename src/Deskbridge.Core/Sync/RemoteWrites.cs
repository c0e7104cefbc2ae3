using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Sync;

/// <summary>Reads the ledger as people see it: what was written to the remote for an alert, and what clashed.</summary>
internal sealed class RemoteWrites(HubStore store)
{
    /// <summary>The writes of one alert in the order they were planned.</summary>
    public Task<IReadOnlyList<RemoteWrite>> OfAlertAsync(Guid alertId, CancellationToken cancel) =>
        store.ReadAsync<IReadOnlyList<RemoteWrite>>(
            async db =>
            {
                var effects = await db.Effects.Where(effect => effect.AlertId == alertId).OrderBy(effect => effect.Seq).ToListAsync(cancel);
                var attempts = await (
                    from attempt in db.EffectAttempts
                    join effect in db.Effects on attempt.EffectId equals effect.Id
                    where effect.AlertId == alertId
                    orderby attempt.Number
                    select attempt).ToListAsync(cancel);
                var byEffect = attempts.ToLookup(attempt => attempt.EffectId);
                return effects.ConvertAll(effect => new RemoteWrite(
                    effect.Id, effect.Kind, What(effect), effect.State, effect.NotBefore, effect.CreatedAt, effect.SettledAt, effect.Error, [.. byEffect[effect.Id]]));
            },
            cancel);

    /// <summary>Fields of the alert's ticket that both sides changed, newest first.</summary>
    public Task<List<Conflict>> ConflictsAsync(Guid alertId, CancellationToken cancel) =>
        store.ReadAsync(
            db => (from alert in db.Alerts
                   where alert.Id == alertId
                   join conflict in db.Conflicts on alert.LinkId equals conflict.LinkId
                   orderby conflict.At descending
                   select conflict).ToListAsync(cancel),
            cancel);

    private static string What(Effect effect) => effect.Kind switch
    {
        EffectKind.Transition or EffectKind.Field => Fields(Json.Read<FieldWrite>(effect.Payload)),
        EffectKind.Note => "A note",
        _ => "A schedule entry for the owner",
    };

    private static string Fields(FieldWrite write) =>
        string.Join(", ", write.Set.Select(set => $"{set.Key} = {write.Names.GetValueOrDefault(set.Key) ?? set.Value ?? "empty"}"));
}

/// <summary>One write to the remote and what came of it.</summary>
/// <param name="Id">Id.</param>
/// <param name="Kind">Kind.</param>
/// <param name="What">Fields and values, for people.</param>
/// <param name="State">State.</param>
/// <param name="NotBefore">When it is tried next, while it is not settled.</param>
/// <param name="CreatedAt">When it was planned.</param>
/// <param name="SettledAt">When it reached its last state.</param>
/// <param name="Error">The last refusal or failure.</param>
/// <param name="Attempts">Attempts in their order.</param>
internal sealed record RemoteWrite(
    Guid Id,
    EffectKind Kind,
    string What,
    EffectState State,
    DateTimeOffset NotBefore,
    DateTimeOffset CreatedAt,
    DateTimeOffset? SettledAt,
    string? Error,
    IReadOnlyList<EffectAttempt> Attempts);
