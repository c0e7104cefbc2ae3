using System.Text.Json.Nodes;
using Deskbridge.Connectors;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;

namespace Deskbridge.Configuration;

/// <summary>Plans connections: their settings, and their Install when the file asks for it.</summary>
internal sealed class PlanConnections(
    ConnectorCatalog catalog, StoredSettings stored, CreateConnection create, ChangeConnection change, ConnectionQueries connections, TeamQueries teams, PlanMembers members, InstallConnection install)
{
    public void Add(ConfigurationPlan plan, ConfigurationFile file, PresentConfiguration present)
    {
        foreach (var entry in file.Connections)
        {
            var known = present.Connections.FirstOrDefault(connection => connection.Name == entry.Name);
            if (Check(entry, known, file, present) is not { } type) continue;
            var (draft, differences) = Settings(plan, entry, known, type);
            if (known is null)
            {
                plan.Changes.Add(new Change(Change.Adds, $"connection {entry.Name}, {entry.Kind}", [], cancel => CreateAsync(entry, draft, cancel)));
            }
            else
            {
                differences.Of("description", known.Description, entry.Description?.Trim() ?? known.Description);
                var team = present.Teams.FirstOrDefault(row => row.Id == known.TeamId)?.Name;
                differences.Of("team", team, entry.Team is null ? team : entry.Team.Length == 0 ? null : entry.Team);
                if (differences.Lines.Count > 0) plan.Changes.Add(new Change(Change.Alters, $"connection {entry.Name}", differences.Lines, cancel => ChangeAsync(known.Id, entry, draft, cancel)));
            }

            members.Add(plan, entry, known, file, present);
            Install(plan, entry, known);
        }
    }

    private IConnectorType? Check(ConnectionEntry entry, Connection? known, ConfigurationFile file, PresentConfiguration present)
    {
        if (entry.Kind.Length == 0) return null;
        if (ConnectionRules.CheckName(entry.Name) is { } badName) ConfigurationPlan.Refuse(entry.At, badName);
        if (entry.Team is { Length: > 0 } team && !present.Teams.Any(row => row.Name == team) && !file.Teams.Any(row => row.Name == team))
            entry.At.Tell("team", $"there is no team '{team}', neither in this file nor in the hub.");
        if (known is { State: ConnectionState.Removed })
        {
            entry.At.Tell("name", "a connection of this name was removed and is kept for its history. Choose another name.");
            return null;
        }

        if (known is not null && known.Kind != entry.Kind)
        {
            entry.At.Tell("kind", $"the connection is of the kind {known.Kind}, which cannot change. Give the new one another name.");
            return null;
        }

        if (catalog.Find(entry.Kind) is not { } type) ConfigurationPlan.Refuse(entry.At, new UnknownConnectorKind(entry.Kind, string.Join(", ", catalog.All.Select(kind => kind.Kind))));
        else return type;
        return null;
    }

    /// <summary>The settings to send to the action, checked by the connector, and what they change.</summary>
    private (JsonObject Draft, Differences Differences) Settings(ConfigurationPlan plan, ConnectionEntry entry, Connection? known, IConnectorType type)
    {
        var before = Read(known, type);
        var draft = Draft(plan, entry, SettingProperty.Of(type.OptionsType), before);
        var after = Read(known, type);
        foreach (var problem in ConnectionRules.ApplyAndCheck(type, after, new ConnectionDraft { Settings = draft }))
        {
            var at = entry.Settings ?? entry.At;
            if (problem.IsNotice) plan.Notice(at, problem.Setting, problem.Message);
            else at.Tell(problem.Setting, problem.Message);
        }

        if (known?.InstalledAt is not null && SameSystem.CheckFixed(before, after) is { } moved) (entry.Settings ?? entry.At).Tell(moved.Setting, moved.Message);
        var differences = new Differences();
        foreach (var setting in SettingProperty.Of(type.OptionsType))
        {
            var (had, has) = (string.Join(", ", setting.Read(before)), string.Join(", ", setting.Read(after)));
            if (setting.Kind == SettingKind.Secret) differences.Secret(KeyOf(setting), had != has);
            else differences.Of(KeyOf(setting), had, has);
        }

        return (draft, differences);
    }

    private static JsonObject Draft(ConfigurationPlan plan, ConnectionEntry entry, IReadOnlyList<SettingProperty> known, object before)
    {
        var draft = new JsonObject();
        if (entry.Settings is not { } settings) return draft;
        foreach (var key in settings.Keys)
        {
            var setting = known.FirstOrDefault(property => property.Name.Equals(key, StringComparison.OrdinalIgnoreCase));
            if (setting?.Kind == SettingKind.Secret)
            {
                if (plan.Secret(settings, key, settings.Raw(key), setting.Read(before).Count > 0) is { } secret) draft[key] = secret;
            }
            else if (settings.IsList(key))
            {
                draft[key] = new JsonArray([.. (settings.Texts(key) ?? []).Select(item => (JsonNode)item.Text)]);
            }
            else if (settings.Text(key) is { } text)
            {
                draft[key] = text;
            }
        }

        return draft;
    }

    private void Install(ConfigurationPlan plan, ConnectionEntry entry, Connection? known)
    {
        if (!entry.Install) return;
        if (known?.State is ConnectionState.Disabled)
            plan.Notice(entry.At, "install", "was switched off by a person and stays so. Install it on its page.");
        if (known is null or { State: ConnectionState.Draft })
            plan.Changes.Add(new Change(Change.Installs, $"test and install {entry.Name}", [], async cancel => await install.RunAsync(await IdOfAsync(entry.Name, cancel), cancel)));
    }

    private async Task<Failure?> CreateAsync(ConnectionEntry entry, JsonObject settings, CancellationToken cancel) =>
        (await create.RunAsync(entry.Kind, await DraftAsync(entry, settings, cancel), ImportActor.Person, cancel)).Failure;

    private async Task<Failure?> ChangeAsync(Guid id, ConnectionEntry entry, JsonObject settings, CancellationToken cancel) =>
        (await change.RunAsync(id, await DraftAsync(entry, settings, cancel), ImportActor.Person, cancel)).Failure;

    private async Task<ConnectionDraft> DraftAsync(ConnectionEntry entry, JsonObject settings, CancellationToken cancel)
    {
        var team = entry.Team is { Length: > 0 } name ? (await teams.ListAsync(cancel)).First(row => row.Name == name).Id : entry.Team is null ? null : (Guid?)Guid.Empty;
        return new ConnectionDraft { Name = entry.Name, Description = entry.Description, TeamId = team, Settings = settings };
    }

    private async Task<Guid> IdOfAsync(string name, CancellationToken cancel) => (await connections.ListAsync(withRemoved: false, cancel)).First(connection => connection.Name == name).Id;

    private object Read(Connection? known, IConnectorType type) => known is null ? Activator.CreateInstance(type.OptionsType)! : stored.ReadForChange(known, type);

    private static string KeyOf(SettingProperty setting) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(setting.Name);
}
