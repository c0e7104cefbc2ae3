namespace Deskbridge.Core.Alerting.Intake;

/// <summary>A mail or a callout, as far as it matters to alerts.</summary>
internal sealed record Arrival
{
    /// <summary><c>mail</c> or <c>callout</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>What came, as the beginning of a sentence: <c>Mail from Bob: "Printer"</c>.</summary>
    public required string What { get; init; }

    /// <summary>Who is shown as the giver of its files.</summary>
    public required string Author { get; init; }

    /// <summary>The title of an alert that it raises.</summary>
    public required string Title { get; init; }

    /// <summary>The text of an alert that it raises.</summary>
    public required string Text { get; init; }

    /// <summary>The ticket it names.</summary>
    public required NamedTicket Ticket { get; init; }

    /// <summary>What it came as, for the event log.</summary>
    public required string Payload { get; init; }

    /// <summary>What mails of one matter have in common, where they name no ticket; null for callouts.</summary>
    public string? MailKey { get; init; }

    /// <summary>Files that come with it.</summary>
    public IReadOnlyList<MailFile> Files { get; init; } = [];

    /// <summary>What could not be read.</summary>
    public IReadOnlyList<string> Troubles { get; init; } = [];

    /// <summary>Whether a person may be behind it, or only a program that tells of every edit, also of the hub's own.</summary>
    public bool IsCallout => Kind == "callout";
}

/// <summary>What became of a mail or a callout. It is committed when somebody reads this.</summary>
/// <param name="Outcome">In a word.</param>
/// <param name="AlertId">The alert that it raised or was added to; null for none.</param>
/// <param name="Message">In a sentence.</param>
internal sealed record IntakeAnswer(IntakeOutcome Outcome, Guid? AlertId, string Message);

/// <summary>What becomes of a mail or a callout.</summary>
internal enum IntakeOutcome
{
    /// <summary>It raised an alert.</summary>
    Raised,

    /// <summary>It was added to an alert.</summary>
    Added,

    /// <summary>The connection that keeps its ticket looks at it.</summary>
    Left,

    /// <summary>It came before.</summary>
    Known,

    /// <summary>A program answers a program; nobody is told.</summary>
    Ignored,
}
