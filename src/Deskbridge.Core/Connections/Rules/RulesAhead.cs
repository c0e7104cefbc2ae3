using Deskbridge.Connectors;

namespace Deskbridge.Core.Connections.Rules;

/// <summary>The rules that will count once Install has run.</summary>
/// <param name="Present">Those in the remote system now.</param>
/// <param name="Book">Those that will count: the present ones, or the ones Install writes when nothing raises yet; null when that cannot be told.</param>
internal sealed record RulesAhead(RuleBook Present, RuleBook? Book)
{
    /// <summary>A rule that raises alerts exists already.</summary>
    public bool RaisesNow => ReferenceEquals(Present, Book);

    /// <summary>Reads what is there now.</summary>
    public static async Task<RulesAhead> ReadAsync(IReadsRules reader, CancellationToken cancel)
    {
        var present = await reader.ReadRulesAsync(cancel);
        if (present.Inbound.Any(inbound => inbound.Kind == InboundEventKind.Raise)) return new RulesAhead(present, present);
        return new RulesAhead(present, (reader as IOffersDefaultRules)?.DefaultRules());
    }
}
