using Deskbridge.Connectors;
using Deskbridge.Core.Common;

namespace Deskbridge.Testing;

/// <summary>A ticket as the fake PSA keeps it.</summary>
public sealed record FakeTicket
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    /// <summary>One of the statuses of <see cref="FakePsa.Statuses"/>, by id.</summary>
    public required string StatusId { get; init; }

    public string BoardId { get; init; } = FakePsa.Board;

    public string? OwnerId { get; init; }

    public string? PriorityId { get; init; }

    public string? TeamId { get; init; }

    public string Company { get; init; } = "Fabrikam";

    public bool? Retrieved { get; init; }

    public string? MarkerStatus { get; init; }

    public string? MarkerUser { get; init; }

    /// <summary>A custom field that is none of ours.</summary>
    public string? Colour { get; init; }

    /// <summary>Markers that a reader finds no field for, by neutral name; null when there are none.</summary>
    public IReadOnlyList<string>? Missing { get; init; }

    public required DateTimeOffset EnteredAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public string UpdatedBy { get; init; } = "technician";

    /// <summary>What a connector makes of it; the body is this record.</summary>
    public RemoteTicket ToRemote()
    {
        var status = FakePsa.Statuses.First(known => known.Id == StatusId);
        return new RemoteTicket
        {
            Id = Id,
            Title = Title,
            UpdatedAt = UpdatedAt,
            EnteredAt = EnteredAt,
            UpdatedBy = UpdatedBy,
            Closed = status.Closed,
            Status = new RemoteRef(status.Id, status.Name),
            Board = new RemoteRef(BoardId, BoardId == FakePsa.Board ? "Service" : $"Board {BoardId}"),
            Priority = PriorityId is { } priority ? new RemoteRef(priority, $"Priority {priority}") : null,
            Owner = OwnerId is { } owner ? new RemoteRef(owner, $"Member {owner}") : null,
            Team = TeamId is { } team ? new RemoteRef(team, $"Team {team}") : null,
            Company = new RemoteRef("1", Company),
            MarkerRetrieved = Retrieved,
            MarkerStatus = MarkerStatus,
            MarkerUser = MarkerUser,
            MissingMarkers = Missing ?? [],
            CustomFields =
            [
                new("1", "Retrieved", Json.Write(Retrieved)), new("2", "Status", Json.Write(MarkerStatus)), new("3", "User", Json.Write(MarkerUser)), new("4", "Colour", Json.Write(Colour)),
            ],
            Body = Json.Write(this),
        };
    }

    /// <summary>This ticket with one neutral field set.</summary>
    public FakeTicket With(string field, string? value) => field switch
    {
        TicketFields.Status => this with { StatusId = value ?? throw new ConnectorRejectedException("A ticket needs a status.", TicketFields.Status) },
        TicketFields.Owner => this with { OwnerId = value },
        TicketFields.Priority => this with { PriorityId = value },
        TicketFields.Team => this with { TeamId = value },
        TicketFields.Board => this with { BoardId = value! },
        TicketFields.MarkerRetrieved => this with { Retrieved = value is null ? null : value == "true" },
        TicketFields.MarkerStatus => this with { MarkerStatus = value },
        TicketFields.MarkerUser => this with { MarkerUser = value },
        _ => throw new ConnectorRejectedException($"The field {field} cannot be written.", field),
    };
}

/// <summary>One rule event of the fake PSA: a named condition with a delegate behind it.</summary>
/// <param name="Id">Event id.</param>
/// <param name="Kind">What it makes the hub do.</param>
/// <param name="Condition">Its text; the key by which stored rules find the delegate.</param>
/// <param name="Holds">The ticket part.</param>
/// <param name="ChangesAt">When time alone could change it.</param>
public sealed record FakeRule(
    string Id,
    InboundEventKind Kind,
    string Condition,
    Func<RemoteTicket, DateTimeOffset, bool> Holds,
    Func<RemoteTicket, DateTimeOffset, DateTimeOffset?>? ChangesAt = null);
