using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Sync;

/// <summary>Adds effects of one link to the ledger, in order. Part of the plan's transaction.</summary>
internal sealed class EffectWriter(HubDb db, Link link, RandomIds ids, DateTimeOffset now)
{
    /// <summary>The transaction's instant.</summary>
    public DateTimeOffset Now { get; } = now;

    /// <summary>Adds an effect to be sent at once.</summary>
    public Effect Add<TPayload>(EffectKind kind, string key, TPayload payload, Guid? alertId)
    {
        var effect = new Effect
        {
            Id = ids.NewId(),
            LinkId = link.Id,
            ConnectionId = link.ConnectionId,
            RemoteId = link.RemoteId,
            Seq = ++link.LastSeq,
            Kind = kind,
            IdemKey = key,
            Payload = Json.Write(payload),
            AlertId = alertId,
            NotBefore = Now,
            CreatedAt = Now,
        };
        db.Effects.Add(effect);
        db.Hints.Add(WorkHint.Effects);
        return effect;
    }

    /// <summary>Adds an effect that is known to be refused, so that people see it with its fix.</summary>
    public Effect AddRejected(string key, FieldWrite write, Guid? alertId, string message)
    {
        var effect = Add(EffectKind.Field, key, write, alertId);
        effect.State = EffectState.Rejected;
        effect.Error = message;
        effect.SettledAt = Now;
        EffectLedger.Count(db, effect);
        return effect;
    }

    /// <summary>
    /// Field sets coalesce: what was planned earlier and not sent is overtaken. Notes never are, and with <paramref name="keepOwner"/>
    /// neither is an owner that is still to be set and scheduled.
    /// </summary>
    public async Task SupersedeUnsentAsync(bool keepOwner, CancellationToken cancel)
    {
        var older = await db.Effects
            .Where(e => e.LinkId == link.Id
                && (e.Kind == EffectKind.Transition || e.Kind == EffectKind.Field || e.Kind == EffectKind.Schedule)
                && (e.State == EffectState.Pending || e.State == EffectState.Claimed || e.State == EffectState.Retry))
            .ToListAsync(cancel);
        foreach (var effect in older.Where(e => !(keepOwner && AssignsOwner(e))))
        {
            effect.State = EffectState.Superseded;
            effect.SettledAt = Now;
            effect.Error = "Overtaken by a later change of the alert.";
            EffectLedger.Count(db, effect);
        }
    }

    private static bool AssignsOwner(Effect effect) =>
        effect.Kind == EffectKind.Schedule
        || (effect.Kind == EffectKind.Field && Json.Read<FieldWrite>(effect.Payload).Set.GetValueOrDefault(TicketFields.Owner) is not null);
}
