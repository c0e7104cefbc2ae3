using System.Security.Cryptography;
using System.Text.Json;

namespace Deskbridge.Sandbox.Autotask;

/// <summary>How to sign in to the simulated Autotask: the API user's keys, made at first start and kept in the data folder.</summary>
public sealed record AutotaskCredentials
{
    /// <summary>The API user's name, which the zone lookup and the UserName header take.</summary>
    public required string UserName { get; init; }

    /// <summary>The API user's secret.</summary>
    public required string Secret { get; init; }

    /// <summary>The tracking identifier of the integration.</summary>
    public required string IntegrationCode { get; init; }

    internal const string ApiUserName = "svc-deskbridge@northbridge-msp.test";

    internal static AutotaskCredentials EnsureIn(string folder)
    {
        var path = Path.Combine(folder, "autotask-credentials.json");
        if (File.Exists(path)) return JsonSerializer.Deserialize<AutotaskCredentials>(File.ReadAllText(path))!;
        var made = new AutotaskCredentials
        {
            UserName = ApiUserName,
            Secret = Letters("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789", 21) + "#$~", // the vendor's have such signs, and clients stumble over them
            IntegrationCode = Letters("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 27),
        };
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var file = new FileStream(path, options);
        JsonSerializer.Serialize(file, made);
        return made;
    }

    private static string Letters(string alphabet, int count) => RandomNumberGenerator.GetString(alphabet, count);
}
