using System.Text.Json.Nodes;
using Deskbridge.Connectors;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections.Rules;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Connections;

/// <summary>What a person entered. Null leaves a value as it is.</summary>
internal sealed record ConnectionDraft
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    /// <summary>The team its alerts go to; <see cref="Guid.Empty"/> for none.</summary>
    public Guid? TeamId { get; init; }

    /// <summary>A posted form.</summary>
    public IReadOnlyDictionary<string, string[]>? Form { get; init; }

    /// <summary>Settings as the API takes them.</summary>
    public JsonObject? Settings { get; init; }
}

/// <summary>What came of saving a connection.</summary>
/// <param name="Id">The connection, when it was saved.</param>
/// <param name="Failure">Why it was not.</param>
/// <param name="Notices">What was normalised, and what deserves a second look.</param>
internal sealed record ConnectionSaved(Guid? Id, Failure? Failure, IReadOnlyList<SettingProblem> Notices)
{
    public static ConnectionSaved Refused(Failure failure) => new(null, failure, []);
}

/// <summary>Creates a connection, as a draft that reads and writes nothing.</summary>
internal sealed class CreateConnection(ConnectorCatalog catalog, StoredSettings stored, HubStore store, RandomIds ids, TimeProvider clock)
{
    public async Task<ConnectionSaved> RunAsync(string kind, ConnectionDraft draft, Person by, CancellationToken cancel)
    {
        if (by.Role != PersonRole.Admin) return ConnectionSaved.Refused(new OnlyAdministrators());
        if (catalog.Find(kind) is not { } type)
        {
            return ConnectionSaved.Refused(new UnknownConnectorKind(kind, string.Join(", ", catalog.All.Select(known => known.Kind))));
        }

        if (ConnectionRules.CheckName(draft.Name ?? "") is { } badName) return ConnectionSaved.Refused(badName);
        var options = Activator.CreateInstance(type.OptionsType)!;
        var found = ConnectionRules.ApplyAndCheck(type, options, draft);
        if (found.Any(problem => !problem.IsNotice)) return ConnectionSaved.Refused(new SettingsRefused(found));

        var connection = new Connection
        {
            Id = ids.NewId(),
            Kind = kind,
            Name = draft.Name!.Trim(),
            Description = draft.Description?.Trim() ?? "",
            TeamId = draft.TeamId == Guid.Empty ? null : draft.TeamId,
            Options = "{}",
            InstanceKey = type.InstanceKey(options),
            CallbackToken = ids.NewSecret(),
            CreatedAt = clock.GetUtcNow(),
        };
        stored.Write(connection, options);
        return await store.WriteAsync(
            async db =>
            {
                if (await ConnectionRules.CheckPlaceAsync(db, connection, cancel) is { } failure) return ConnectionSaved.Refused(failure);
                db.Connections.Add(connection);
                db.ConnectionHealth.Add(new ConnectionHealth { ConnectionId = connection.Id });
                return new ConnectionSaved(connection.Id, null, [.. found, .. await ConnectionRules.TwinsAsync(db, connection, cancel)]);
            },
            cancel);
    }
}

/// <summary>Changes a connection's name, team or settings. Changed settings replace the running connector.</summary>
internal sealed class ChangeConnection(
    ConnectorCatalog catalog, StoredSettings stored, SameSystem system, HubStore store, ConnectionChanges changes, AlertsWithoutTeam withoutTeam, MappingLaws laws, TimeProvider clock)
{
    public async Task<ConnectionSaved> RunAsync(Guid id, ConnectionDraft draft, Person by, CancellationToken cancel)
    {
        if (by.Role != PersonRole.Admin) return ConnectionSaved.Refused(new OnlyAdministrators());
        if (draft.Name is { } name && ConnectionRules.CheckName(name) is { } badName) return ConnectionSaved.Refused(badName);
        if (await system.CheckAsync(id, draft, cancel) is { } other) return ConnectionSaved.Refused(other);
        var fights = await FightsAsync(id, draft, cancel);
        if (fights.Any(problem => !problem.IsNotice)) return ConnectionSaved.Refused(new SettingsRefused(fights));
        var saved = await store.WriteAsync(db => ChangeAsync(db, id, draft, cancel), cancel);
        if (saved.Failure is null) changes.Raise(id);
        return saved.Failure is null ? saved with { Notices = [.. saved.Notices, .. fights] } : saved;
    }

    /// <summary>Mappings that the rules in force would fight; what is wrong otherwise is told when they are saved.</summary>
    private async Task<IReadOnlyList<SettingProblem>> FightsAsync(Guid id, ConnectionDraft draft, CancellationToken cancel)
    {
        if (draft.Form is null && draft.Settings is null) return [];
        if (await store.ReadAsync(db => db.Connections.FirstOrDefaultAsync(row => row.Id == id && row.State != ConnectionState.Removed, cancel), cancel) is not { } row) return [];
        if (catalog.Find(row.Kind) is not { } type) return [];
        var options = stored.ReadForChange(row, type);
        return ConnectionRules.ApplyAndCheck(type, options, draft).Any(problem => !problem.IsNotice) ? [] : await laws.CheckAsync(id, options, cancel);
    }

    private async Task<ConnectionSaved> ChangeAsync(HubDb db, Guid id, ConnectionDraft draft, CancellationToken cancel)
    {
        if (await db.Connections.FindAsync([id], cancel) is not { State: not ConnectionState.Removed } connection) return ConnectionSaved.Refused(new ConnectionNotFound(id));
        if (catalog.Find(connection.Kind) is not { } type)
        {
            return ConnectionSaved.Refused(new UnknownConnectorKind(connection.Kind, string.Join(", ", catalog.All.Select(known => known.Kind))));
        }

        IReadOnlyList<SettingProblem> found = [];
        if (draft.Form is not null || draft.Settings is not null)
        {
            var options = stored.ReadForChange(connection, type);
            found = ConnectionRules.ApplyAndCheck(type, options, draft);
            if (found.Any(problem => !problem.IsNotice)) return ConnectionSaved.Refused(new SettingsRefused(found));
            var (before, hidden) = (connection.Options, connection.Secrets);
            var unchanged = hidden.Length > 0 && SameSecrets(connection, type, options);
            stored.Write(connection, options);
            if (unchanged) connection.Secrets = hidden;
            connection.InstanceKey = type.InstanceKey(options);
            if (connection.Options != before || connection.Secrets != hidden) connection.Version++;
        }

        if (draft.Name is { } name) connection.Name = name.Trim();
        if (draft.Description is { } description) connection.Description = description.Trim();
        if (draft.TeamId is { } team) connection.TeamId = team == Guid.Empty ? null : team;
        if (await ConnectionRules.CheckPlaceAsync(db, connection, cancel) is { } failure)
        {
            db.ChangeTracker.Clear();
            return ConnectionSaved.Refused(failure);
        }

        if (draft.TeamId is not null && connection.TeamId is { } given) await withoutTeam.GiveAsync(db, id, given, clock.GetUtcNow(), cancel);
        return new ConnectionSaved(id, null, [.. found, .. await ConnectionRules.TwinsAsync(db, connection, cancel)]);
    }

    /// <summary>Encrypting twice gives two texts; a change that is none must not restart the connector.</summary>
    private bool SameSecrets(Connection connection, IConnectorType type, object options)
    {
        try
        {
            var before = stored.Read(connection, type);
            return SettingProperty.Of(type.OptionsType)
                .Where(property => property.Kind == SettingKind.Secret)
                .All(property => property.Read(before).SequenceEqual(property.Read(options), StringComparer.Ordinal));
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}

/// <summary>What holds for every saved connection.</summary>
internal static class ConnectionRules
{
    public static Failure? CheckName(string name) => name.Trim() switch
    {
        "" => new InvalidFailure("name", "Give the connection a name."),
        { Length: > Names.Longest } tooLong => new InvalidFailure("name", $"The name has {tooLong.Length} characters; at most {Names.Longest} are kept. Shorten it."),
        _ when !Names.Fits(name) => new InvalidFailure("name", "The name holds characters that do not show, such as line breaks. Enter it in one line."),
        _ => null,
    };

    public static IReadOnlyList<SettingProblem> ApplyAndCheck(IConnectorType type, object options, ConnectionDraft draft)
    {
        var held = HeldSecrets.Of(options);
        var problems = Apply(options, draft);
        var named = problems.Select(problem => problem.Setting).ToHashSet(StringComparer.Ordinal);
        problems = [.. problems, .. type.Check(options).Where(problem => problem.Setting is null || problem.IsNotice || !named.Contains(problem.Setting))];
        if (problems.Any(problem => !problem.IsNotice) || !held.Move(options)) return problems;
        var entered = Activator.CreateInstance(type.OptionsType)!;
        Apply(entered, draft);
        return [.. problems, .. held.Missing(options, entered)];
    }

    private static IReadOnlyList<SettingProblem> Apply(object options, ConnectionDraft draft) => draft switch
    {
        { Form: { } form } => ConnectionForm.Apply(options, form),
        { Settings: { } settings } => ConnectionForm.Apply(options, settings),
        _ => ConnectionForm.Apply(options, new JsonObject()),
    };

    /// <summary>The name is free and the team exists.</summary>
    public static async Task<Failure?> CheckPlaceAsync(HubDb db, Connection connection, CancellationToken cancel)
    {
        if (await db.Connections.AnyAsync(other => other.Name == connection.Name && other.Id != connection.Id, cancel)) return new ConnectionNameTaken(connection.Name);
        return connection.TeamId is { } team && !await db.Teams.AnyAsync(known => known.Id == team, cancel)
            ? new InvalidFailure("teamId", $"Team {team} does not exist.")
            : null;
    }

    /// <summary>A notice for every other connection to the same remote instance.</summary>
    public static async Task<IReadOnlyList<SettingProblem>> TwinsAsync(HubDb db, Connection connection, CancellationToken cancel)
    {
        var twins = await Twins(db, connection).Where(other => other.State != ConnectionState.Removed).OrderBy(other => other.Name).Select(other => new { other.Name, other.State }).ToListAsync(cancel);
        return [.. twins.Select(twin => new SettingProblem(
            null,
            $"'{twin.Name}' talks to the same system: its account is {connection.InstanceKey}, too, and the address does not matter. While both run, a ticket that matches the rules of both raises two alerts."
            + (Runs(twin.State) && !Runs(connection.State) ? " Install will ask." : ""),
            IsNotice: true))];
    }

    private static bool Runs(ConnectionState state) => state is ConnectionState.Active or ConnectionState.Paused;

    /// <summary>Names of the other connections to the same remote instance that were installed and not switched off.</summary>
    public static Task<List<string>> RunningTwinsAsync(HubDb db, Connection connection, CancellationToken cancel) =>
        Twins(db, connection)
            .Where(other => other.State == ConnectionState.Active || other.State == ConnectionState.Paused)
            .OrderBy(other => other.Name)
            .Select(other => other.Name)
            .ToListAsync(cancel);

    private static IQueryable<Connection> Twins(HubDb db, Connection connection) =>
        db.Connections.Where(other => other.Id != connection.Id && other.Kind == connection.Kind && other.InstanceKey == connection.InstanceKey);
}
