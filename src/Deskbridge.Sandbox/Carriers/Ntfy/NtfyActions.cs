using System.Security.Cryptography;
using System.Text.Json;

namespace Deskbridge.Sandbox.Carriers.Ntfy;

/// <summary>Action buttons: the JSON form and the short form <c>view, Open, https://…; http, Close, https://…, method=PUT</c>.</summary>
internal static class NtfyActions
{
    private const int Most = 3;

    public static (IReadOnlyList<NtfyAction>? Actions, string? Problem) Parse(string text)
    {
        text = text.Trim();
        if (!text.StartsWith('[')) return ParseShort(text);
        try
        {
            return Check(JsonSerializer.Deserialize<List<NtfyAction>>(text, CarriersJson.Options) ?? []);
        }
        catch (JsonException)
        {
            return (null, "not a JSON array of actions");
        }
    }

    /// <summary>Gives every action its id and defaults, or says which rule one breaks.</summary>
    public static (IReadOnlyList<NtfyAction>? Actions, string? Problem) Check(IReadOnlyList<NtfyAction?> actions)
    {
        if (actions.Count > Most) return (null, $"only {Most} actions allowed");
        var kept = new List<NtfyAction>();
        foreach (var action in actions)
        {
            var kind = action?.Action?.ToLowerInvariant();
            if (action is null || kind is not ("view" or "http" or "broadcast" or "copy")) return (null, $"parameter 'action' cannot be '{kind}', valid values are 'view', 'broadcast', 'http' and 'copy'");
            if (string.IsNullOrEmpty(action.Label)) return (null, "parameter 'label' is required");
            if (kind is ("view" or "http") && string.IsNullOrEmpty(action.Url)) return (null, $"parameter 'url' is required for action '{kind}'");
            if (kind == "copy" && string.IsNullOrEmpty(action.Value)) return (null, "parameter 'value' is required for action 'copy'");
            var method = action.Method?.ToUpperInvariant();
            if (kind == "http" && method is ("GET" or "HEAD") && !string.IsNullOrEmpty(action.Body)) return (null, $"parameter 'body' cannot be set if method is {method}");
            kept.Add(action with { Id = NewId(10), Action = kind, Method = method });
        }
        return (kept.Count == 0 ? null : kept, null);
    }

    public static string NewId(int length) =>
        RandomNumberGenerator.GetString("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", length);

    private static (IReadOnlyList<NtfyAction>?, string?) ParseShort(string text)
    {
        var actions = new List<NtfyAction>();
        foreach (var section in Split(text, ';').Where(part => part.Trim().Length > 0))
        {
            var action = new NtfyAction();
            var position = 0;
            foreach (var field in Split(section, ','))
            {
                var (key, value) = KeyAndValue(field.Trim(), position++, action.Action);
                if (Set(action, key, value) is not { } next) return (null, key.Length == 0 ? $"term '{value}' unknown" : $"key '{key}' unknown or its value not allowed");
                action = next;
            }
            actions.Add(action);
        }
        return Check(actions);
    }

    private static (string Key, string Value) KeyAndValue(string field, int position, string? kind)
    {
        var equals = field.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0 && field.AsSpan(0, equals).TrimEnd().IndexOfAnyExcept(KeyCharacters) < 0)
            return (field[..equals].TrimEnd(), Unquoted(field[(equals + 1)..].Trim()));
        var key = position switch
        {
            0 => "action",
            1 => "label",
            2 when kind?.ToLowerInvariant() is "view" or "http" => "url",
            2 when kind?.ToLowerInvariant() is "copy" => "value",
            _ => "",
        };
        return (key, Unquoted(field));
    }

    private static readonly System.Buffers.SearchValues<char> KeyCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._");

    private static NtfyAction? Set(NtfyAction action, string key, string value)
    {
        if (key.StartsWith("headers.", StringComparison.Ordinal)) return action with { Headers = new(action.Headers ?? [], StringComparer.Ordinal) { [key[8..]] = value } };
        if (key.StartsWith("extras.", StringComparison.Ordinal)) return action with { Extras = new(action.Extras ?? [], StringComparer.Ordinal) { [key[7..]] = value } };
        return key.ToLowerInvariant() switch
        {
            "action" => action with { Action = value },
            "label" => action with { Label = value },
            "url" => action with { Url = value },
            "method" => action with { Method = value },
            "body" => action with { Body = value },
            "intent" => action with { Intent = value },
            "value" => action with { Value = value },
            "clear" when value.ToLowerInvariant() is "1" or "yes" or "true" => action with { Clear = true },
            "clear" when value.ToLowerInvariant() is "0" or "no" or "false" => action with { Clear = false },
            _ => null,
        };
    }

    // A separator inside quotes does not separate; a quote opens only at the start of a field or of its value.
    private static IEnumerable<string> Split(string text, char separator)
    {
        var start = 0;
        char? quote = null;
        var fresh = true;
        for (var at = 0; at < text.Length; at++)
        {
            var c = text[at];
            if (quote is not null) { if (c == quote && text[at - 1] != '\\') quote = null; continue; }
            if (fresh && c is ('"' or '\'')) { quote = c; continue; }
            fresh = c is ',' or ';' or '=' || (fresh && char.IsWhiteSpace(c));
            if (c != separator) continue;
            yield return text[start..at];
            start = at + 1;
        }
        yield return text[start..];
    }

    private static string Unquoted(string value) =>
        value.Length >= 2 && value[0] is ('"' or '\'') && value[^1] == value[0]
            ? value[1..^1].Replace("\\" + value[0], value[..1], StringComparison.Ordinal)
            : value;
}
