using System.Text.Json.Nodes;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Intake;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Rights;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace Deskbridge.Core.Audit;

/// <summary>Which changes of which tables are written down, and how they are told without their secrets.</summary>
internal static class WatchedChanges
{
    private const int LongestValue = 300;
    private const string Hidden = "(secret)";

    /// <summary>Settings that the hub keeps for itself.</summary>
    private static readonly HashSet<string> OwnSettings = new(SettingKeys.Own, StringComparer.Ordinal);

    /// <summary>A line for each entity that is about to be saved and concerns people.</summary>
    public static IEnumerable<AuditNote> Of(ChangeTracker tracker) => tracker.Entries()
        .Where(entry => entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted)
        .Select(Of)
        .OfType<AuditNote>();

    private static AuditNote? Of(EntityEntry entry) => entry.Entity switch
    {
        Person person => Changed(entry, "person", person.Id, person.Name, nameof(Person.Name), nameof(Person.Email), nameof(Person.Role), nameof(Person.TimeZone), nameof(Person.Active)),
        Team team => Changed(entry, "team", team.Id, team.Name, nameof(Team.Name), nameof(Team.Description), nameof(Team.RepeatMinutes), nameof(Team.MaxRepeats), nameof(Team.Chain), nameof(Team.Schedule)),
        TeamIntake intake => Changed(entry, "team.intake", intake.TeamId, "", nameof(TeamIntake.Enabled), nameof(TeamIntake.Secret), nameof(TeamIntake.MailgunKey), nameof(TeamIntake.Fields)),
        TeamMember member => entry.State == EntityState.Modified ? null
            : AuditNote.Of(entry.State == EntityState.Added ? "team.member-added" : "team.member-removed", member.TeamId, "", ("person", member.PersonId.ToString())),
        DutyPeriod duty => Duty(entry, duty),
        Channel channel => Changed(entry, "channel", channel.Id, channel.Name, nameof(Channel.PersonId), nameof(Channel.Kind), nameof(Channel.Name), nameof(Channel.Address), nameof(Channel.Secret), nameof(Channel.Enabled), nameof(Channel.Position), nameof(Channel.VerifiedAt), nameof(Channel.StoppedAt)),
        Setting setting => OwnSettings.Contains(setting.Key) ? null : Changed(entry, "setting", setting.Key, setting.Key, nameof(Setting.Value)),
        Connection connection => Changed(entry, "connection", connection.Id, connection.Name, nameof(Connection.Name), nameof(Connection.Description), nameof(Connection.TeamId), nameof(Connection.State), nameof(Connection.Options), nameof(Connection.Secrets), nameof(Connection.RuleVersionId)),
        ConnectionRun run => entry.State == EntityState.Added ? AuditNote.Of($"connection.{Word(run.Kind)}", run.ConnectionId, "", ("run", run.Id.ToString())) : null,
        ConnectionEvent edit => entry.State == EntityState.Added && edit.Kind == Connections.Rules.SaveRuleEvent.LogKind ? AuditNote.Of("connection.rule-edit", edit.ConnectionId, "", ("message", edit.Message), ("change", Short(edit.Trace)!)) : null,
        MemberChoice choice => AuditNote.Of(
            entry.State == EntityState.Deleted ? "connection.member-unchosen" : "connection.member-chosen", choice.ConnectionId, "", ("person", choice.PersonId.ToString()), ("member", choice.MemberId)),
        Effect effect => Write(entry, effect),
        Conflict conflict => entry.State == EntityState.Modified && conflict.ClearedAt is not null ? AuditNote.Of("conflict.cleared", conflict.Id, conflict.Field, ("decision", Short(conflict.Decision))) : null,
        Alert alert => Alert(entry, alert),
        AlertNote { EditedAt: not null } note when entry.State == EntityState.Modified && entry.Property(nameof(AlertNote.Text)).IsModified => AuditNote.Of("alert.note-edited", note.AlertId, TitleOf(entry, note.AlertId), ("note", note.Id.ToString())),
        AlertFile file => entry.State == EntityState.Added ? AuditNote.Of("alert.file", file.AlertId, TitleOf(entry, file.AlertId), ("file", file.Name), ("bytes", file.Size.ToString(System.Globalization.CultureInfo.InvariantCulture))) : null,
        AlertNote note => entry.State == EntityState.Added ? AuditNote.Of("alert.note", note.AlertId, TitleOf(entry, note.AlertId), ("note", note.Id.ToString())) : null,
        _ => null,
    };

    /// <summary>The title of an alert that the same save has in its hands.</summary>
    private static string TitleOf(EntityEntry entry, Guid alertId) =>
        entry.Context.ChangeTracker.Entries<Alert>().FirstOrDefault(known => known.Entity.Id == alertId)?.Entity.Title ?? "";

    private static AuditNote? Changed(EntityEntry entry, string kind, object id, string name, params ReadOnlySpan<string> fields)
    {
        var changes = new SortedDictionary<string, AuditChange>(StringComparer.Ordinal);
        foreach (var field in fields)
        {
            var property = entry.Property(field);
            var (before, after) = entry.State switch
            {
                EntityState.Added => (null, property.CurrentValue),
                EntityState.Deleted => (property.OriginalValue, null),
                _ => (property.OriginalValue, property.CurrentValue),
            };
            if (Equals(before, after)) continue;
            if (field == nameof(Connection.Options)) Options(before as string, after as string, changes);
            else changes[Camel(field)] = new AuditChange(Tell(entry, field, before), Tell(entry, field, after));
        }

        var word = entry.State switch { EntityState.Added => "added", EntityState.Deleted => "removed", _ => "changed" };
        return entry.State == EntityState.Modified && changes.Count == 0 ? null : new AuditNote($"{kind}.{word}", id.ToString()!, name, changes);
    }

    private static AuditNote? Duty(EntityEntry entry, DutyPeriod duty) => entry.State switch
    {
        EntityState.Added => AuditNote.Of("duty.begun", duty.TeamId, "", ("person", duty.PersonId.ToString())),
        EntityState.Modified when duty.EndedAt is not null && entry.Property(nameof(DutyPeriod.EndedAt)).IsModified => AuditNote.Of("duty.ended", duty.TeamId, "", ("person", duty.PersonId.ToString())),
        _ => null,
    };

    /// <summary>What people do to alerts. What tickets do to them is in their timelines, and there is much of it.</summary>
    private static AuditNote? Alert(EntityEntry entry, Alert alert)
    {
        if (entry.State != EntityState.Modified || alert.Origin != TransitionOrigin.Person) return null;
        var (status, actor) = (entry.Property(nameof(Alerting.Alert.Status)), entry.Property(nameof(Alerting.Alert.ActorEmail)));
        var (name, changed) = Equals(status.OriginalValue, status.CurrentValue) ? ("takenOverBy", actor) : ("status", status); // the same state by another person: taken over
        return Equals(changed.OriginalValue, changed.CurrentValue)
            ? null
            : new AuditNote("alert.changed", alert.Id.ToString(), alert.Title, new Dictionary<string, AuditChange>(StringComparer.Ordinal)
            {
                [name] = new(changed.OriginalValue?.ToString(), changed.CurrentValue?.ToString()),
            });
    }

    /// <summary>A person chose the ticket's status, or answered a write that had been refused or given up.</summary>
    private static AuditNote? Write(EntityEntry entry, Effect effect)
    {
        if (Actor.Current.PersonId is null) return null;
        if (entry.State == EntityState.Added) return effect.IsChoice ? AuditNote.Of("alert.ticket-status", effect.AlertId!, TitleOf(entry, effect.AlertId!.Value), ("write", Short(EffectWords.Of(effect)))) : null;
        return entry.State == EntityState.Modified && entry.Property(nameof(Effect.State)).OriginalValue is EffectState.Rejected or EffectState.Dead && effect.State is not (EffectState.Rejected or EffectState.Dead)
            ? AuditNote.Of("write.answered", effect.ConnectionId, "", ("ticket", effect.RemoteId), ("write", Short(EffectWords.Of(effect))), ("outcome", Short(effect.Error)))
            : null;
    }

    /// <summary>A connection's settings are one JSON document without the secrets; only what differs is told.</summary>
    private static void Options(string? before, string? after, SortedDictionary<string, AuditChange> changes)
    {
        var (was, now) = (Read(before), Read(after));
        foreach (var name in was.Select(pair => pair.Key).Union(now.Select(pair => pair.Key), StringComparer.Ordinal))
        {
            var (old, fresh) = (was[name]?.ToJsonString(), now[name]?.ToJsonString());
            if (old != fresh) changes[$"settings.{name}"] = new AuditChange(Short(old), Short(fresh));
        }

        static JsonObject Read(string? text) => string.IsNullOrEmpty(text) ? [] : JsonNode.Parse(text) as JsonObject ?? [];
    }

    private static string? Tell(EntityEntry entry, string field, object? value) => (entry.Entity, field) switch
    {
        (_, nameof(Connection.Secrets)) or (_, nameof(Channel.Secret)) or (TeamIntake, nameof(TeamIntake.MailgunKey)) => value is "" or null ? null : Hidden,
        (Setting { Key: SettingKeys.SmtpPassword or SettingKeys.TwilioToken }, _) => value is "" or null ? null : Hidden,
        (Channel, nameof(Channel.Address)) => Place(value as string),
        _ => Short(value?.ToString()),
    };

    /// <summary>The path of a webhook or topic lets whoever knows it send or read: its host says enough.</summary>
    private static string? Place(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? $"{url.Scheme}://{url.Authority}/…" : address;

    private static string? Short(string? text) => text is { Length: > LongestValue } ? text[..LongestValue] + "…" : text;

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static string Word(ConnectionRunKind kind) => kind == ConnectionRunKind.DryRun ? "dry-run" : kind.ToString().ToLowerInvariant();
}
