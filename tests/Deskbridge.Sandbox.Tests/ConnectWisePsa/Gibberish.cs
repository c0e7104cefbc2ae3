using System.Globalization;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa;

/// <summary>Random conditions, patches and bodies out of the words of the language, by a seed.</summary>
internal sealed class Gibberish(int seed)
{
    private static readonly string[] Words =
    [
        "id", "summary", "status", "status/name", "status/id", "board/id", "company/identifier", "lastUpdated", "_info", "_info/lastUpdated", "customFields", "customFields/0/value",
        "owner", "priority/sort", "closedFlag", "contactPhoneNumber", "", "/", "//", "resources/0", "constructor", "ид", "😀", "a b", "-",
    ];

    private static readonly string[] Signs = ["=", "!=", "<", "<=", ">", ">=", "<>", " in ", " not in ", " like ", " contains ", " ", "(", ")", ",", " and ", " or ", " not "];

    private static readonly string[] Values =
    [
        "1", "-1", "0", "1e30", "1e400", "99999999999999999999", "null", "true", "\"text\"", "'it''s'", "\"", "'", "[2026-01-01T00:00:00Z]", "[x]", "[", "(1,2)", "(null)", "()", "*", "\"%[a-]%\"", "ÿ",
    ];

    private static readonly string[] Scalars = ["1", "-1", "1e400", "0.5", "null", "true", "\"\"", "\"x\"", "\"2026-01-01T00:00:00Z\"", "\"9999-12-31T23:59:59-14:00\"", "\"\\ud83d\\ude00\"", "99999999999"];

    private static readonly string[] Members = ["id", "summary", "board", "company", "status", "owner", "customFields", "_info", "initialDescription", "contact", "resources", "closedFlag", "name", "identifier", "value", "unknown"];

#pragma warning disable CA5394 // what fails must be repeatable by its seed
    private readonly Random _random = new(seed);

    public string Word() => Of(Words);

    public string Conditions() => string.Concat(Enumerable.Range(0, _random.Next(1, 8)).Select(_ => $"{Of(Words)}{Of(Signs)}{Of(Values)}{(_random.Next(2) == 0 ? Of(Signs) : " and ")}"));

    public string Patch() => $"[{string.Join(',', Enumerable.Range(0, _random.Next(1, 4)).Select(_ => $"{{\"op\":\"{Of(["add", "replace", "remove", "test"])}\",\"path\":\"{Of(Words)}\",\"value\":{Json(1)}}}"))}]";

    public string Json(int depth) => (depth == 0 ? 0 : _random.Next(depth > 4 ? 3 : 5)) switch
    {
        0 when depth == 0 => Object(depth),
        0 or 1 or 2 => Of(Scalars),
        3 => $"[{string.Join(',', Enumerable.Range(0, _random.Next(4)).Select(_ => Json(depth + 1)))}]",
        _ => Object(depth),
    };

    private string Object(int depth) => $"{{{string.Join(',', Enumerable.Range(0, _random.Next(5)).Select(i => $"\"{(_random.Next(8) == 0 ? i.ToString(CultureInfo.InvariantCulture) : Of(Members))}\":{Json(depth + 1)}"))}}}";

    private string Of(string[] choices) => choices[_random.Next(choices.Length)];
#pragma warning restore CA5394
}
