using System.Globalization;

namespace Deskbridge.Connectors;

/// <summary>The size of a file for people.</summary>
public static class FileSize
{
    /// <summary>A number of bytes in words.</summary>
    /// <param name="bytes">How many.</param>
    public static string Words(long bytes) => bytes switch
    {
        < 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes"),
        < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.#} KB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):0.#} MB"),
    };
}
