using System.Collections.Immutable;

namespace Deskbridge.Connectors.ConnectWise.Psa.Rules;

/// <summary>
/// The names an instance really has. Where a subject's names are listed, a name that spans <c>and</c> or <c>or</c> is
/// read as one only if it is listed; where they are not, the shortest name that lets the whole text be read is taken.
/// For <see cref="RuleSubject.CustomField"/> these are the captions; an unlisted caption must be one word ending in <c>_c</c>.
/// A caption whose kind is known is read only in clauses that fit it: others would be false for ever.
/// </summary>
internal sealed class RuleNames
{
    private readonly ImmutableDictionary<RuleSubject, ImmutableHashSet<string>> _names;
    private readonly ImmutableDictionary<string, CustomFieldKind> _kinds;

    private RuleNames(ImmutableDictionary<RuleSubject, ImmutableHashSet<string>> names, ImmutableDictionary<string, CustomFieldKind> kinds)
    {
        (_names, _kinds) = (names, kinds);
        Captions = names.TryGetValue(RuleSubject.CustomField, out var captions) ? [.. captions.OrderByDescending(caption => caption.Length)] : [];
    }

    /// <summary>No names are known.</summary>
    public static RuleNames None { get; } =
        new(ImmutableDictionary<RuleSubject, ImmutableHashSet<string>>.Empty, ImmutableDictionary.Create<string, CustomFieldKind>(StringComparer.OrdinalIgnoreCase));

    /// <summary>The custom-field captions, longest first.</summary>
    public IReadOnlyList<string> Captions { get; }

    /// <summary>These names and further ones of a subject.</summary>
    public RuleNames With(RuleSubject subject, params IEnumerable<string> names)
    {
        var known = _names.GetValueOrDefault(subject) ?? ImmutableHashSet.Create<string>(StringComparer.OrdinalIgnoreCase);
        return new(_names.SetItem(subject, known.Union(names.Select(Tidy).Where(name => name.Length > 0))), _kinds);
    }

    /// <summary>These names and a custom field.</summary>
    public RuleNames WithField(string caption, CustomFieldKind kind) => new(With(RuleSubject.CustomField, caption)._names, _kinds.SetItem(Tidy(caption), kind));

    /// <summary>What the custom field of a caption holds.</summary>
    public CustomFieldKind KindOf(string caption) => _kinds.GetValueOrDefault(caption);

    /// <summary>Whether any name of the subject is listed.</summary>
    public bool Lists(RuleSubject subject) => _names.ContainsKey(subject);

    /// <summary>Whether the name is listed for the subject, in any letter case.</summary>
    public bool Knows(RuleSubject subject, string name) => _names.TryGetValue(subject, out var known) && known.Contains(name);

    /// <summary>
    /// The clauses that name something the instance does not have (a renamed status, a deleted field), for subjects
    /// whose names are listed. Such a clause can be read but cannot come true.
    /// </summary>
    public IReadOnlyList<TriggerClause> Missing(RuleExpression expression) =>
        [.. RuleText.Clauses(expression).OfType<TriggerClause>().Where(IsMissing)];

    /// <summary>A name with each run of blanks made one blank and none at the ends.</summary>
    internal static string Tidy(string name) => string.Join(' ', name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private bool IsMissing(TriggerClause clause)
    {
        var subject = clause.Pattern.Subject;
        if (subject == RuleSubject.CustomField) return Lists(subject) && !Knows(subject, clause.Field);
        return clause.Pattern.Slot == RuleSlot.Name && Lists(subject) && !Knows(subject, clause.Value);
    }
}
