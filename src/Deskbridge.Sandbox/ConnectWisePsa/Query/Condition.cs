using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;

namespace Deskbridge.Sandbox.ConnectWisePsa.Query;

/// <summary>A parsed filter. Like SQL it answers true, false or, for members without a value, neither.</summary>
internal abstract record Condition
{
    public abstract bool? Test(Func<string, JsonNode?> member);
}

internal sealed record AndCondition(Condition Left, Condition Right) : Condition
{
    public override bool? Test(Func<string, JsonNode?> member) => Left.Test(member) switch
    {
        false => false,
        var left => Right.Test(member) is var right && right == false ? false : left & right,
    };
}

internal sealed record OrCondition(Condition Left, Condition Right) : Condition
{
    public override bool? Test(Func<string, JsonNode?> member) => Left.Test(member) switch
    {
        true => true,
        var left => Right.Test(member) is var right && right == true ? true : left | right,
    };
}

internal sealed record NotCondition(Condition Inner) : Condition
{
    public override bool? Test(Func<string, JsonNode?> member) => !Inner.Test(member);
}

/// <summary>One comparison: <c>board/name = "Service Desk"</c>, <c>id in (1, 2)</c>.</summary>
internal sealed record Comparison(string Path, string Operator, IReadOnlyList<Literal> Values) : Condition
{
    private readonly Func<string, bool>? _pattern = Operator == "like" ? Like.Compile(Values[0].Text) : null;

    // Thousands of values are looked up, not gone through for every record.
    private readonly HashSet<decimal>? _numbers = Operator == "in" && Values.All(v => v.Kind == LiteralKind.Number)
        ? [.. Values.Select(v => decimal.Parse(v.Text, NumberStyles.Float, CultureInfo.InvariantCulture))] : null;
    private readonly HashSet<string>? _texts = Operator == "in" && Values.All(v => v.Kind == LiteralKind.Text)
        ? new HashSet<string>(Values.Select(v => v.Text), StringComparer.OrdinalIgnoreCase) : null;

    public override bool? Test(Func<string, JsonNode?> member)
    {
        var value = member(Path);
        if (Values is [{ Kind: LiteralKind.Null }]) return Operator == "=" ? value is null : Operator == "!=" ? value is not null : null;
        if (value is null) return null;
        return Operator switch
        {
            "=" => Values[0].CompareTo(Path, value) == 0,
            "!=" => Values[0].CompareTo(Path, value) != 0,
            "<" => Values[0].CompareTo(Path, value) < 0,
            "<=" => Values[0].CompareTo(Path, value) <= 0,
            ">" => Values[0].CompareTo(Path, value) > 0,
            ">=" => Values[0].CompareTo(Path, value) >= 0,
            "in" => In(value),
            "contains" => Literal.TextOf(value).Contains(Values[0].Text, StringComparison.OrdinalIgnoreCase),
            _ => _pattern!(Literal.TextOf(value)),
        };
    }

    private bool In(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.Number when _numbers is not null => _numbers.Contains(Json.Number(value)),
        JsonValueKind.String when _texts is not null && !Literal.LooksLikeStamp(Literal.TextOf(value)) => _texts.Contains(Literal.TextOf(value)),
        _ => Values.Any(v => v.Kind != LiteralKind.Null && v.CompareTo(Path, value) == 0),
    };
}
