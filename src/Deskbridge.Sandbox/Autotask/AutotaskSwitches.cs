using System.Text.Json;
using System.Text.Json.Nodes;

namespace Deskbridge.Sandbox.Autotask;

/// <summary>What the API user may do with an entity: 0 nothing, 1 all, 2 restricted (which the sandbox treats as all).</summary>
internal sealed record Access
{
    public int Create { get; init; } = 1;

    public int Query { get; init; } = 1;

    public int Update { get; init; } = 1;

    public int Delete { get; init; } = 1;
}

/// <summary>What the vendor leaves unclear, and what a test wants otherwise. Read and set at <c>/_control/autotask/switches</c>.</summary>
internal sealed record AutotaskSwitches
{
    /// <summary>Requests in 60 minutes, all integrations together, before 429.</summary>
    public int Threshold { get; init; } = 10_000;

    /// <summary>Requests of other integrations in the last 60 minutes, which count as well.</summary>
    public int OtherRequests { get; init; }

    /// <summary>From half of the threshold each call takes half a second longer, from three quarters a whole one.</summary>
    public bool LatencyTiers { get; init; }

    /// <summary>Calls at a time for each integration and object; 0 for no limit.</summary>
    public int ThreadLimit { get; init; } = 3;

    /// <summary>Retry-After of a 429 in seconds; 0 leaves the header out.</summary>
    public int RetryAfterSeconds { get; init; }

    /// <summary>The API user is locked: every call answers 401.</summary>
    public bool Locked { get; init; }

    /// <summary>Wrong sign-ins in a row that lock the API user; 0 for never.</summary>
    public int LockAfterFailures { get; init; }

    /// <summary>The text that a 401 has for a body.</summary>
    public string UnauthorizedText { get; init; } = "";

    /// <summary>The zone's first path segment; when it is set, any other address answers 401 until the zone is looked up anew.</summary>
    public string Zone { get; init; } = "";

    /// <summary>The zone lookup answers 404, as one integrator saw it.</summary>
    public bool NoZoneLookup { get; init; }

    public bool MayImpersonate { get; init; } = true;

    public bool MayCreateWebhooks { get; init; } = true;

    /// <summary>A read of a record that does not exist answers 404 instead of an empty item.</summary>
    public bool MissingIs404 { get; init; }

    /// <summary>Times end in Z.</summary>
    public bool DateDesignator { get; init; } = true;

    /// <summary>Filters on a ticket's createDate compare days only.</summary>
    public bool CreateDateByDay { get; init; }

    /// <summary>Characters that Windows-1252 lacks are stored as question marks.</summary>
    public bool Windows1252 { get; init; }

    /// <summary>A change of user-defined fields alone moves lastTrackedModificationDateTime.</summary>
    public bool UdfEditsAreTracked { get; init; }

    /// <summary>Guid of a webhook's payload names the event, not the webhook.</summary>
    public bool EventGuids { get; init; }

    /// <summary>Values in a webhook's payload are texts.</summary>
    public bool TextValues { get; init; }

    /// <summary>The payload spells PersonId instead of PersonID.</summary>
    public bool PersonId { get; init; }

    /// <summary>The API user's rights by collection, where they are not all.</summary>
    public IReadOnlyDictionary<string, Access> Rights { get; init; } = new Dictionary<string, Access>();

    public Access On(string entity) => Rights.FirstOrDefault(r => r.Key.Equals(entity, StringComparison.OrdinalIgnoreCase)).Value ?? new Access();

    /// <summary>Refuses what makes no sense.</summary>
    /// <exception cref="JsonException">A number below zero, or a zone that is no word.</exception>
    public AutotaskSwitches Checked() =>
        Threshold < 0 || OtherRequests < 0 || ThreadLimit < 0 || RetryAfterSeconds < 0 || LockAfterFailures < 0 || Rights is null || UnauthorizedText is null
        || Zone is null || !Zone.All(char.IsAsciiLetterOrDigit) || Rights.Any(r => r.Value is null || Schema.Entities.Find(r.Key) is not { IsInternal: false })
            ? throw new JsonException("Numbers go from 0, zone is a word of letters and digits, and rights are given by collection, such as { \"Tickets\": { \"create\": 0 } }.")
            : this;
}

/// <summary>The switches in force.</summary>
internal sealed class AutotaskSettings
{
    private volatile AutotaskSwitches _current = new();

    public AutotaskSwitches Current
    {
        get => _current;
        set => _current = value;
    }

    /// <summary>Takes the switches back from a line of the journal.</summary>
    public void Replay(JsonObject line)
    {
        if (line["switches"] is { } kept) Current = kept.Deserialize<AutotaskSwitches>(JsonSerializerOptions.Web)!;
    }
}
