using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Deskbridge.Sandbox.Carriers.Twilio;

/// <summary>Reading TwiML: XML without DTD and external entities, and attributes with their defaults.</summary>
internal static class Twiml
{
    private static readonly XmlReaderSettings Strict = new() { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = WebhookSender.MostTwiml };

    /// <summary>The Response element, or why there is none, with Twilio's number for it.</summary>
    public static (XElement? Response, string? Problem) Read(string text)
    {
        try
        {
            using var reader = XmlReader.Create(new StringReader(text), Strict);
            var root = XDocument.Load(reader).Root!;
            return root.Name == "Response" ? (root, null) : (null, $"12100: the document is a {root.Name.LocalName}, not a Response");
        }
        catch (XmlException broken)
        {
            return (null, "12100: " + broken.Message);
        }
    }

    public static string? Text(this XElement verb, string name) => verb.Attribute(name)?.Value;

    /// <summary>A whole number of at least <paramref name="least"/>, or the default.</summary>
    public static int Number(this XElement verb, string name, int otherwise, int least = 1) =>
        int.TryParse(verb.Text(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least ? number : otherwise;

    public static bool IsWebAddress(string text) => Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is ("http" or "https");
}
