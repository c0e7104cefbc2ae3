using Deskbridge.Core.Alerting;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Sync;

namespace Deskbridge.Testing;

/// <summary>Records with everything filled in that a test does not care about.</summary>
public static class Build
{
    private static readonly RandomIds Ids = new();
    private static readonly DateTimeOffset Earlier = new(2026, 3, 2, 7, 0, 0, TimeSpan.Zero);

    public static Person Person(string name = "Mia Chen", PersonRole role = PersonRole.Responder, string? email = null, bool active = true)
    {
        var id = Ids.NewId();
        email ??= $"{name.Replace(' ', '.').ToLowerInvariant()}.{id:N}@example.test";
        return new Person { Id = id, Name = name, Email = email, EmailKey = email.ToLowerInvariant(), Role = role, Active = active, CreatedAt = Earlier };
    }

    public static Team Team(string? name = null, int repeatMinutes = 5, int maxRepeats = 0) =>
        new() { Id = Ids.NewId(), Name = name ?? $"Team {Ids.NewMarker()}", RepeatMinutes = repeatMinutes, MaxRepeats = maxRepeats };

    public static TeamMember Member(Team team, Person person) => new() { TeamId = team.Id, PersonId = person.Id };

    public static DutyPeriod Duty(Team team, Person person, DateTimeOffset? startedAt = null) =>
        new() { Id = Ids.NewId(), TeamId = team.Id, PersonId = person.Id, StartedAt = startedAt ?? Earlier };

    public static Channel Channel(Person person, ChannelKind kind = ChannelKind.Ntfy, string? address = null, string secret = "", bool enabled = true) =>
        new()
        {
            Id = Ids.NewId(),
            PersonId = person.Id,
            Kind = kind,
            Name = kind.ToString(),
            Address = address ?? (kind == ChannelKind.Email ? person.Email : $"http://127.0.0.1:9/{Ids.NewMarker()}"),
            Secret = secret,
            Enabled = enabled,
        };

    public static Connection Connection(Team? team = null, string? name = null) =>
        new()
        {
            Id = Ids.NewId(),
            Kind = "connectwise-psa",
            Name = name ?? $"Connection {Ids.NewMarker()}",
            TeamId = team?.Id,
            State = ConnectionState.Active,
            Options = "{}",
            InstanceKey = Ids.NewMarker(),
            CallbackToken = Ids.NewSecret(),
            CreatedAt = Earlier,
        };

    public static Alert Alert(Connection connection, Link? link = null, AlertStatus status = AlertStatus.Open, string title = "Server room too warm") =>
        new()
        {
            Id = Ids.NewId(),
            ConnectionId = connection.Id,
            LinkId = link?.Id,
            Generation = link?.Generation ?? 1,
            TeamId = connection.TeamId,
            Status = status,
            Title = title,
            RaisedAt = Earlier,
            ChangedAt = Earlier,
        };

    public static Ticket Ticket(Connection connection, string remoteId = "1001", string title = "Server room too warm") =>
        new() { Id = Ids.NewId(), ConnectionId = connection.Id, RemoteId = remoteId, Title = title };

    public static Link Link(Ticket ticket, int generation = 1) =>
        new()
        {
            Id = Ids.NewId(),
            ConnectionId = ticket.ConnectionId,
            Type = "ticket",
            RemoteId = ticket.RemoteId,
            TicketId = ticket.Id,
            State = LinkState.Active,
            Generation = generation,
            Base = "{}",
        };
}
