using System.Text.Json.Serialization;

namespace Deskbridge.Sandbox.Carriers.Ntfy;

/// <summary>A message as ntfy's clients receive it (docs.ntfy.sh/subscribe/api, "JSON message format"). Times are Unix seconds.</summary>
internal sealed record NtfyMessage
{
    public required string Id { get; init; }
    public required long Time { get; init; }
    public long? Expires { get; init; }
    [JsonPropertyName("event")] public required string Kind { get; init; }
    public required string Topic { get; init; }
    public string? Title { get; init; }
    public string? Message { get; init; }
    public int? Priority { get; init; }
    public IReadOnlyList<string>? Tags { get; init; }
    public string? Click { get; init; }
    public string? Icon { get; init; }
    public IReadOnlyList<NtfyAction>? Actions { get; init; }
    public NtfyAttachment? Attachment { get; init; }
    [JsonPropertyName("content_type")] public string? ContentType { get; init; }
}

internal sealed record NtfyAttachment(string Name, string Url);

/// <summary>A button under a message (docs.ntfy.sh/publish, "Action buttons").</summary>
internal sealed record NtfyAction
{
    public string? Id { get; init; }
    public string? Action { get; init; }
    public string? Label { get; init; }
    public bool Clear { get; init; }
    public string? Url { get; init; }
    public string? Method { get; init; }
    public Dictionary<string, string>? Headers { get; init; }
    public string? Body { get; init; }
    public string? Intent { get; init; }
    public Dictionary<string, string>? Extras { get; init; }
    public string? Value { get; init; }
}

/// <summary>A published message in the log. Not <see cref="Cached"/> ones (header <c>Cache: no</c>) reach streams only.</summary>
internal sealed record StoredNtfy(DateTimeOffset At, bool Cached, NtfyMessage Message);
