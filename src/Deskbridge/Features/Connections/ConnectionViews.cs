using System.Text.Json;
using System.Text.Json.Nodes;
using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Rules;

namespace Deskbridge.Features.Connections;

/// <summary>A kind of remote system.</summary>
internal sealed record ConnectorView(string Kind, string Name, string Summary, string Category, IReadOnlyList<FieldView> Fields)
{
    public static ConnectorView Of(IConnectorType type) => new(
        type.Kind, type.Name, type.Summary, type.Category,
        [.. ConnectionForm.Draw(Activator.CreateInstance(type.OptionsType)!).Select(FieldView.Of)]);
}

/// <summary>A setting. <paramref name="Values"/> is what holds when nothing is sent; empty for secrets.</summary>
internal sealed record FieldView(
    string Name, string Label, string? Help, string Group, SettingKind Kind, bool Required, bool Advanced, string? Placeholder,
    IReadOnlyList<SettingChoice> Choices, IReadOnlyList<string> Values)
{
    public static FieldView Of(FormField field) => new(
        JsonNamingPolicy.CamelCase.ConvertName(field.Name), field.Label, field.Help, field.Group, field.Kind, field.Required, field.Advanced,
        field.Placeholder, field.Choices, field.Values);
}

/// <summary>A connection in the list.</summary>
internal sealed record ConnectionSummary(
    Guid Id, string Kind, string KindName, string Name, string Description, Guid? TeamId, ConnectionState State,
    DateTimeOffset CreatedAt, DateTimeOffset? InstalledAt, bool RuleChangeHeld, ConnectionHealthView Health)
{
    public static ConnectionSummary Of(ConnectionView view) => new(
        view.Id, view.Kind, view.KindName, view.Name, view.Description, view.TeamId, view.State,
        view.CreatedAt, view.InstalledAt, view.RuleChangeHeld, ConnectionHealthView.Of(view.Health));
}

/// <summary>
/// How a connection is doing. <paramref name="BreakerOpenUntil"/>: no call is tried before that instant. <paramref name="CallbacksSilentSince"/>:
/// since then polling finds changes of which no callback told. <paramref name="MarkersMovedAt"/>: when another program was last seen to write the markers.
/// </summary>
internal sealed record ConnectionHealthView(
    DateTimeOffset? LastReadAt, DateTimeOffset? LastWriteAt, DateTimeOffset? LastCallbackAt,
    DateTimeOffset? FailingSince, string? Failure, int FailuresInARow, DateTimeOffset? BreakerOpenUntil, long ClockOffsetMs, string Callbacks,
    DateTimeOffset? CallbacksSilentSince, DateTimeOffset? MarkersMovedAt)
{
    public static ConnectionHealthView Of(ConnectionHealth health) => new(
        health.LastReadAt, health.LastWriteAt, health.LastCallbackAt,
        health.FailingSince, health.Failure, health.FailuresInARow, health.BreakerOpenUntil, health.ClockOffsetMs, health.Callbacks,
        health.CallbacksSilentSince, health.MarkersMovedAt);
}

/// <summary>
/// A connection in full. A secret among the <paramref name="Settings"/> is only said to be set; <paramref name="SecretsLost"/>: the stored
/// ones cannot be decrypted and must be entered again. <paramref name="Capabilities"/> are empty when it cannot be used now, and
/// <paramref name="Unusable"/> says why. <paramref name="SameSystem"/> names connections that run on the same system while this one is not installed.
/// <paramref name="Findings"/> are the hub's own open alerts about it; POST /install mends those that are repairable.
/// </summary>
internal sealed record ConnectionDetail(
    Guid Id, string Kind, string KindName, string Name, string Description, Guid? TeamId, string? Team, ConnectionState State,
    DateTimeOffset CreatedAt, DateTimeOffset? InstalledAt, bool RuleChangeHeld, CustomFieldMode CustomFields, JsonObject Settings, bool SecretsLost,
    ConnectionHealthView Health, CallUsage Calls, IReadOnlyList<string> Capabilities, string? Unusable, CallbackState Callbacks,
    IReadOnlyList<InstalledView> Installed, int TicketsWithValues, RulesState? Rules, IReadOnlyList<string> SameSystem, IReadOnlyList<ConnectionFinding> Findings);

/// <summary>
/// The rules of a connection. <paramref name="Problems"/> are those of the rules in force; one that blocks would stop Install.
/// <paramref name="Refused"/> says why changed rules are not used; <paramref name="HeldChange"/> is a change that waits for a person's word,
/// <paramref name="LastChange"/> the last one that was seen, whoever made it.
/// </summary>
internal sealed record RulesState(DateTimeOffset? ReadAt, IReadOnlyList<RuleProblem> Problems, string? Refused, DateTimeOffset? HeldSince, string HeldChange, RuleChange? LastChange, IReadOnlyList<AskedEvent> Asked)
{
    public static RulesState? Of(RulesView? view) => view is null ? null : new(view.ReadAt, view.Problems, view.Refused, view.HeldSince, view.HeldChange, view.LastChange, view.Asked);
}

/// <summary>The callbacks of a connection. <paramref name="Address"/> is what the remote is told to call, a secret of those who manage connections; <paramref name="Problem"/> says why there is none.</summary>
internal sealed record CallbackState(bool Supported, Uri? Address, string? Problem, string State, DateTimeOffset? LastAt);

/// <summary>An object in the remote system; <paramref name="Created"/>: the hub made it.</summary>
internal sealed record InstalledView(string Role, string Kind, string Name, string RemoteId, bool Created, DateTimeOffset At)
{
    public static InstalledView Of(InstalledObject row) => new(row.Role, row.Kind, row.Name, row.RemoteId, row.Created, row.At);
}

/// <summary>A saved connection; <paramref name="Notices"/> say what was normalised and what deserves a second look.</summary>
internal sealed record ConnectionSavedView(ConnectionDetail Connection, IReadOnlyList<NoticeView> Notices);

internal sealed record NoticeView(string? Setting, string Message);
