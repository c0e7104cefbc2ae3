using System.Text.Json.Serialization;

namespace Deskbridge.Doctor;

/// <summary>One line of the doctor's report.</summary>
/// <param name="Area">What it belongs to: the data folder, a connection and so on.</param>
/// <param name="Name">What was checked.</param>
/// <param name="Outcome">How it went.</param>
/// <param name="Message">What was found.</param>
/// <param name="Fix">How to mend it; null when all is well.</param>
internal sealed record Finding(string Area, string Name, Outcome Outcome, string Message, string? Fix = null)
{
    public static Finding Well(string area, string name, string message) => new(area, name, Outcome.Well, message);

    public static Finding Warning(string area, string name, string message, string? fix) => new(area, name, Outcome.Warning, message, fix);

    public static Finding Failed(string area, string name, string message, string? fix) => new(area, name, Outcome.Failed, message, fix);
}

/// <summary>How a check went.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Outcome>))]
internal enum Outcome
{
    [JsonStringEnumMemberName("well")]
    Well,

    [JsonStringEnumMemberName("warning")]
    Warning,

    [JsonStringEnumMemberName("failed")]
    Failed,
}
