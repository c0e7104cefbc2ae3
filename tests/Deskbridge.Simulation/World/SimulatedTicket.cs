using Deskbridge.Connectors;
using Deskbridge.Core.Common;

namespace Deskbridge.Simulation.World;

/// <summary>A ticket as the simulated PSA keeps it. The body that connectors read is this record with the names of the moment.</summary>
internal sealed record SimulatedTicket
{
    public required string Id { get; init; }

    public required string Title { get; init; }

    public required string BoardId { get; init; }

    public required string StatusId { get; init; }

    public string StatusName { get; init; } = "";

    public bool Closed { get; init; }

    public string? OwnerId { get; init; }

    public bool? Retrieved { get; init; }

    public string? MarkerStatus { get; init; }

    public string? MarkerUser { get; init; }

    /// <summary>A custom field that is none of ours: a partial array may wipe it.</summary>
    public string? Colour { get; init; }

    public required DateTimeOffset EnteredAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public string UpdatedBy { get; init; } = "";

    /// <summary>Marker fields that an administrator deleted, with commas; null when all are there.</summary>
    public string? MissingFields { get; init; }

    public bool Deleted { get; init; }

    /// <summary>False for a vendor whose tickets have no marker fields.</summary>
    public bool CarriesMarkers { get; init; } = true;

    public string? this[string field] => field switch
    {
        TicketFields.Status => StatusId,
        TicketFields.Board => BoardId,
        TicketFields.Owner => OwnerId,
        TicketFields.Closed => Closed ? "true" : "false",
        TicketFields.Priority or TicketFields.Team or TicketFields.Company or TicketFields.MergedInto => null,
        TicketFields.MarkerRetrieved => Retrieved is { } flag ? (flag ? "true" : "false") : null,
        TicketFields.MarkerStatus => MarkerStatus,
        TicketFields.MarkerUser => MarkerUser,
        _ => throw new ArgumentOutOfRangeException(nameof(field), field, "no field of simulated tickets"),
    };

    public SimulatedTicket With(string field, string? value) => field switch
    {
        TicketFields.Status => this with { StatusId = value! },
        TicketFields.Board => this with { BoardId = value! },
        TicketFields.Owner => this with { OwnerId = value },
        TicketFields.MarkerRetrieved => this with { Retrieved = value is null ? null : value == "true" },
        TicketFields.MarkerStatus => this with { MarkerStatus = value },
        TicketFields.MarkerUser => this with { MarkerUser = value },
        _ => throw new ConnectorRejectedException($"The field {field} cannot be written.", field),
    };

    public RemoteTicket ToRemote() => new()
    {
        Id = Id,
        Title = Title,
        UpdatedAt = UpdatedAt,
        EnteredAt = EnteredAt,
        UpdatedBy = UpdatedBy,
        Closed = Closed,
        Status = new RemoteRef(StatusId, StatusName),
        Board = new RemoteRef(BoardId, $"Board {BoardId}"),
        Owner = OwnerId is { } owner ? new RemoteRef(owner, $"Member {owner}") : null,
        MissingMarkers = MissingFields?.Split(',') ?? [],
        MarkerRetrieved = Retrieved,
        MarkerStatus = MarkerStatus,
        MarkerUser = MarkerUser,
        CarriesMarkers = CarriesMarkers,
        CustomFields = CarriesMarkers
            ? [
                new("1", "Retrieved", Json.Write(Retrieved)), new("2", "Status", Json.Write(MarkerStatus)),
                new("3", "User", Json.Write(MarkerUser)), new("4", "Colour", Json.Write(Colour)),
            ]
            : [],
        Body = Json.Write(this),
    };
}

/// <summary>One committed version of a ticket.</summary>
/// <param name="At">When it was committed, on the hub's clock.</param>
/// <param name="Ticket">The ticket from then on.</param>
internal sealed record TicketVersion(DateTimeOffset At, SimulatedTicket Ticket);
