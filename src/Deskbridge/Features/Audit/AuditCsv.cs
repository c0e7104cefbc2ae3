using System.Globalization;
using System.Text;
using Deskbridge.Core.Audit;

namespace Deskbridge.Features.Audit;

/// <summary>The audit as a CSV file (RFC 4180).</summary>
internal static class AuditCsv
{
    public const string ContentType = "text/csv; charset=utf-8";

    public const string Name = "audit.csv";

    /// <summary>Most lines of one file; a filter narrows it.</summary>
    public const int MostRows = 100_000;

    private const string Header = "number,at,kind,actor,via,address,action,subject_id,subject,detail,hash\r\n";

    public static string Write(IEnumerable<AuditRow> rows)
    {
        var csv = new StringBuilder(Header);
        foreach (var row in rows)
        {
            string[] cells =
            [
                row.Number.ToString(CultureInfo.InvariantCulture), row.At.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
                row.ActorKind.ToString(), row.Actor, row.Via, row.Address, row.Action, row.SubjectId, row.Subject, row.Detail, row.Hash,
            ];
            csv.AppendJoin(',', cells.Select(Cell)).Append("\r\n");
        }

        return csv.ToString();
    }

    /// <summary>A spreadsheet runs what begins like a formula; an apostrophe before it keeps it a text (OWASP, CSV injection).</summary>
    internal static string Cell(string text)
    {
        if (text.Length > 0 && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r') text = "'" + text;
        return text.AsSpan().ContainsAny(",\"\r\n") ? $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : text;
    }
}
