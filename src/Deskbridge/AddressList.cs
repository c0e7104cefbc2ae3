using System.Net;

namespace Deskbridge;

/// <summary>Addresses and networks as a setting lists them: <c>127.0.0.1, 10.0.0.0/8</c>.</summary>
internal sealed class AddressList
{
    private AddressList(IReadOnlyList<IPNetwork> networks) => Networks = networks;

    public IReadOnlyList<IPNetwork> Networks { get; }

    /// <summary>Reads a list; none is an empty one.</summary>
    /// <param name="setting">Name of the setting, for the message.</param>
    /// <param name="text">Its value.</param>
    /// <exception cref="StartRefusedException">An entry is neither an address nor a network.</exception>
    public static AddressList Read(string setting, string? text) =>
        new([.. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(entry => Entry(setting, entry))]);

    /// <summary>Whether an address is one of them, or in one of the networks.</summary>
    public bool Holds(IPAddress? address)
    {
        if (address is null) return false;
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return Networks.Any(network => network.Contains(plain));
    }

    private static IPNetwork Entry(string setting, string text)
    {
        if (IPNetwork.TryParse(text, out var network)) return network;
        if (IPAddress.TryParse(text, out var address)) return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        throw new StartRefusedException($"{setting.Replace(":", "__", StringComparison.Ordinal)} has the entry '{text}', which is neither an address nor a network. Write them like 127.0.0.1 or 10.0.0.0/8, separated by commas.");
    }
}
