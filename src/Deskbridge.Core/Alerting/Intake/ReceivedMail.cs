namespace Deskbridge.Core.Alerting.Intake;

/// <summary>A mail as it was read, whoever delivered it. Text only: nothing of its HTML is left.</summary>
internal sealed record ReceivedMail
{
    /// <summary>Its Message-ID without angle brackets; empty when it has none.</summary>
    public string MessageId { get; init; } = "";

    /// <summary>Who sent it; both parts empty when it does not say.</summary>
    public MailSender From { get; init; } = new("", "");

    /// <summary>Subject, decoded, in one line.</summary>
    public string Subject { get; init; } = "";

    /// <summary>What it says.</summary>
    public string Text { get; init; } = "";

    /// <summary>Its header, in order, decoded.</summary>
    public IReadOnlyList<MailField> Fields { get; init; } = [];

    /// <summary>What is attached, pictures inside the text among them.</summary>
    public IReadOnlyList<MailFile> Files { get; init; } = [];

    /// <summary>It reports on another mail: a bounce, or that somebody read it.</summary>
    public bool IsReport { get; init; }

    /// <summary>What could not be read as it was meant, in sentences.</summary>
    public IReadOnlyList<string> Troubles { get; init; } = [];

    /// <summary>The first field of a name, whatever its case; null when there is none.</summary>
    public string? Field(string name) => Fields.FirstOrDefault(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.Value;
}

/// <summary>A line of a mail's header.</summary>
internal sealed record MailField(string Name, string Value);

/// <summary>Who sent a mail.</summary>
/// <param name="Address">Address; empty when there is none.</param>
/// <param name="Name">Name beside it; empty when there is none.</param>
internal sealed record MailSender(string Address, string Name)
{
    /// <summary>Reads a From field: the first address in it.</summary>
    public static MailSender Read(string? field)
    {
        if (string.IsNullOrWhiteSpace(field)) return new("", "");
        var open = field.IndexOf('<', StringComparison.Ordinal);
        var close = open < 0 ? -1 : field.IndexOf('>', open);
        return close < 0 ? new(field.Trim(), "") : new(field[(open + 1)..close].Trim(), field[..open].Trim().Trim('"').Trim());
    }

    /// <inheritdoc/>
    public override string ToString() => (Name, Address) switch
    {
        ("", "") => "somebody",
        ("", _) => Address,
        (_, "") => Name,
        _ => $"{Name} <{Address}>",
    };
}

/// <summary>A file in a mail.</summary>
internal sealed record MailFile(string Name, byte[] Bytes);
