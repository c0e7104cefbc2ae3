using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>The picture of a priority: a square of its color, as a PNG (reference 5.4).</summary>
internal static class PriorityImage
{
    private const int Side = 16;

    private static readonly Dictionary<string, int> Colors = new(StringComparer.Ordinal)
    {
        ["Black"] = 0x000000,
        ["Blue"] = 0x0000FF,
        ["Cyan"] = 0x00FFFF,
        ["Gray"] = 0x808080,
        ["Green"] = 0x008000,
        ["Lime"] = 0x00FF00,
        ["Orange"] = 0xFFA500,
        ["Pink"] = 0xFFC0CB,
        ["Purple"] = 0x800080,
        ["Red"] = 0xFF0000,
        ["White"] = 0xFFFFFF,
        ["Yellow"] = 0xFFFF00,
    };

    public static PsaAnswer Of(JsonObject priority) => new(200) { Bytes = Png(Colors.GetValueOrDefault(Json.Text(priority["color"]) ?? "", Colors["Gray"])), ContentType = "image/png" };

    private static byte[] Png(int color)
    {
        using var png = new MemoryStream();
        png.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, Side);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), Side);
        (header[8], header[9]) = (8, 2); // eight bits of each of three colors
        Chunk(png, "IHDR", header);
        Chunk(png, "IDAT", Pixels(color));
        Chunk(png, "IEND", []);
        return png.ToArray();
    }

    private static byte[] Pixels(int color)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal))
        {
            for (var row = 0; row < Side; row++)
            {
                zlib.WriteByte(0); // no filter
                for (var pixel = 0; pixel < Side; pixel++) zlib.Write([(byte)(color >> 16), (byte)(color >> 8), (byte)color]);
            }
        }

        return packed.ToArray();
    }

    private static void Chunk(Stream png, string name, byte[] data)
    {
        var number = new byte[4];
        byte[] named = [.. Encoding.ASCII.GetBytes(name), .. data];
        BinaryPrimitives.WriteInt32BigEndian(number, data.Length);
        png.Write(number);
        png.Write(named);
        BinaryPrimitives.WriteUInt32BigEndian(number, Crc(named));
        png.Write(number);
    }

    private static uint Crc(byte[] bytes)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++) crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB88320u : crc >> 1;
        }

        return ~crc;
    }
}
