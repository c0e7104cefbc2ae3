using Microsoft.AspNetCore.Http;

namespace Deskbridge.Sandbox.Carriers.Ntfy;

/// <summary>What a subscriber asked for: topics, from when on, and filters (docs.ntfy.sh/subscribe/api).</summary>
internal sealed record NtfySubscription(
    IReadOnlyList<string> Topics, bool Poll, bool Scheduled, string Since, DateTimeOffset? SinceTime, IReadOnlyDictionary<string, string> Filters)
{
    public static (NtfySubscription? Subscription, NtfyError? Refusal) Read(string topics, HttpRequest request, DateTimeOffset now)
    {
        var names = topics.Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (names.Length == 0 || !names.All(NtfyText.IsTopic)) return (null, NtfyError.NotFound);
        if (names.Any(NtfyText.IsReserved)) return (null, NtfyError.TopicDisallowed);

        var poll = IsYes(Value("x-poll", "poll", "po"));
        var since = Value("x-since", "since", "si") ?? (poll ? "all" : "none");
        DateTimeOffset? time = null;
        if (since is not ("all" or "none" or "latest") && !IsMessageId(since))
        {
            time = NtfyText.UnixTime(since) ?? (NtfyText.Duration(since) is { } age ? now - age : null);
            if (time is null) return (null, NtfyError.SinceInvalid);
        }

        var filters = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in new[] { ("id", Value("x-id", "id")), ("message", Value("x-message", "message", "m")), ("title", Value("x-title", "title", "t")), ("priority", Value("x-priority", "priority", "prio", "p")), ("tags", Value("x-tags", "tags", "tag", "ta")) })
        {
            if (value is not null) filters[name] = value;
        }
        if (filters.TryGetValue("priority", out var priorities) && priorities.Split(',').Any(one => NtfyText.Priority(one) is null)) return (null, NtfyError.PriorityInvalid);
        return (new NtfySubscription(names, poll, IsYes(Value("x-scheduled", "scheduled", "sched")), since, time, filters), null);

        string? Value(params string[] keys) =>
            keys.Select(key => request.Headers[key].ToString().Trim()).FirstOrDefault(value => value.Length > 0)
            ?? keys.Select(key => request.Query[key].ToString().Trim()).FirstOrDefault(value => value.Length > 0);
    }

    /// <summary>The kept messages that <c>since</c> asks for, oldest first.</summary>
    public IEnumerable<NtfyMessage> Old(IReadOnlyList<Logged<StoredNtfy>> log, DateTimeOffset now)
    {
        if (Since == "none") return [];
        var kept = log.Select(logged => logged.Entry)
            .Where(entry => entry.Cached && Topics.Contains(entry.Message.Topic, StringComparer.Ordinal))
            .Select(entry => entry.Message)
            .Where(message => message.Expires > now.ToUnixTimeSeconds())
            .Where(message => Scheduled || message.Time <= now.ToUnixTimeSeconds())
            .ToList();
        var wanted = Since switch
        {
            "all" => kept,
            "latest" => kept.TakeLast(1),
            _ when SinceTime is { } time => kept.Where(message => message.Time >= time.ToUnixTimeSeconds()),
            _ => kept.Skip(kept.FindIndex(message => message.Id == Since) + 1),      // an unknown id gives all, as the real server does
        };
        return wanted.Where(Passes);
    }

    public bool Wants(StoredNtfy entry) => Topics.Contains(entry.Message.Topic, StringComparer.Ordinal) && Passes(entry.Message);

    private bool Passes(NtfyMessage message) => Filters.All(filter => filter.Key switch
    {
        "id" => message.Id == filter.Value,
        "message" => message.Message == filter.Value,
        "title" => message.Title == filter.Value,
        "priority" => filter.Value.Split(',').Any(one => (NtfyText.Priority(one) is 0 or null ? 3 : NtfyText.Priority(one)) == (message.Priority ?? 3)),
        _ => filter.Value.Split(',').All(tag => message.Tags?.Contains(tag.Trim(), StringComparer.Ordinal) == true),
    });

    private static bool IsMessageId(string text) => text.Length == 12 && text.All(char.IsAsciiLetterOrDigit);

    private static bool IsYes(string? text) => text?.ToLowerInvariant() is "1" or "yes" or "true";
}
