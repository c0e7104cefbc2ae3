using System.Globalization;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>The query of a GET.</summary>
internal sealed record PsaQuery
{
    /// <summary>The longest page the PSA gives.</summary>
    public const int LargestPage = 1000;

    public Conditions? Conditions { get; init; }

    public string? OrderBy { get; init; }

    public string? Fields { get; init; }

    /// <summary>Documents of this ticket: they are asked for by the record they hang on.</summary>
    public int? DocumentsOfTicket { get; init; }

    public int? Page { get; init; }

    public int? PageSize { get; init; }

    public long? PageId { get; init; }

    /// <summary>The query text with its question mark, or empty.</summary>
    public override string ToString()
    {
        (string Name, string? Value)[] parts =
        [
            ("recordType", DocumentsOfTicket is null ? null : "Ticket"),
            ("recordId", DocumentsOfTicket?.ToString(CultureInfo.InvariantCulture)),
            ("conditions", Conditions?.ToString()),
            ("orderBy", OrderBy),
            ("fields", Fields),
            ("page", Page?.ToString(CultureInfo.InvariantCulture)),
            ("pageSize", PageSize?.ToString(CultureInfo.InvariantCulture)),
            ("pageId", PageId?.ToString(CultureInfo.InvariantCulture)),
        ];
        var given = parts.Where(part => !string.IsNullOrEmpty(part.Value)).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}");
        var text = string.Join('&', given);
        return text.Length == 0 ? "" : "?" + text;
    }
}
