namespace Deskbridge.Core.Alerting.Paging;

/// <summary>Carries one message to one address. It tries once; whoever calls it decides about another attempt.</summary>
internal interface IPageCarrier
{
    /// <summary>The kind of channel it serves.</summary>
    ChannelKind Kind { get; }

    /// <summary>Its messages show the ticket by its parts, so <see cref="PageMessage.Ticket"/> is wanted.</summary>
    bool ShowsTicket => false;

    /// <summary>Sends. A refusal is an answer, not an exception; network failures are temporary refusals.</summary>
    Task<PageOutcome> SendAsync(PageMessage message, PageAddress address, CancellationToken cancel);
}

/// <summary>Where a page goes.</summary>
/// <param name="Kind">Kind of channel.</param>
/// <param name="Address">Email address, topic URL or webhook URL; of a Teams or Slack channel only the server.</param>
/// <param name="Secret">In clear: access token, signing secret, or the whole address of a Teams or Slack channel; empty for none. Never logged.</param>
internal sealed record PageAddress(ChannelKind Kind, string Address, string Secret)
{
    /// <summary>Without the secret.</summary>
    public override string ToString() => $"{Kind} {Address}";
}

/// <summary>What a page says.</summary>
internal sealed record PageMessage
{
    /// <summary>The same in every attempt of one page.</summary>
    public required Guid DeliveryId { get; init; }

    /// <summary>The alert; empty for a test message.</summary>
    public required Guid AlertId { get; init; }

    /// <summary>Its episode.</summary>
    public required int Episode { get; init; }

    /// <summary>Repeat number within the episode.</summary>
    public required int Repeat { get; init; }

    /// <summary>Title: the ticket's summary.</summary>
    public required string Title { get; init; }

    /// <summary>Text under it.</summary>
    public required string Text { get; init; }

    /// <summary>The alert's page; null when the hub's public address is not set.</summary>
    public required Uri? Url { get; init; }

    /// <summary>State of the alert in lower case.</summary>
    public required string Status { get; init; }

    /// <summary>When the alert was raised, in words and in the zone of who is paged; null for a test message.</summary>
    public string? Since { get; init; }

    /// <summary>The ticket, for carriers that show it by its parts; null when there is none or its parts are not known now.</summary>
    public PageTicket? Ticket { get; init; }

    /// <summary>Who is paged.</summary>
    public required PagePerson Person { get; init; }

    /// <summary>Number of the attempt, from 1; 0 for a test message.</summary>
    public int Attempt { get; init; }

    /// <summary>The short number by which an answer names the alert; null where nobody can answer by it.</summary>
    public int? ReplyCode { get; init; }

    /// <summary>When this attempt began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>A person tries their channel out.</summary>
    public bool IsTest { get; init; }
}

/// <summary>Who is paged.</summary>
internal sealed record PagePerson(Guid Id, string Name, string Email);

/// <summary>What the other side answered.</summary>
/// <param name="Detail">In a sentence.</param>
internal abstract record PageOutcome(string Detail)
{
    /// <summary>Taken over. That is not yet delivered.</summary>
    internal sealed record Accepted(string? ProviderId, string Detail) : PageOutcome(Detail);

    /// <summary>Not now; worth another attempt.</summary>
    internal sealed record TempFail(string Detail, TimeSpan? RetryAfter = null) : PageOutcome(Detail);

    /// <summary>Never like this.</summary>
    /// <param name="Detail">In a sentence, with the fix.</param>
    /// <param name="Gone">The address is gone for good: the channel is switched off.</param>
    internal sealed record PermFail(string Detail, bool Gone = false) : PageOutcome(Detail);
}
