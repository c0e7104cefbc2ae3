using System.Data;
using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Deskbridge.Core.Data;

/// <summary>
/// Queries on a connection that stays open run on statements that stay prepared. EF makes a command for each query, and SQLite then compiles
/// its text anew, which takes longer than most of the hub's queries do. What <see cref="PreparedRows"/> is to writing, this is to reading.
/// </summary>
internal sealed class KeptStatements : DbCommandInterceptor
{
    /// <summary>More than the engine has; should there ever be more, all are made anew, so that memory stays bounded.</summary>
    private const int Most = 300;

    /// <summary>Who keeps a connection open uses it alone, one query after another: what it keeps needs no lock.</summary>
    private static readonly ConditionalWeakTable<SqliteConnection, Dictionary<string, KeptCommand>> Kept = [];

    /// <summary>From now on, until it closes, this connection keeps its statements.</summary>
    public static void Keep(SqliteConnection connection)
    {
        if (!Kept.TryAdd(connection, [])) return;
        connection.StateChange += (_, change) =>
        {
            if (change.CurrentState == ConnectionState.Closed) Kept.Remove(connection);
        };
    }

    /// <inheritdoc/>
    public override DbCommand CommandInitialized(CommandEndEventData eventData, DbCommand result) =>
        eventData.CommandSource == CommandSource.LinqQuery && result is SqliteCommand { Connection: { } connection } asked && Kept.TryGetValue(connection, out var kept)
            ? Of(kept, connection, asked)
            : result;

    private static SqliteCommand Of(Dictionary<string, KeptCommand> kept, SqliteConnection connection, SqliteCommand asked)
    {
        if (!kept.TryGetValue(asked.CommandText, out var command))
        {
            if (kept.Count == Most) Empty(kept);
            kept[asked.CommandText] = command = new KeptCommand { CommandText = asked.CommandText, Connection = connection };
        }

        if (!command.TryTake(asked)) return asked;
        asked.Dispose(); // a connection remembers each command until then, and looks through all of them when one ends
        return command;
    }

    private static void Empty(Dictionary<string, KeptCommand> kept)
    {
        foreach (var command in kept.Values.Where(command => !command.IsTaken)) command.Dispose();
        kept.Clear();
    }

    /// <summary>Disposed by its query it is only given back; disposed when it is free, as by the connection that closes, it ends.</summary>
    private sealed class KeptCommand : SqliteCommand
    {
        public bool IsTaken { get; private set; }

        /// <summary>Makes it the command that was asked for; false while an earlier query still reads with it.</summary>
        public bool TryTake(SqliteCommand asked)
        {
            if (IsTaken) return false;
            IsTaken = true;
            Transaction = asked.Transaction;
            CommandTimeout = asked.CommandTimeout;
            Parameters.Clear();
            foreach (SqliteParameter parameter in asked.Parameters) Parameters.Add(parameter);
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            if (IsTaken) IsTaken = false;
            else base.Dispose(disposing);
        }
    }
}
