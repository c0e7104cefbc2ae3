using System.Text.Json;
using Deskbridge.Sandbox.Carriers.Mail;
using Microsoft.AspNetCore.Http;

namespace Deskbridge.Sandbox.Carriers.Ntfy;

/// <summary>What a publisher asked for, by headers and query or by JSON, before it is judged.</summary>
internal sealed record NtfyDraft
{
    /// <summary>Longest message in bytes of UTF-8 (docs.ntfy.sh/publish, "Limitations"); a longer one would become an attachment.</summary>
    public const int LongestMessage = 4096;

    public string? Topic { get; init; }
    public string? Message { get; init; }
    public string? Title { get; init; }
    public string? Priority { get; init; }
    public IReadOnlyList<string>? Tags { get; init; }
    public string? Click { get; init; }
    public string? Icon { get; init; }
    public string? Attach { get; init; }
    public string? Filename { get; init; }
    public string? Email { get; init; }
    public string? Call { get; init; }
    public string? Delay { get; init; }
    public bool Markdown { get; init; }
    public bool Cache { get; init; } = true;
    public IReadOnlyList<NtfyAction>? Actions { get; init; }

    /// <summary>Header names in any case win over query names, which must be lower case; of aliases the first that is set.</summary>
    public static (NtfyDraft? Draft, NtfyError? Refusal) FromHeaders(string topic, HttpRequest request, byte[] body)
    {
        if (!NtfyText.TryUtf8(body, out var text)) return (null, body.Length > LongestMessage ? NtfyError.AttachmentsDisallowed : NtfyError.NotUtf8);
        var actions = Read("x-actions", "actions", "action");
        var (parsed, problem) = actions is null ? (null, null) : NtfyActions.Parse(actions);
        if (problem is not null) return (null, NtfyError.ActionsInvalid.Because(problem));
        return (new NtfyDraft
        {
            Topic = topic,
            Message = body.Length > 0 ? text : Decoded(Read("x-message", "message", "m"))?.Replace("\\n", "\n", StringComparison.Ordinal),
            Title = Decoded(Read("x-title", "title", "t")),
            Priority = Read("x-priority", "priority", "prio", "p"),
            Tags = Read("x-tags", "tags", "tag", "ta")?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(EncodedWords.Decode).ToList(),
            Click = Read("x-click", "click"),
            Icon = Read("x-icon", "icon"),
            Attach = Read("x-attach", "attach", "a"),
            Filename = Read("x-filename", "filename", "file", "f"),
            Email = Read("x-email", "x-e-mail", "email", "e-mail", "mail", "e"),
            Call = Read("x-call", "call"),
            Delay = Read("x-delay", "delay", "x-at", "at", "x-in", "in"),
            Markdown = IsYes(Read("x-markdown", "markdown", "md")) || request.ContentType?.StartsWith("text/markdown", StringComparison.OrdinalIgnoreCase) == true,
            Cache = Read("x-cache", "cache") is not { } cache || IsYes(cache),
            Actions = parsed,
        }, null);

        string? Read(params string[] names) =>
            names.Select(name => request.Headers[name].ToString().Trim()).FirstOrDefault(value => value.Length > 0)
            ?? names.Select(name => request.Query.FirstOrDefault(pair => pair.Key == name).Value.ToString().Trim()).FirstOrDefault(value => value.Length > 0);
    }

    public static (NtfyDraft? Draft, NtfyError? Refusal) FromJson(byte[] body)
    {
        if (body.Length > 2 * LongestMessage) return (null, NtfyError.JsonTooLarge);
        try
        {
            if (JsonSerializer.Deserialize<Wire>(body, CarriersJson.Options) is not { } wire) return (null, NtfyError.JsonInvalid);
            var (actions, problem) = wire.Actions is null ? (null, null) : NtfyActions.Check(wire.Actions);
            if (problem is not null) return (null, NtfyError.ActionsInvalid.Because(problem));
            return (new NtfyDraft
            {
                Topic = wire.Topic,
                Message = wire.Message,
                Title = wire.Title,
                Tags = wire.Tags,
                Click = wire.Click,
                Icon = wire.Icon,
                Attach = wire.Attach,
                Filename = wire.Filename,
                Email = wire.Email,
                Call = wire.Call,
                Delay = wire.Delay,
                Markdown = wire.Markdown,
                Priority = wire.Priority is null or 0 ? null : wire.Priority.Value.ToString(System.Globalization.CultureInfo.InvariantCulture),
                Cache = wire.Cache is not { } cache || IsYes(cache),
                Actions = actions,
            }, null);
        }
        catch (JsonException)
        {
            return (null, NtfyError.JsonInvalid);
        }
    }

    private static string? Decoded(string? text) => text is null ? null : EncodedWords.Decode(text);

    private static bool IsYes(string? text) => text?.ToLowerInvariant() is "1" or "yes" or "true";

    private sealed record Wire(
        string? Topic, string? Message, string? Title, int? Priority, List<string>? Tags, string? Click, string? Icon, string? Attach,
        string? Filename, string? Email, string? Call, string? Delay, bool Markdown, string? Cache, List<NtfyAction>? Actions);
}
