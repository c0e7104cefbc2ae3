using System.Text;

namespace Deskbridge.Sandbox.Carriers.Ntfy;

/// <summary>Turns a draft into the message that is kept, or into ntfy's refusal.</summary>
internal static class NtfyComposer
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(12);
    private static readonly TimeSpan ShortestDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(3);

    public static (NtfyMessage? Message, NtfyError? Refusal) Compose(NtfyDraft draft, DateTimeOffset now)
    {
        if (draft.Topic is not { } topic || !NtfyText.IsTopic(topic)) return (null, NtfyError.TopicInvalid);
        if (NtfyText.IsReserved(topic)) return (null, NtfyError.TopicDisallowed);
        if (Unsupported(draft) is { } unsupported) return (null, unsupported);
        if (NtfyText.Priority(draft.Priority) is not { } priority) return (null, NtfyError.PriorityInvalid);
        var (due, refusal) = Due(draft, now);
        if (refusal is not null) return (null, refusal);

        var text = draft.Message?.Trim();
        return (new NtfyMessage
        {
            Id = NtfyActions.NewId(12),
            Time = due.ToUnixTimeSeconds(),
            Expires = draft.Cache ? (due + KeptFor).ToUnixTimeSeconds() : null,
            Kind = "message",
            Topic = topic,
            Title = NullIfEmpty(draft.Title),
            Message = text is { Length: > 0 } ? text : draft.Attach is null ? "triggered" : "You received a file: " + AttachmentName(draft),
            Priority = priority == 0 ? null : priority,
            Tags = draft.Tags is { Count: > 0 } tags ? tags : null,
            Click = NullIfEmpty(draft.Click),
            Icon = NullIfEmpty(draft.Icon),
            Actions = draft.Actions,
            Attachment = NullIfEmpty(draft.Attach) is { } url ? new NtfyAttachment(AttachmentName(draft), url) : null,
            ContentType = draft.Markdown ? "text/markdown" : null,
        }, null);
    }

    // What the real server offers only when it is set up for it answers as one that is not.
    private static NtfyError? Unsupported(NtfyDraft draft)
    {
        if (!string.IsNullOrEmpty(draft.Email)) return NtfyError.EmailDisabled;
        if (!string.IsNullOrEmpty(draft.Call)) return NtfyError.CallsDisabled;
        if (!string.IsNullOrEmpty(draft.Attach) && !IsWebAddress(draft.Attach)) return NtfyError.AttachmentUrlInvalid;
        if (!string.IsNullOrEmpty(draft.Icon) && !IsWebAddress(draft.Icon)) return NtfyError.IconUrlInvalid;
        var isFile = !string.IsNullOrEmpty(draft.Filename) && string.IsNullOrEmpty(draft.Attach);
        return isFile || Encoding.UTF8.GetByteCount(draft.Message ?? "") > NtfyDraft.LongestMessage ? NtfyError.AttachmentsDisallowed : null;
    }

    private static (DateTimeOffset Due, NtfyError? Refusal) Due(NtfyDraft draft, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(draft.Delay)) return (now, null);
        if (!draft.Cache) return (now, NtfyError.DelayNoCache);
        var due = NtfyText.UnixTime(draft.Delay) ?? (NtfyText.Duration(draft.Delay) is { } delay ? now + delay : null);
        return due switch
        {
            null => (now, NtfyError.DelayUnreadable),
            { } soon when soon < now + ShortestDelay => (now, NtfyError.DelayTooSmall),
            { } late when late > now + LongestDelay => (now, NtfyError.DelayTooLarge),
            { } moment => (moment, null),
        };
    }

    private static string AttachmentName(NtfyDraft draft)
    {
        if (!string.IsNullOrEmpty(draft.Filename)) return draft.Filename;
        var name = Uri.TryCreate(draft.Attach, UriKind.Absolute, out var url) ? Path.GetFileName(url.AbsolutePath) : "";
        return name.Length > 0 ? name : "attachment";
    }

    private static bool IsWebAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is ("http" or "https");

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
