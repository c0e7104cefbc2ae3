using System.Security.Cryptography;
using System.Text.Json;

namespace Deskbridge.Sandbox.Carriers.Twilio;

/// <summary>The simulated Twilio account: its keys and its number, made at first start and kept in the data folder.</summary>
public sealed record TwilioCredentials
{
    /// <summary>The account SID, the user name of every call.</summary>
    public required string AccountSid { get; init; }

    /// <summary>The auth token: the password of every call, and the key of webhook signatures.</summary>
    public required string AuthToken { get; init; }

    /// <summary>The account's phone number, E.164; the only sender that is taken.</summary>
    public required string Number { get; init; }

    /// <summary>A messaging service whose only sender is <see cref="Number"/>.</summary>
    public required string MessagingServiceSid { get; init; }

    internal static TwilioCredentials EnsureIn(string folder)
    {
        var path = Path.Combine(folder, "twilio-credentials.json");
        if (File.Exists(path)) return JsonSerializer.Deserialize<TwilioCredentials>(File.ReadAllText(path))!;
        var made = new TwilioCredentials { AccountSid = NewSid("AC"), AuthToken = NewSid(""), Number = "+13125550142", MessagingServiceSid = NewSid("MG") };
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        JsonSerializer.Serialize(file, made);
        return made;
    }

    internal static string NewSid(string prefix) => prefix + RandomNumberGenerator.GetHexString(32, lowercase: true);
}
