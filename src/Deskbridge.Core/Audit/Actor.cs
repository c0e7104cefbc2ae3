using Deskbridge.Core.Directory;

namespace Deskbridge.Core.Audit;

/// <summary>Who does what is being done. It follows the work wherever it is awaited, and into what the work starts in the background.</summary>
/// <param name="Kind">What kind of doer.</param>
/// <param name="PersonId">The person behind it; null when there is none.</param>
/// <param name="Name">The person's name, or what the doer is called.</param>
/// <param name="Via">The API token that was used, or the command; empty otherwise.</param>
/// <param name="Address">Network address of the caller; empty when there is none.</param>
internal sealed record Actor(ActorKind Kind, Guid? PersonId, string Name, string Via = "", string Address = "")
{
    private static readonly AsyncLocal<Actor?> Ambient = new();

    /// <summary>The hub itself: engine, timers, migrations.</summary>
    public static Actor System { get; } = new(ActorKind.System, null, "Deskbridge");

    /// <summary>Whoever the present work is done for; the hub itself when nobody said so.</summary>
    public static Actor Current => Ambient.Value ?? System;

    /// <summary>A command on the machine of the hub.</summary>
    public static Actor CommandLine(string command) => new(ActorKind.CommandLine, null, Environment.UserName, command);

    /// <summary>Somebody who has not signed in.</summary>
    public static Actor Stranger(string address) => new(ActorKind.Stranger, null, "Not signed in", "", address);

    /// <summary>From here on the present work is this one's.</summary>
    public static void Set(Actor actor) => Ambient.Value = actor;

    /// <summary>The same caller, known to be this person by now.</summary>
    public Actor As(Person person) => this with { Kind = ActorKind.Person, PersonId = person.Id, Name = person.Name };
}

/// <summary>What kind of doer.</summary>
public enum ActorKind
{
    /// <summary>A person in a browser.</summary>
    Person,

    /// <summary>A program with a person's API token.</summary>
    Token,

    /// <summary>A command on the hub's machine.</summary>
    CommandLine,

    /// <summary>The hub itself.</summary>
    System,

    /// <summary>Somebody not signed in.</summary>
    Stranger,
}
