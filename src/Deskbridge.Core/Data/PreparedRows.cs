using System.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.EntityFrameworkCore.Update;
using SQLitePCL;

namespace Deskbridge.Core.Data;

/// <summary>
/// Writes what a context tracked with statements that stay prepared on its connection. EF makes the text of each statement anew and SQLite
/// compiles it anew, which costs several times what the row itself costs. Rows whose values the database makes go EF's way.
/// </summary>
/// <param name="dependencies">Of EF's own way.</param>
/// <param name="relational">Of EF's own way.</param>
internal sealed class PreparedRows(DatabaseDependencies dependencies, RelationalDatabaseDependencies relational)
    : RelationalDatabase(dependencies, relational), IDisposable
{
    /// <summary>As many as fit the mask of changed ones; a wider table goes EF's way.</summary>
    private const int MostColumns = 64;

    private readonly Dictionary<IEntityType, Shape> _shapes = [];
    private readonly Dictionary<(IEntityType Type, EntityState State, ulong Changed), Statement> _statements = [];
    private SqliteConnection? _connection;

    /// <inheritdoc/>
    public override Task<int> SaveChangesAsync(IList<IUpdateEntry> entries, CancellationToken cancellationToken = default)
    {
        if (RelationalDependencies.Connection is not { DbConnection: SqliteConnection connection, CurrentTransaction: not null } || entries.Any(IsForEf))
            return base.SaveChangesAsync(entries, cancellationToken);

        Follow(connection);
        // A row that is removed and one that is added may share a unique value; the removed one goes first.
        foreach (var state in (EntityState[])[EntityState.Deleted, EntityState.Modified, EntityState.Added])
        {
            foreach (var entry in entries)
            {
                if (entry.EntityState != state) continue;
                cancellationToken.ThrowIfCancellationRequested();
                Write(entry, connection);
            }
        }

        return Task.FromResult(entries.Count);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_connection is not null) _connection.StateChange -= OnStateChange;
        Forget();
    }

    /// <summary>A statement belongs to the file handle that it was prepared on, which a connection gives back when it closes: it may open on another one.</summary>
    private void Follow(SqliteConnection connection)
    {
        if (_connection == connection) return;
        Dispose();
        _connection = connection;
        connection.StateChange += OnStateChange;
    }

    private void OnStateChange(object sender, StateChangeEventArgs change)
    {
        if (change.CurrentState == ConnectionState.Closed) Forget();
    }

    private void Write(IUpdateEntry entry, SqliteConnection connection)
    {
        var key = (entry.EntityType, entry.EntityState, entry.EntityState == EntityState.Modified ? Changed(entry) : 0);
        if (!_statements.TryGetValue(key, out var statement)) _statements[key] = statement = Statement.Of(entry, connection);
        int written;
        try
        {
            written = statement.Run(entry);
        }
        catch (SqliteException refused)
        {
            throw new DbUpdateException($"A row of {entry.EntityType.GetTableName()} could not be written: {refused.Message}", refused, [entry]);
        }

        if (written == 0) throw new DbUpdateConcurrencyException($"A row of {entry.EntityType.GetTableName()} was changed or removed by somebody else.", [entry]);
    }

    private void Forget()
    {
        foreach (var statement in _statements.Values) statement.Dispose();
        _statements.Clear();
    }

    private bool IsForEf(IUpdateEntry entry)
    {
        if (!_shapes.TryGetValue(entry.EntityType, out var shape)) _shapes[entry.EntityType] = shape = Shape.Of(entry.EntityType);
        return !shape.IsPlain || entry.SharedIdentityEntry is not null
            || (entry.EntityState == EntityState.Added && Array.Exists(shape.Generated, entry.HasTemporaryValue));
    }

    private static ulong Changed(IUpdateEntry entry)
    {
        var mask = 0UL;
        foreach (var property in entry.EntityType.GetProperties())
        {
            if (entry.IsModified(property)) mask |= 1UL << property.GetIndex();
        }

        return mask;
    }

    /// <summary>What must be known of a table before its rows are written here.</summary>
    /// <param name="IsPlain">Every column holds something that is bound here.</param>
    /// <param name="Generated">Columns whose values the database may make.</param>
    private sealed record Shape(bool IsPlain, IProperty[] Generated)
    {
        private static readonly Type[] Plain = [typeof(string), typeof(Guid), typeof(bool), typeof(int), typeof(long)];

        public static Shape Of(IEntityType type) => new(
            type.GetProperties().All(property => property.GetIndex() < MostColumns && Plain.Contains(Stored(property))),
            [.. type.GetProperties().Where(property => property.ValueGenerated != ValueGenerated.Never)]);

        private static Type Stored(IProperty property)
        {
            var stored = property.GetRelationalTypeMapping().Converter?.ProviderClrType ?? property.ClrType;
            return Nullable.GetUnderlyingType(stored) ?? stored;
        }
    }

    /// <summary>One prepared statement, for rows of one table that change in the same columns. Values are bound by place: the provider looks each up by name, every time.</summary>
    private sealed class Statement : IDisposable
    {
        private readonly sqlite3 _database;
        private readonly sqlite3_stmt _prepared;
        private readonly List<(IProperty Property, Func<object?, object?>? Convert, bool Original)> _values = [];

        private Statement(IUpdateEntry entry, SqliteConnection connection)
        {
            _database = connection.Handle!;
            var type = entry.EntityType;
            var table = Quoted(type.GetTableName()!);
            var written = type.GetProperties().Where(property => entry.EntityState == EntityState.Added || (entry.EntityState == EntityState.Modified && entry.IsModified(property))).ToList();
            var text = entry.EntityState switch
            {
                EntityState.Added => $"INSERT INTO {table} ({string.Join(", ", written.Select(property => Quoted(property.GetColumnName())))}) VALUES ({string.Join(", ", written.Select(property => Value(property, original: false)))})",
                EntityState.Modified => $"UPDATE {table} SET {string.Join(", ", written.Select(property => $"{Quoted(property.GetColumnName())} = {Value(property, original: false)}"))}{Where(type)}",
                _ => $"DELETE FROM {table}{Where(type)}",
            };
            SqliteException.ThrowExceptionForRC(raw.sqlite3_prepare_v2(_database, text, out _prepared), _database);
        }

        public static Statement Of(IUpdateEntry entry, SqliteConnection connection) => new(entry, connection);

        /// <summary>Answers how many rows were written.</summary>
        public int Run(IUpdateEntry entry)
        {
            for (var i = 0; i < _values.Count; i++)
            {
                var (property, convert, original) = _values[i];
                var value = original ? entry.GetOriginalValue(property) : entry.GetCurrentValue(property);
                Bind(i + 1, value is not null && convert is not null ? convert(value) : value);
            }

            var done = raw.sqlite3_step(_prepared);
            var written = raw.sqlite3_changes(_database);
            if (done != raw.SQLITE_DONE)
            {
                var refused = Refusal(done);
                raw.sqlite3_reset(_prepared);
                throw refused;
            }

            raw.sqlite3_reset(_prepared);
            return written;
        }

        public void Dispose() => _prepared.Dispose();

        private SqliteException Refusal(int code)
        {
            try
            {
                SqliteException.ThrowExceptionForRC(code, _database);
            }
            catch (SqliteException refused)
            {
                return refused;
            }

            return new SqliteException("The statement gave a row.", code);
        }

        /// <summary>As the provider stores it.</summary>
        private void Bind(int place, object? value)
        {
            var code = value switch
            {
                null => raw.sqlite3_bind_null(_prepared, place),
                string text => raw.sqlite3_bind_text(_prepared, place, text),
                Guid id => raw.sqlite3_bind_text(_prepared, place, id.ToString().ToUpperInvariant()),
                bool flag => raw.sqlite3_bind_int64(_prepared, place, flag ? 1 : 0),
                int number => raw.sqlite3_bind_int64(_prepared, place, number),
                long number => raw.sqlite3_bind_int64(_prepared, place, number),
                _ => throw new InvalidOperationException($"A {value.GetType().Name} is not stored this way."),
            };
            SqliteException.ThrowExceptionForRC(code, _database);
        }

        /// <summary>The key, and what must not have changed since the row was read.</summary>
        private string Where(IEntityType type) => " WHERE " + string.Join(" AND ", type.GetProperties()
            .Where(property => property.IsPrimaryKey() || property.IsConcurrencyToken)
            .Select(property => $"{Quoted(property.GetColumnName())} = {Value(property, original: true)}"));

        private string Value(IProperty property, bool original)
        {
            _values.Add((property, property.GetRelationalTypeMapping().Converter?.ConvertToProvider, original));
            return "?";
        }

        private static string Quoted(string name) => $"\"{name}\"";
    }
}
