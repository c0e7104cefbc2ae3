using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.Autotask.Records;
using Deskbridge.Sandbox.Autotask.Rules;
using Deskbridge.Sandbox.Autotask.Schema;
using Json = Deskbridge.Sandbox.ConnectWisePsa.Records.Json;

namespace Deskbridge.Sandbox.Autotask.Query;

/// <summary>The body of a query, or the value of <c>search</c>: how many, which fields, which records.</summary>
internal sealed class QueryRequest
{
    public const int MostRecords = 500;

    public QueryRequest(Entity entity, JsonNode? body, IReadOnlyList<Record> definitions, bool createDateByDay)
    {
        Filter = new FilterReader(entity, definitions, createDateByDay).Read(Json.Child(body, "filter"));
        MaxRecords = Size(Json.Child(body, "MaxRecords"));
        IncludeFields = Json.Child(body, "IncludeFields") is JsonArray { Count: > 0 } names ? names.Select(n => Named(entity, Json.Text(n) ?? "", definitions)).ToHashSet(StringComparer.Ordinal) : null;
    }

    public Func<Record, bool> Filter { get; }

    public int MaxRecords { get; }

    /// <summary>The only fields that come back; a user-defined field stands with its # and number. Null for all.</summary>
    public IReadOnlySet<string>? IncludeFields { get; }

    private static int Size(JsonNode? node) => node is null ? MostRecords
        : Json.Int(node) is { } count and >= 1 and <= MostRecords ? count
        : throw new Refusal(500, "maxCountOfRecordsToReturn must be between 1 and 500");

    private static string Named(Entity entity, string name, IReadOnlyList<Record> definitions) =>
        entity.Find(name) is { } field ? field.Name
        : Udfs.Find(definitions, entity, name) is { } definition ? Record.Udf(definition.Id)
        : throw Refusal.UnknownField(name, entity.Singular);
}

/// <summary>Where a page starts: before or behind an id. The address says no more, so a POST repeats its body (reference 2.2).</summary>
internal sealed record PageToken(int Size, long? Before, long? After)
{
    public static PageToken Read(string text)
    {
        try
        {
            var token = JsonNode.Parse(text);
            long? Last(string name) => (Json.Child(token, name) as JsonArray)?.Select(n => (long?)n).LastOrDefault();
            return new PageToken(Json.Int(Json.Child(token, "pageSize")) ?? QueryRequest.MostRecords, Last("previousIds"), Last("nextIds"));
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or FormatException)
        {
            throw new Refusal(400, "The paging token is not valid.");
        }
    }

    public static string Write(int size, long first, long last) =>
        string.Create(CultureInfo.InvariantCulture, $"{{\"pageSize\":{size},\"previousIds\":[{first}],\"nextIds\":[{last}]}}");
}
