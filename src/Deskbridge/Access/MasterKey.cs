using System.Security.Cryptography;

namespace Deskbridge.Access;

/// <summary>
/// The key that encrypts the keys kept in a PostgreSQL database, so that who reads the database alone reads no secret. Every hub on the
/// database needs the same one.
/// </summary>
internal sealed class MasterKey(DataFolder folder)
{
    /// <summary>The key itself, 32 bytes in base64.</summary>
    public const string Variable = "DESKBRIDGE_KEY";

    /// <summary>A file that holds it.</summary>
    public const string FileVariable = "DESKBRIDGE_KEY_FILE";

    private const int NonceLength = 12;
    private const int TagLength = 16;
    private byte[]? _key;

    /// <summary>Where it is, for people.</summary>
    public string Place =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } ? $"the variable {Variable}"
        : Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } file ? file
        : folder.MasterKey;

    /// <summary>Reads the key.</summary>
    /// <param name="mayMake">Whether a new one may be made: only while nothing is encrypted yet.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="StartRefusedException">There is none, or it is none.</exception>
    public async Task LoadAsync(bool mayMake, CancellationToken cancel) => _key = Decode(await TextAsync(mayMake, cancel));

    public byte[] Seal(ReadOnlySpan<byte> clear)
    {
        var sealedBytes = new byte[NonceLength + TagLength + clear.Length];
        RandomNumberGenerator.Fill(sealedBytes.AsSpan(0, NonceLength));
        using var aes = new AesGcm(Key, TagLength);
        aes.Encrypt(sealedBytes.AsSpan(0, NonceLength), clear, sealedBytes.AsSpan(NonceLength + TagLength), sealedBytes.AsSpan(NonceLength, TagLength));
        return sealedBytes;
    }

    /// <summary>The other way round.</summary>
    /// <exception cref="CryptographicException">Another key sealed it.</exception>
    public byte[] Open(ReadOnlySpan<byte> sealedBytes)
    {
        if (sealedBytes.Length < NonceLength + TagLength) throw new CryptographicException("The stored key is cut off.");
        var clear = new byte[sealedBytes.Length - NonceLength - TagLength];
        using var aes = new AesGcm(Key, TagLength);
        aes.Decrypt(sealedBytes[..NonceLength], sealedBytes[(NonceLength + TagLength)..], sealedBytes.Slice(NonceLength, TagLength), clear);
        return clear;
    }

    private byte[] Key => _key ?? throw new InvalidOperationException("The master key was not loaded.");

    private async Task<string> TextAsync(bool mayMake, CancellationToken cancel)
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } given) return given;
        if (Environment.GetEnvironmentVariable(FileVariable) is { Length: > 0 } file) return await ReadAsync(file, cancel);
        if (File.Exists(folder.MasterKey)) return await ReadAsync(folder.MasterKey, cancel);
        if (!mayMake)
        {
            throw new StartRefusedException(
                $"The secrets in the database are encrypted with a key that this hub does not have. Copy {Path.GetFileName(folder.MasterKey)} from the data folder of the hub that made the database to {folder.MasterKey}, or name it with {FileVariable}. If it is lost, start once with --lost-key: every secret must then be entered again.");
        }

        var fresh = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        await DataFolder.WritePrivateAsync(folder.MasterKey, fresh, cancel);
        return fresh;
    }

    private static async Task<string> ReadAsync(string file, CancellationToken cancel)
    {
        try
        {
            return await File.ReadAllTextAsync(file, cancel);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The encryption key {file} cannot be read: {failure.Message}");
        }
    }

    private byte[] Decode(string text)
    {
        var bytes = new byte[32];
        return Convert.TryFromBase64String(text.Trim(), bytes, out var length) && length == bytes.Length
            ? bytes
            : throw new StartRefusedException($"The encryption key in {Place} is not 32 bytes in base64. Make one with: head -c 32 /dev/urandom | base64");
    }
}
