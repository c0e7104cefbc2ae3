using System.Globalization;
using System.Text;

namespace Deskbridge.Core.Alerting.Intake;

/// <summary>A structured header value such as <c>text/plain; charset=utf-8</c> (RFC 2045 and 2231).</summary>
internal sealed class MimeValue
{
    private readonly Dictionary<string, string> _parameters = new(StringComparer.OrdinalIgnoreCase);

    private MimeValue(string value) => Value = value;

    /// <summary>What stands before the first semicolon, in lower case.</summary>
    public string Value { get; }

    /// <summary>A parameter, decoded; null when it is not there.</summary>
    public string? this[string name] => _parameters.GetValueOrDefault(name);

    /// <summary>Reads one; what cannot be read is left out.</summary>
    public static MimeValue Read(string text)
    {
        var pieces = Split(text);
        var value = new MimeValue(pieces[0].Trim().ToLowerInvariant());
        var continued = new SortedDictionary<(string Name, int Number), (string Text, bool Encoded)>();
        foreach (var piece in pieces.Skip(1))
        {
            var equals = piece.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0) continue;
            var (name, given) = (piece[..equals].Trim().ToLowerInvariant(), Unquoted(piece[(equals + 1)..].Trim()));
            var parts = name.Split('*');
            if (parts.Length == 1) value._parameters.TryAdd(name, MailText.Words(given));
            else if (parts is [var whole, ""]) continued[(whole, 0)] = (given, true);
            else if (int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 0 and < 100) continued[(parts[0], number)] = (given, parts.Length > 2);
        }

        foreach (var parameter in continued.GroupBy(part => part.Key.Name, StringComparer.Ordinal))
            value._parameters[parameter.Key] = Joined([.. parameter.Select(part => part.Value)]);
        return value;
    }

    /// <summary>The first piece may say in which charset all encoded ones are: <c>utf-8'de'Gr%C3%BC%C3%9Fe</c>.</summary>
    private static string Joined(List<(string Text, bool Encoded)> pieces)
    {
        string? charset = null;
        if (pieces[0].Encoded && pieces[0].Text.Split('\'', 3) is [var named, _, var first])
        {
            charset = named;
            pieces[0] = (first, true);
        }

        return MailText.Words(MailText.Decode([.. pieces.SelectMany(piece => piece.Encoded ? MailText.Percent(piece.Text) : Encoding.UTF8.GetBytes(piece.Text))], charset, out _));
    }

    /// <summary>At semicolons that stand in no quotes.</summary>
    private static List<string> Split(string text)
    {
        var pieces = new List<string>();
        var (begin, quoted) = (0, false);
        for (var i = 0; i < text.Length; i++)
        {
            if (quoted && text[i] == '\\') i++;
            else if (text[i] == '"') quoted = !quoted;
            else if (text[i] == ';' && !quoted)
            {
                pieces.Add(text[begin..i]);
                begin = i + 1;
            }
        }

        pieces.Add(text[Math.Min(begin, text.Length)..]);
        return pieces;
    }

    private static string Unquoted(string text)
    {
        if (text.Length == 0 || text[0] != '"') return text;
        var clear = new StringBuilder(text.Length);
        for (var i = 1; i < text.Length && text[i] != '"'; i++)
        {
            if (text[i] == '\\' && i + 1 < text.Length) i++;
            clear.Append(text[i]);
        }

        return clear.ToString();
    }
}
