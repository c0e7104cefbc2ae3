using System.Net;
using System.Text;
using System.Text.Json;
using System.Xml;
using Deskbridge.Connectors;
using Deskbridge.Core.Common;

namespace Deskbridge.Core.Alerting.Intake;

/// <summary>
/// Reads a callout: XML, name-value pairs or JSON. Which it is, what it says decides and not what it is called, since senders name it wrongly.
/// XML without document types: no entity is ever expanded and nothing is fetched.
/// </summary>
internal static class CalloutReader
{
    private const int MostValues = 500;
    private const int LongestValue = 32_000;
    private const int DeepestElement = 64;

    /// <summary>Reads a body and the pairs that came in the address.</summary>
    public static Result<Callout> Read(ReadOnlySpan<byte> body, string? charset, IEnumerable<KeyValuePair<string, string>> query)
    {
        var values = new List<KeyValuePair<string, string>>(query);
        var text = MailText.Decode(body, charset, out _).TrimStart('\ufeff').Trim();
        try
        {
            if (text.StartsWith('<')) ReadXml(text, values);
            else if (text.StartsWith('{') || text.StartsWith('[')) ReadJson(text, values);
            else ReadPairs(text, values);
        }
        catch (XmlException failure)
        {
            return new CalloutUnreadable(failure.Message.Contains("DTD", StringComparison.Ordinal)
                ? "The XML has a document type (DTD). Those can name files and blow up without bound, so none is read; Autotask sends none."
                : $"The XML cannot be read: {failure.Message}");
        }
        catch (JsonException failure)
        {
            return new CalloutUnreadable($"The JSON cannot be read: {failure.Message.Split(" Path:")[0]}");
        }
        catch (InvalidOperationException)
        {
            return new CalloutUnreadable("The JSON cannot be read: the name of a member holds half of a character.");
        }

        return values.Count switch
        {
            0 => new CalloutUnreadable("The callout is empty. Send XML, name-value pairs or JSON, with the ticket's id or number."),
            > MostValues => new CalloutUnreadable($"The callout has more than {MostValues} values."),
            _ => new Callout(values),
        };
    }

    private static void ReadXml(string text, List<KeyValuePair<string, string>> values)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersFromEntities = 1024, MaxCharactersInDocument = text.Length + 1, IgnoreComments = true, IgnoreProcessingInstructions = true };
        using var reader = XmlReader.Create(new StringReader(text), settings);
        var (open, content, leaf) = ("", new StringBuilder(), false);
        while (reader.Read())
        {
            if (values.Count > MostValues) return;
            switch (reader.NodeType)
            {
                case XmlNodeType.Element:
                    if (reader.Depth > DeepestElement) throw new XmlException("its elements are nested too deeply.");
                    var (name, empty) = (reader.LocalName, reader.IsEmptyElement);
                    var named = ReadAttributes(reader, values);
                    (open, leaf) = (named ?? name, !empty);
                    content.Clear();
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace when leaf:
                    content.Append(reader.Value);
                    break;
                case XmlNodeType.EndElement:
                    if (leaf) Add(values, open, content.ToString());
                    leaf = false;
                    break;
            }
        }
    }

    /// <summary>Attributes are values, too; one called name says what its element is: <c>&lt;field name="status"&gt;</c>.</summary>
    private static string? ReadAttributes(XmlReader reader, List<KeyValuePair<string, string>> values)
    {
        string? named = null;
        while (reader.MoveToNextAttribute())
        {
            if (reader.Prefix == "xmlns" || reader.Name == "xmlns" || reader.Prefix == "xsi") continue;
            if (reader.LocalName.Equals("name", StringComparison.OrdinalIgnoreCase)) named = reader.Value;
            else Add(values, reader.LocalName, reader.Value);
        }

        reader.MoveToElement();
        return named;
    }

    private static void ReadJson(string text, List<KeyValuePair<string, string>> values)
    {
        using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = DeepestElement });
        Walk("", document.RootElement);

        void Walk(string name, JsonElement element)
        {
            if (values.Count > MostValues) return;
            switch (element.ValueKind)
            {
                case JsonValueKind.Object:
                    foreach (var member in element.EnumerateObject()) Walk(member.Name, member.Value);
                    break;
                case JsonValueKind.Array:
                    foreach (var item in element.EnumerateArray()) Walk(name, item);
                    break;
                case JsonValueKind.String:
                    Add(values, name, JsonTexts.Of(element));
                    break;
                case JsonValueKind.Null or JsonValueKind.Undefined:
                    break;
                default:
                    Add(values, name, element.GetRawText());
                    break;
            }
        }
    }

    /// <summary>Autotask writes the plus sign of an offset unencoded; a blank comes of it, which harms nothing here.</summary>
    private static void ReadPairs(string text, List<KeyValuePair<string, string>> values)
    {
        foreach (var pair in text.Split(['&', '\n'], MostValues + 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0) Add(values, WebUtility.UrlDecode(pair[..equals]), WebUtility.UrlDecode(pair[(equals + 1)..]));
        }
    }

    private static void Add(List<KeyValuePair<string, string>> values, string name, string value)
    {
        var clean = MailReader.Cleaned(value);
        if (name.Length is > 0 and <= 200 && clean.Length > 0) values.Add(new(name.Trim(), clean.Length > LongestValue ? clean[..LongestValue] + "…" : clean));
    }
}

/// <summary>A callout that says nothing that can be read.</summary>
internal sealed record CalloutUnreadable(string Why) : InvalidFailure(null, Why);
