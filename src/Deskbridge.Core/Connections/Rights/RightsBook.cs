using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Connections.Rights;

/// <summary>What the account of a connection may do: asked by Test, on a person's word and after a refusal, and kept for the pages.</summary>
internal sealed class RightsBook(ConnectorCatalog catalog, ConnectorPool pool, HubStore store, TimeProvider clock)
{
    /// <summary>What is needed and what was found out last. Makes no call; null when there is no such connection or its kind has no rights to look at.</summary>
    public async Task<RightsView?> ReadAsync(Guid connectionId, CancellationToken cancel)
    {
        var (connection, kept) = await store.ReadAsync(
            async db => (
                await db.Connections.SingleOrDefaultAsync(row => row.Id == connectionId && row.State != ConnectionState.Removed, cancel),
                await db.ConnectionAccess.SingleOrDefaultAsync(row => row.ConnectionId == connectionId, cancel)),
            cancel);
        return connection is null ? null : View(connection, kept);
    }

    /// <summary>What active connections lack or do not see, by connection, for the page Health. Makes no call.</summary>
    public async Task<Dictionary<Guid, IReadOnlyList<string>>> TroublesAsync(CancellationToken cancel)
    {
        var rows = await store.ReadAsync(
            db => (from connection in db.Connections
                   where connection.State == ConnectionState.Active
                   join kept in db.ConnectionAccess on connection.Id equals kept.ConnectionId
                   select new { connection, kept }).ToListAsync(cancel),
            cancel);
        return rows.ToDictionary(row => row.connection.Id, row => View(row.connection, row.kept)?.Troubles ?? []);
    }

    private RightsView? View(Connection connection, ConnectionAccess? kept)
    {
        if (catalog.Find(connection.Kind) is not { } type) return null;
        var needed = type.NeededRights(StoredSettings.ReadWithoutSecrets(connection, type));
        return needed.Count == 0 ? null : new RightsView(connection.InstalledAt is not null, needed, kept is null ? null : Json.Read<RightsReport>(kept.Rights), kept?.CheckedAt);
    }

    /// <summary>Asks now.</summary>
    /// <param name="connectionId">The connection.</param>
    /// <param name="goOn">A person asked: when nothing is missing, writes that were refused for want of a right go on.</param>
    /// <param name="cancel">Ends the calls.</param>
    public async Task<Failure?> CheckAsync(Guid connectionId, bool goOn, CancellationToken cancel)
    {
        if (await pool.FindInAnyStateAsync(connectionId, cancel) is not { } live) return new ConnectionNotFound(connectionId);
        if (live.Connector is not IProbesRights probe) return new NoRights(live.Connection.Name);
        RightsReport report;
        try
        {
            using (CallClassScope.Use(CallClass.Children)) report = await probe.ProbeRightsAsync(cancel);
        }
        catch (ConnectorException failure)
        {
            return new RemoteNotAsked(failure.Message);
        }

        await KeepAsync(connectionId, report, goOn, cancel);
        return null;
    }

    /// <summary>Keeps what was found out, and tells when it is not what it was. When a right that was missing is there, what was refused for it goes on.</summary>
    public Task KeepAsync(Guid connectionId, RightsReport report, bool goOn, CancellationToken cancel) =>
        store.WriteAsync(
            async db =>
            {
                var now = clock.GetUtcNow();
                var before = "";
                if (await db.ConnectionAccess.FindAsync([connectionId], cancel) is { } kept)
                {
                    before = Lacks(Json.Read<RightsReport>(kept.Rights));
                    (kept.CheckedAt, kept.Rights) = (now, Json.Write(report));
                }
                else
                {
                    db.ConnectionAccess.Add(new ConnectionAccess { ConnectionId = connectionId, CheckedAt = now, Rights = Json.Write(report) });
                }

                var lacks = Lacks(report);
                var went = lacks.Length == 0 && (goOn || before.Length > 0) ? await db.GoOnForRightAsync(connectionId, now, cancel) : 0;
                if (lacks == before && went == 0) return;
                var message = lacks.Length > 0
                    ? $"The role of the API member lacks {lacks}."
                    : $"The role of the API member has everything that the connection needs all the time.{(went > 0 ? $" {went} refused writes go on." : "")}";
                db.LogConnectionEvent(connectionId, "rights", null, message, null, null, now, warn: lacks.Length > 0);
            },
            cancel);

    /// <summary>The cells without which the connection does not do its work and that are missing, in a line.</summary>
    public static string Lacks(RightsReport report) => string.Join("; ", report.Rows.Where(row => row.Needed.Without is null).SelectMany(row => row.Names(row.Missing(setup: false))));
}

/// <summary>The rights of a connection's account.</summary>
/// <param name="Installed">Setting up is done, so what only that needs may be missing.</param>
/// <param name="Needed">The least that the features that are on need.</param>
/// <param name="Found">What was found out last; null when nobody asked yet.</param>
/// <param name="CheckedAt">When.</param>
internal sealed record RightsView(bool Installed, IReadOnlyList<NeededRight> Needed, RightsReport? Found, DateTimeOffset? CheckedAt)
{
    /// <summary>Cells that are needed all the time and were found missing, in a line.</summary>
    public string Lacks => Found is null ? "" : RightsBook.Lacks(Found with { Rows = Rows });

    /// <summary>What is missing and what is not seen, a sentence each.</summary>
    public IReadOnlyList<string> Troubles => [.. Lacks is { Length: > 0 } lacks ? [$"The role of the API member lacks {lacks}."] : Array.Empty<string>(), .. Found?.Visible?.Warnings ?? []];

    /// <summary>Needed rows with what is known of each cell now; a feature that was switched on since the last look is not known.</summary>
    public IReadOnlyList<RightRow> Rows =>
    [
        .. from need in Needed
           let found = Found?.Rows.FirstOrDefault(row => row.Needed.Module == need.Module && row.Needed.Function == need.Function)
           select new RightRow(
               need,
               [.. Enum.GetValues<RightColumn>().Select(column => found?.Cells.FirstOrDefault(cell => cell.Column == column) is { } cell
                   ? cell with { Need = need[column] }
                   : new RightCell(column, need[column], RightState.Unknown, "Not looked at yet."))],
               found?.Fix),
    ];
}
