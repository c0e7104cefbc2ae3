using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Deskbridge.Connectors.Autotask.Filters;

namespace Deskbridge.Connectors.Autotask;

/// <summary>The names of companies and resources that a filter means by their ids, each looked up once in half an hour.</summary>
internal sealed class ReferenceNames(AutotaskClient client, TimeProvider clock)
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(30);

    private readonly ConcurrentDictionary<(string List, long Id), (string Name, DateTimeOffset At)> _known = new();

    /// <summary>Looks up what a filter names; no call where all of it is known.</summary>
    public async Task LearnAsync(string filter, CancellationToken cancel)
    {
        if (FilterText.Read(filter, out _) is not { } read) return;
        var now = clock.GetUtcNow();
        var wanted = new HashSet<(string List, long Id)>();
        foreach (var clause in read.Clauses().Where(clause => !clause.Own))
        {
            if (FilterVocabulary.ListOf(clause.Field) is not { } list) continue;
            foreach (var id in clause.Values.Select(IdOf).OfType<long>())
            {
                if (!_known.TryGetValue((list, id), out var known) || now - known.At >= KeptFor) wanted.Add((list, id));
            }
        }

        foreach (var list in wanted.GroupBy(one => one.List, one => one.Id, StringComparer.Ordinal))
        {
            var (entity, columns) = list.Key == FilterVocabulary.Companies ? ("Companies", new[] { "id", "companyName" }) : ("Resources", new[] { "id", "firstName", "lastName" });
            foreach (var batch in list.Chunk(AutotaskQuery.LargestList))
            {
                var rows = await client.ListAsync(entity, new AutotaskQuery([AutotaskQuery.In("id", batch)], columns), row => (Id: AutotaskMap.Id(row), Name: AutotaskMap.NameOf(row)), cancel);
                foreach (var id in batch) _known[(list.Key, id)] = (rows.FirstOrDefault(row => row.Id == id).Name ?? id.ToString(CultureInfo.InvariantCulture), now);
            }
        }
    }

    /// <summary>The name of the record that a field means; null where the field means none or it was not looked up.</summary>
    public string? Find(string field, long id) => FilterVocabulary.ListOf(field) is { } list && _known.TryGetValue((list, id), out var known) ? known.Name : null;

    private static long? IdOf(JsonElement value) => AutotaskMap.WholeNumber(value.ValueKind == JsonValueKind.String ? JsonTexts.Of(value) : value.GetRawText());
}
