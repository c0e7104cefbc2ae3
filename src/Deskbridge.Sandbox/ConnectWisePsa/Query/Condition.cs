using System.Text.Json.Nodes;

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
            "in" => Values.Any(v => v.Kind != LiteralKind.Null && v.CompareTo(Path, value) == 0),
            "contains" => Literal.TextOf(value).Contains(Values[0].Text, StringComparison.OrdinalIgnoreCase),
            _ => _pattern!(Literal.TextOf(value)),
        };
    }
}
