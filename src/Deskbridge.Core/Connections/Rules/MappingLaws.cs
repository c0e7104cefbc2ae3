using Deskbridge.Connectors;

namespace Deskbridge.Core.Connections.Rules;

/// <summary>Holds changed mappings of a connection to the laws of engine.md §6.6 before they are saved, against the rules in force.</summary>
internal sealed class MappingLaws(ConnectorPool pool, LawCheck laws)
{
    /// <summary>What the changed settings would break and the present ones do not; a notice when the remote could not be asked.</summary>
    /// <param name="id">The connection.</param>
    /// <param name="options">The settings as they would be saved.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<IReadOnlyList<SettingProblem>> CheckAsync(Guid id, object options, CancellationToken cancel)
    {
        if (options is not IAlertingPreferences wanted) return [];
        try
        {
            if (await pool.FindInAnyStateAsync(id, cancel) is not { Rules: { } book, Connector: IReadsRules reader } live || Same(live.Preferences, wanted)) return [];
            var now = (await laws.RunAsync(live, reader, book, live.Preferences, cancel)).Select(problem => problem.Message).ToHashSet(StringComparer.Ordinal);
            return [.. (await laws.RunAsync(live, reader, book, wanted, cancel)).Where(problem => problem.Blocks && !now.Contains(problem.Message)).Select(problem => new SettingProblem(null, problem.Message))];
        }
        catch (ConnectorException failure)
        {
            return [new SettingProblem(null, $"Whether rules and mappings fight each other could not be tried: {failure.Message} It is tried when the rules are read next.", IsNotice: true)];
        }
    }

    private static bool Same(IAlertingPreferences one, IAlertingPreferences other) =>
        one.Flows == other.Flows && one.OwnerAssignment == other.OwnerAssignment && one.BoardStatuses.SequenceEqual(other.BoardStatuses);
}
