using Deskbridge.Connectors;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;

namespace Deskbridge.Features.Connections;

/// <summary>The settings form of a connection, new or not, as it is drawn: with what was typed, and each problem beside its field.</summary>
internal sealed record SettingsForm(string Kind, string KindName, IReadOnlyList<FormField> Fields, IReadOnlyList<TeamView> Teams)
{
    /// <summary>Before the names of posted settings, so that none meets a field of the page itself.</summary>
    private const string Prefix = "s.";

    public string Name { get; init; } = "";

    public string Description { get; init; } = "";

    public Guid? TeamId { get; init; }

    public IReadOnlyList<SettingProblem> Problems { get; init; } = [];

    public bool IsNew { get; init; }

    /// <summary>Where Cancel leads.</summary>
    public string Back { get; init; } = "/connections/new";

    /// <summary>The least that the remote account needs for these settings as they were drawn.</summary>
    public IReadOnlyList<NeededRight> NeededRights { get; init; } = [];

    public static string PostedName(FormField field) => Prefix + field.Name;

    public string? ProblemOf(string setting) => Problems.FirstOrDefault(problem => string.Equals(problem.Setting, setting, StringComparison.OrdinalIgnoreCase))?.Message;

    /// <summary>Problems that no field shows.</summary>
    public IEnumerable<SettingProblem> Others => Problems.Where(problem =>
        problem.Setting is null || (problem.Setting is not ("name" or "teamId") && Fields.All(known => !string.Equals(known.Name, problem.Setting, StringComparison.OrdinalIgnoreCase))));

    /// <summary>What a browser posted.</summary>
    public static ConnectionDraft Read(IFormCollection posted) => new()
    {
        Name = posted["name"].ToString(),
        Description = posted["description"].ToString(),
        TeamId = Guid.TryParse(posted["team"], out var team) ? team : Guid.Empty,
        Form = posted.Where(pair => pair.Key.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(pair => pair.Key[Prefix.Length..], pair => pair.Value.Where(value => value is not null).Select(value => value!).ToArray(), StringComparer.Ordinal),
    };

    /// <summary>This form with what was typed and why it was refused. Secrets are not sent back; they must be typed again.</summary>
    public SettingsForm Refused(ConnectionDraft typed, Failure why) => this with
    {
        Name = typed.Name ?? "",
        Description = typed.Description ?? "",
        TeamId = typed.TeamId,
        Fields = [.. Fields.Select(field => field.Kind == SettingKind.Secret ? field : field with { Values = Typed(field, typed.Form!) })],
        Problems = [.. Reasons(why), .. Lost(typed.Form!)],
    };

    private static IEnumerable<SettingProblem> Reasons(Failure why) => why switch
    {
        SettingsRefused refused => refused.Problems.Where(problem => !problem.IsNotice),
        InvalidFailure invalid => [new SettingProblem(invalid.Field, invalid.Message)],
        _ => [new SettingProblem(null, why.Message)],
    };

    /// <summary>Secrets that were typed: what the page shows again, it shows without them.</summary>
    private IEnumerable<SettingProblem> Lost(IReadOnlyDictionary<string, string[]> form) =>
        from field in Fields
        where field.Kind == SettingKind.Secret && form.GetValueOrDefault(field.Name) is [{ Length: > 0 }, ..]
        select new SettingProblem(field.Name, "Enter it once more: nothing was saved, and a page never gets a secret back.");

    private static string[] Typed(FormField field, IReadOnlyDictionary<string, string[]> form) =>
        field.Kind == SettingKind.Bool ? [form.ContainsKey(field.Name) ? "true" : "false"] : form.GetValueOrDefault(field.Name) ?? [];
}
