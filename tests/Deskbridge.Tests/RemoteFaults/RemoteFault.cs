using Deskbridge.Testing;
using Deskbridge.Tests.Stories;

namespace Deskbridge.Tests.RemoteFaults;

/// <summary>What the hub is at when a fault strikes.</summary>
internal enum Work
{
    /// <summary>A technician enters a ticket that matches.</summary>
    NewTicket,

    /// <summary>Dana acknowledges the alert of a ticket.</summary>
    Acknowledge,

    /// <summary>Dana adds a note.</summary>
    Note,
}

/// <summary>Where people see something. The API's answers are what the pages show.</summary>
internal enum Place
{
    /// <summary>Dana's phone.</summary>
    Phone,

    /// <summary>The alert's page: timeline, writes to the ticket, deliveries.</summary>
    Alert,

    /// <summary>The event log.</summary>
    Events,

    /// <summary>The connection's page: health and findings.</summary>
    Connection,

    /// <summary>The ticket itself.</summary>
    Ticket,
}

/// <summary>Words that must stand somewhere.</summary>
/// <param name="Place">Where.</param>
/// <param name="Words">The words; <c>{system}</c> stands for what messages call the system.</param>
/// <param name="Meaning">What they mean, where they are for programs.</param>
internal sealed record Sign(Place Place, string Words, string? Meaning = null)
{
    public string In(StoryTechnician technician) => Words.Replace("{system}", technician.System, StringComparison.Ordinal);

    public override string ToString() => $"{NameOf(Place)}: {Meaning ?? $"\"{Words.Replace("{system}", "The system", StringComparison.Ordinal)}\""}";

    private static string NameOf(Place place) => place == Place.Events ? "event log" : place.ToString().ToLowerInvariant();
}

/// <summary>One kind of fault of a remote system.</summary>
/// <param name="Fault">What goes wrong.</param>
/// <param name="Work">What the hub is at.</param>
/// <param name="Strike">Makes it go wrong.</param>
/// <param name="Signs">What people see while or after it does.</param>
/// <param name="Next">What happens next, in words.</param>
internal sealed record RemoteFault(string Fault, Work Work, Func<FaultWorld, Task> Strike, IReadOnlyList<Sign> Signs, string Next)
{
    /// <summary>What the ticket's status is in the end.</summary>
    public Func<StoryTechnician, string> EndsAs { get; init; } = technician => technician.Taken;

    /// <summary>The note is on the ticket in the end.</summary>
    public bool Arrives { get; init; } = true;

    /// <summary>Healing does not undo it: nothing else is tried in its world.</summary>
    public bool Lasts { get; init; }

    /// <summary>With whose systems it is tried.</summary>
    public IReadOnlyList<Vendor> Vendors { get; init; } = [Vendor.ConnectWise, Vendor.Autotask];

    /// <summary>Most messages on the phone: 1, but for a message whose answer was lost.</summary>
    public int MostPages { get; init; } = 1;
}
