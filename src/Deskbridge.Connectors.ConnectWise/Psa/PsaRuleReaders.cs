using System.Collections.Concurrent;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>Readers of the rules, one for each set of custom fields that conditions are read with. Pure.</summary>
internal sealed class PsaRuleReaders(ConnectWisePsaOptions options)
{
    private const int MostRemembered = 16;

    private readonly PsaRuleReader _plain = new(options);
    private readonly ConcurrentDictionary<string, PsaRuleReader> _known = new(StringComparer.Ordinal);

    /// <summary>The reader that knows these fields.</summary>
    public PsaRuleReader Of(IReadOnlyList<PsaTicketField>? fields) => Of(PsaTicketField.Write(fields));

    /// <summary>The reader of an event (<see cref="InboundEvent.Words"/>).</summary>
    public PsaRuleReader Of(string words)
    {
        if (words.Length == 0) return _plain;
        if (_known.TryGetValue(words, out var reader)) return reader;
        if (_known.Count >= MostRemembered) _known.Clear();
        return _known.GetOrAdd(words, text => new(options, PsaTicketField.Parse(text)));
    }

    /// <summary>Understands rules with the fields that they were read with.</summary>
    public RuleBook Understand(PsaRuleSource source) => Of(source.Fields).Understand(source);
}
