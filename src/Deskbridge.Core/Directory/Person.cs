namespace Deskbridge.Core.Directory;

/// <summary>A user of the hub. How they sign in is the host's business.</summary>
public sealed class Person
{
    /// <summary>Id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Display name.</summary>
    public required string Name { get; set; }

    /// <summary>Email as entered; people are matched to remote members by it, without regard to case.</summary>
    public required string Email { get; set; }

    /// <summary>Email in lower case; unique.</summary>
    public required string EmailKey { get; set; }

    /// <summary>What they may do.</summary>
    public PersonRole Role { get; set; } = PersonRole.Responder;

    /// <summary>IANA time zone, for the times they see.</summary>
    public string TimeZone { get; set; } = "Etc/UTC";

    /// <summary>May sign in and be paged.</summary>
    public bool Active { get; set; } = true;

    /// <summary>When they were added.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>What a person may do. Analyst and ChangeManager come with their modules.</summary>
public enum PersonRole
{
    /// <summary>Sees, changes nothing.</summary>
    Viewer,

    /// <summary>Works alerts, punches in and out.</summary>
    Responder,

    /// <summary>Also manages teams, duty of others and clears conflicts.</summary>
    Dispatcher,

    /// <summary>Everything.</summary>
    Admin,
}
