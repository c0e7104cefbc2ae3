using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>The form that a call sends. Parts are read as leniently as the vendor does: a published client leaves out the closing quote
/// of a part's name, others write names in other letters.</summary>
internal static partial class SentForm
{
    /// <summary>The values and files of a form.</summary>
    /// <exception cref="PsaRefusal">415: it is no form; 400: it cannot be read.</exception>
    public static IFormCollection Read(HttpContext http, byte[] body)
    {
        if (!http.Request.HasFormContentType || !MediaTypeHeaderValue.TryParse(http.Request.ContentType, out var type))
            throw new PsaRefusal(415, "UnsupportedMediaType", $"The request entity's media type '{http.Request.ContentType?.Split(';')[0]}' is not supported for this resource.");
        try
        {
            return type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase)
                ? Parts(HeaderUtilities.RemoveQuotes(type.Boundary).ToString(), body)
                : new FormCollection(new FormReader(Encoding.UTF8.GetString(body)).ReadForm());
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException or ArgumentException)
        {
            throw PsaRefusal.BadRequest($"The form cannot be read: {broken.Message}");
        }
    }

    private static FormCollection Parts(string boundary, byte[] body)
    {
        var values = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
        var files = new FormFileCollection();
        using var stream = new MemoryStream(body);
        var reader = new MultipartReader(boundary, stream);
        while (reader.ReadNextSectionAsync().GetAwaiter().GetResult() is { } part) // from memory: it never waits
        {
            var told = Told().Matches(part.ContentDisposition ?? "").ToLookup(m => m.Groups["name"].Value, m => m.Groups["quoted"].Success ? m.Groups["quoted"].Value : m.Groups["bare"].Value.Trim(), StringComparer.OrdinalIgnoreCase);
            var name = told["name"].FirstOrDefault() ?? "";
            var file = told["filename*"].FirstOrDefault()?.Split('\'') is [_, _, var encoded] ? Uri.UnescapeDataString(encoded) : told["filename"].FirstOrDefault();
            var content = new MemoryStream();
            part.Body.CopyTo(content);
            if (file is null) values[name] = Encoding.UTF8.GetString(content.ToArray());
            else files.Add(new FormFile(content, 0, content.Length, name, file) { Headers = new HeaderDictionary(), ContentType = part.ContentType ?? "" });
        }

        return new FormCollection(values, files);
    }

    [GeneratedRegex("""[;\s](?<name>name|filename\*?)\s*=\s*(?:"(?<quoted>[^"]*)"?|(?<bare>[^;"]*))""", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Told();
}
