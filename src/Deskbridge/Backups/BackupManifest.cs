using System.Text.Json;

namespace Deskbridge.Backups;

/// <summary>What a backup says of itself: the first thing that is read of it.</summary>
/// <param name="Product">Always <see cref="ProductName"/>.</param>
/// <param name="Format">Shape of the archive; a higher one is refused.</param>
/// <param name="Version">The program that took it.</param>
/// <param name="TakenAt">The instant whose data it holds.</param>
/// <param name="InstanceId">The data it was taken of; null for data that no hub has named yet.</param>
/// <param name="Schema">Every change of the schema that the data has.</param>
/// <param name="Parts">The files in it.</param>
internal sealed record BackupManifest(
    string Product, int Format, string Version, DateTimeOffset TakenAt, string? InstanceId, IReadOnlyList<string> Schema, IReadOnlyList<BackupPart> Parts)
{
    public const string ProductName = "Deskbridge";
    public const int CurrentFormat = 1;

    /// <summary>Its name in the archive.</summary>
    public const string Name = "manifest.json";

    private static readonly JsonSerializerOptions Shape = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public string Write() => JsonSerializer.Serialize(this, Shape);

    /// <summary>Reads a manifest; null when the text is none.</summary>
    public static BackupManifest? Read(string text)
    {
        try
        {
            return JsonSerializer.Deserialize<BackupManifest>(text, Shape) is { Product: ProductName, Schema: not null, Parts: not null } manifest ? manifest : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>A file in a backup.</summary>
/// <param name="Name">Its name in the archive.</param>
/// <param name="Bytes">Its length, unpacked.</param>
/// <param name="Sha256">Its hash, hexadecimal.</param>
internal sealed record BackupPart(string Name, long Bytes, string Sha256);

/// <summary>A backup cannot be taken or used; the message says why and what to do.</summary>
internal sealed class BackupRefusedException(string message) : Exception(message);
