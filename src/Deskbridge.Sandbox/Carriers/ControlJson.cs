using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Deskbridge.Sandbox.Carriers;

/// <summary>How the control endpoints read and answer.</summary>
internal static class ControlJson
{
    public static IResult Answer<T>(T body, int status = 200) => Results.Json(body, CarriersJson.Options, statusCode: status);

    public static IResult Problem(int status, string detail) => Results.Problem(detail, statusCode: status);

    /// <summary>The body, or the answer that says what is wrong with it.</summary>
    public static async Task<(T? Body, IResult? Problem)> ReadAsync<T>(HttpContext http)
        where T : class
    {
        try
        {
            var body = await JsonSerializer.DeserializeAsync<T>(http.Request.Body, CarriersJson.Options, http.RequestAborted);
            return body is null ? (null, Problem(400, "The body is a JSON object.")) : (body, null);
        }
        catch (JsonException unreadable)
        {
            return (null, Problem(400, "The body cannot be read: " + unreadable.Message));
        }
    }

    /// <summary>The number behind which to list, or the answer that says what is wrong with it.</summary>
    public static (long Seq, IResult? Problem) After(HttpContext http)
    {
        var after = http.Request.Query["after"].ToString();
        var seq = 0L;
        return after.Length == 0 || long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out seq)
            ? (seq, null)
            : (0, Problem(400, "'after' must be the number of the last entry seen."));
    }
}
