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
        db.CountEffect(effect);
        return effect;
    }

    /// <summary>
    /// Field sets coalesce: what was planned earlier and not sent is overtaken. Notes never are, and with <paramref name="keepOwner"/>
    /// neither is an owner that is still to be set and scheduled. A status that a person chose gives way to their next choice only, and an entry
    /// of the transition that is planned stays: planning it again adds none.
    /// </summary>
    public async Task SupersedeUnsentAsync(int transition, bool keepOwner, CancellationToken cancel)
    {
        var mine = $"{link.Id:N}:t{transition}:";
        var older = await db.Effects
            .Where(e => e.LinkId == link.Id
                && (e.Kind == EffectKind.Transition || e.Kind == EffectKind.Field || e.Kind == EffectKind.Schedule)
                && (e.State == EffectState.Pending || e.State == EffectState.Claimed || e.State == EffectState.Retry))
            .ToListAsync(cancel);
        foreach (var effect in older.Where(IsOvertaken)) Supersede(effect, "Overtaken by a later change of the alert.");

        bool IsOvertaken(Effect effect) =>
            !effect.IsChoice
            && !(effect.Kind == EffectKind.Schedule && effect.IdemKey.StartsWith(mine, StringComparison.Ordinal))
            && !(keepOwner && AssignsOwner(effect));
    }

    /// <summary>What a person chose earlier and did not reach the ticket gives way to what they choose now.</summary>
    /// <returns>Whether there was one.</returns>
    public async Task<bool> SupersedeChoicesAsync(CancellationToken cancel)
    {
        var older = await db.Effects
            .Where(e => e.LinkId == link.Id && e.Kind == EffectKind.Field
                && (e.State == EffectState.Pending || e.State == EffectState.Claimed || e.State == EffectState.Retry || e.State == EffectState.Rejected || e.State == EffectState.Dead))
            .ToListAsync(cancel);
        var choices = older.FindAll(e => e.IsChoice);
        foreach (var effect in choices) Supersede(effect, "Overtaken by a later choice.");
        return choices.Count > 0;
    }

    /// <summary>Whether a status that a person chose is on its way.</summary>
    public static async Task<bool> HasChoiceAsync(HubDb db, Guid linkId, CancellationToken cancel) =>
        (await db.Effects.Where(e => e.LinkId == linkId && e.Kind == EffectKind.Field && EffectStates.Unsettled.Contains(e.State)).ToListAsync(cancel)).Exists(effect => effect.IsChoice);

    /// <summary>Earlier edits of a note that are not on the ticket, refused ones too, give way to the one that is planned now.</summary>
    public async Task SupersedeEditsAsync(Guid noteId, CancellationToken cancel)
    {
        var older = await db.Effects
            .Where(e => e.LinkId == link.Id && e.Kind == EffectKind.NoteEdit
                && (e.State == EffectState.Pending || e.State == EffectState.Claimed || e.State == EffectState.Retry || e.State == EffectState.Rejected || e.State == EffectState.Dead))
            .ToListAsync(cancel);
        foreach (var effect in older.Where(e => Json.Read<NoteEditWrite>(e.Payload).NoteId == noteId)) Supersede(effect, "Overtaken by a later edit.");
    }

    /// <summary>The value that a field will have when everything that is on its way has arrived.</summary>
    /// <param name="field">Neutral field name.</param>
    /// <param name="now">Its value in the ticket as last observed.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<string?> ExpectedAsync(string field, string? now, CancellationToken cancel)
    {
        var ahead = await db.Effects
            .Where(e => e.LinkId == link.Id && (e.Kind == EffectKind.Transition || e.Kind == EffectKind.Field) && EffectStates.Unsettled.Contains(e.State))
            .OrderBy(e => e.Seq)
            .ToListAsync(cancel);
        return ahead.Where(e => EffectStates.Unsettled.Contains(e.State)) // what this transaction has superseded is not
            .Select(e => Json.Read<FieldWrite>(e.Payload).Set)
            .Where(set => set.ContainsKey(field))
            .Select(set => set[field])
            .LastOrDefault(now);
    }

    private void Supersede(Effect effect, string why)
    {
        effect.State = EffectState.Superseded;
        effect.SettledAt = Now;
        effect.Error = why;
        db.CountEffect(effect);
    }

    private static bool AssignsOwner(Effect effect) =>
        effect.Kind == EffectKind.Schedule
        || (effect.Kind == EffectKind.Field && Json.Read<FieldWrite>(effect.Payload).Set.GetValueOrDefault(TicketFields.Owner) is not null);
}
