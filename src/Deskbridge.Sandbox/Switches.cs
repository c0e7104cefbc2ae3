using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deskbridge.Sandbox;

/// <summary>What the vendor leaves unclear, and what a test wants otherwise. Read and set at <c>/_control/switches</c>.</summary>
internal sealed record Switches
{
    private const double LongestSeconds = 315_360_000;

    /// <summary>A partial customFields array wipes the fields it leaves out (documented) instead of keeping them (recorded).</summary>
    public bool PartialCustomFieldsWipe { get; init; }

    /// <summary>A PATCH without a customFields entry answers 400 on records that have custom fields.</summary>
    public bool PatchNeedsCustomFields { get; init; }

    /// <summary>companyinfo answers in the cloud form instead of the on-premises form.</summary>
    public bool CloudCompanyInfo { get; init; }

    public bool PlainHttpLoopbackCallbacks { get; init; }

    /// <summary>Requests a minute before 429; 0 for no limit.</summary>
    public int RateLimitPerMinute { get; init; }

    /// <summary>Lists show records as they were so many seconds ago.</summary>
    public double ListLagSeconds { get; init; }

    /// <summary>Reads of one record show it as it was so many seconds ago.</summary>
    public double GetLagSeconds { get; init; }

    public double ClockSkewSeconds { get; init; }

    /// <summary>The release reported, as <c>2025.1</c>.</summary>
    public string Version { get; init; } = "2025.1";

    /// <summary>Endpoints that the API member may not use: <c>GET /system/members</c>, <c>* /schedule</c>; the path is a prefix.</summary>
    public IReadOnlyList<string> Forbidden { get; init; } = [];

    /// <summary>Refuses numbers with which the sandbox would answer no more.</summary>
    /// <exception cref="JsonException">A number with which nothing could be answered any more.</exception>
    public Switches Checked() =>
        Math.Abs(ClockSkewSeconds) > LongestSeconds || ListLagSeconds is < 0 or > LongestSeconds || GetLagSeconds is < 0 or > LongestSeconds || RateLimitPerMinute < 0 || Forbidden is null
            ? throw new JsonException($"The clock moves by at most {LongestSeconds} seconds, readers lag by 0 to {LongestSeconds}; rateLimitPerMinute goes from 0, and forbidden is a list.")
            : this;
}

/// <summary>The switches in force.</summary>
internal sealed class Settings(Switches start)
{
    private volatile Switches _current = start;

    public Switches Current
    {
        get => _current;
        set => _current = value;
    }

    /// <summary>Takes the switches back from a line of the journal.</summary>
    public void Replay(JsonObject line)
    {
        if (line["switches"] is { } kept) Current = kept.Deserialize<Switches>(JsonSerializerOptions.Web)!;
    }
}
