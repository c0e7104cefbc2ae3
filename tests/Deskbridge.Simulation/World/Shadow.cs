using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Simulation.World;

/// <summary>The committed tables in memory, so that every step can be judged without asking the database.</summary>
internal sealed class Shadow
{
    public Dictionary<Guid, Link> Links { get; } = [];

    public Dictionary<Guid, Alert> Alerts { get; } = [];

    public Dictionary<Guid, Effect> Effects { get; } = [];

    /// <summary>Effects whose outcome is still open, by link.</summary>
    public Dictionary<Guid, HashSet<Guid>> Unsettled { get; } = [];

    public Dictionary<Guid, Conflict> Conflicts { get; } = [];

    public Dictionary<Guid, Connection> Connections { get; } = [];

    public Dictionary<(Guid ConnectionId, string RemoteId), Mirror> Mirrors { get; } = [];

    public Dictionary<(Guid ConnectionId, string RemoteId), Wake> Wakes { get; } = [];

    public Dictionary<(Guid ConnectionId, string Stream), Cursor> Cursors { get; } = [];

    /// <summary>Tickets of which something changed since somebody last asked.</summary>
    public HashSet<(Guid ConnectionId, string RemoteId)> Touched { get; } = [];

    public void Take(RowChange change)
    {
        switch (change.Row)
        {
            case Link link:
                Set(Links, link.Id, link, change.Gone);
                Touched.Add((link.ConnectionId, link.RemoteId));
                break;
            case Effect effect:
                Set(Effects, effect.Id, effect, change.Gone);
                SetUnsettled(effect, !change.Gone && EffectStates.Unsettled.Contains(effect.State));
                Touched.Add((effect.ConnectionId, effect.RemoteId));
                break;
            case Mirror mirror:
                Set(Mirrors, (mirror.ConnectionId, mirror.RemoteId), mirror, change.Gone);
                Touched.Add((mirror.ConnectionId, mirror.RemoteId));
                break;
            case Wake wake:
                Set(Wakes, (wake.ConnectionId, wake.RemoteId), wake, change.Gone);
                Touched.Add((wake.ConnectionId, wake.RemoteId));
                break;
            case Alert alert: Set(Alerts, alert.Id, alert, change.Gone); break;
            case Conflict conflict: Set(Conflicts, conflict.Id, conflict, change.Gone); break;
            case Connection connection: Set(Connections, connection.Id, connection, change.Gone); break;
            case Cursor cursor: Set(Cursors, (cursor.ConnectionId, cursor.Stream), cursor, change.Gone); break;
        }
    }

    /// <summary>The current alert of a link; null when it has none.</summary>
    public Alert? AlertOf(Link link) => Alerts.Values.SingleOrDefault(alert => alert.LinkId == link.Id && alert.Generation == link.Generation);

    /// <summary>Forgets everything and takes the tables as they are: after a restore, and after changes that no context saw.</summary>
    public async Task LoadAsync(Hub hub)
    {
        Links.Clear();
        Alerts.Clear();
        Effects.Clear();
        Unsettled.Clear();
        Conflicts.Clear();
        Connections.Clear();
        Mirrors.Clear();
        Wakes.Clear();
        Cursors.Clear();
        var rows = await hub.ReadAsync(async db => (List<object>)
        [
            .. await db.Links.ToListAsync(), .. await db.Alerts.ToListAsync(), .. await db.Effects.ToListAsync(), .. await db.Conflicts.ToListAsync(),
            .. await db.Connections.ToListAsync(), .. await db.Mirrors.ToListAsync(), .. await db.Wakes.ToListAsync(), .. await db.Cursors.ToListAsync(),
        ]);
        foreach (var row in rows) Take(new RowChange(row, Gone: false));
    }

    private void SetUnsettled(Effect effect, bool open)
    {
        if (!Unsettled.TryGetValue(effect.LinkId, out var ofLink)) Unsettled[effect.LinkId] = ofLink = [];
        if (open) ofLink.Add(effect.Id);
        else ofLink.Remove(effect.Id);
    }

    private static void Set<TKey, TRow>(Dictionary<TKey, TRow> table, TKey key, TRow row, bool gone)
        where TKey : notnull
    {
        if (gone) table.Remove(key);
        else table[key] = row;
    }
}
