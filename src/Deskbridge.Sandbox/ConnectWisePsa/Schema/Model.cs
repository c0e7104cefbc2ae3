using System.Collections.Frozen;
using System.Globalization;

namespace Deskbridge.Sandbox.ConnectWisePsa.Schema;

/// <summary>The members of one kind of record, read from a short text such as
/// <c>summary* str(100); board @boards; closedFlag! bool; initialDescription^ str; members int[]; level {Low|High}</c>
/// (* required, ! read only, ^ never returned, @ reference to a table or, with +, to one of several; with /name when it shows no more than that; int@boards is the bare number of a board).</summary>
internal sealed class Model
{
    private readonly FrozenDictionary<string, Member> _exact;
    private readonly FrozenDictionary<string, Member> _anyCase;

    public Model(string text)
    {
        Members = [.. text.Split([';', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Read)];
        _exact = Members.ToFrozenDictionary(m => m.Name, StringComparer.Ordinal);
        _anyCase = Members.ToFrozenDictionary(m => m.Name, StringComparer.OrdinalIgnoreCase);
        References = [.. Members.Where(m => m.Kind == MemberKind.Reference)];
        Custom = Members.FirstOrDefault(m => m.Kind == MemberKind.Custom);
        Guids = [.. Members.Select(m => m.Name).Where(n => n is "mobileGuid" or "connectWiseId" or "connectWiseID")];
    }

    public IReadOnlyList<Member> Members { get; }

    public IReadOnlyList<Member> References { get; }

    public Member? Custom { get; }

    /// <summary>The members that hold a GUID of the record's own, given when it is added.</summary>
    public IReadOnlyList<string> Guids { get; }

    /// <summary>The member of exactly this spelling: JSON-patch paths are case sensitive.</summary>
    public Member? Exact(string name) => _exact.GetValueOrDefault(name);

    /// <summary>The member of this name in any case: conditions and bodies are read so.</summary>
    public Member? AnyCase(string name) => _anyCase.GetValueOrDefault(name);

    private static Member Read(string entry)
    {
        var space = entry.IndexOf(' ', StringComparison.Ordinal);
        var name = entry[..space].TrimEnd('*', '!', '^');
        var marks = entry[name.Length..space];
        var type = entry[(space + 1)..].Trim();
        var many = type.EndsWith("[]", StringComparison.Ordinal);
        if (many) type = type[..^2];
        var bare = type[0] == '@' ? type : type.Split('(', '@')[0];
        return new Member
        {
            Name = name,
            Kind = KindOf(bare),
            Limit = type.Contains('(', StringComparison.Ordinal) ? int.Parse(type[(type.IndexOf('(', StringComparison.Ordinal) + 1)..^1], CultureInfo.InvariantCulture) : null,
            Required = marks.Contains('*', StringComparison.Ordinal),
            ReadOnly = marks.Contains('!', StringComparison.Ordinal) || name == "id",
            WriteOnly = marks.Contains('^', StringComparison.Ordinal),
            Many = many,
            Target = Tables(type).FirstOrDefault(),
            Targets = Tables(type),
            Shown = type[0] == '@' && type.Split('/') is [_, var shown] ? shown : null,
            Choices = type[0] == '{' ? type[1..^1].Split('|') : [],
        };
    }

    private static string[] Tables(string type) => type.IndexOf('@', StringComparison.Ordinal) is >= 0 and var at && type[0] is not '{' ? type[(at + 1)..].Split('/')[0].Split('+') : [];

    private static MemberKind KindOf(string type) => type[0] switch
    {
        '@' => MemberKind.Reference,
        '{' => MemberKind.Choice,
        _ => type switch
        {
            "str" => MemberKind.Text,
            "int" => MemberKind.Integer,
            "num" => MemberKind.Number,
            "bool" => MemberKind.Flag,
            "time" => MemberKind.Instant,
            "ref" => MemberKind.Reference,
            "custom" => MemberKind.Custom,
            "any" => MemberKind.Any,
            _ => throw new InvalidOperationException($"Unknown member type '{type}'."),
        },
    };
}
