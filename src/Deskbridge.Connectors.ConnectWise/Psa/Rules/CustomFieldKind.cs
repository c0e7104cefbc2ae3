namespace Deskbridge.Connectors.ConnectWise.Psa.Rules;

/// <summary>What a custom field holds, and so which clauses can be about it.</summary>
internal enum CustomFieldKind
{
    /// <summary>Not known: every clause is taken.</summary>
    Any,

    /// <summary>Text, a link, an address or a choice from a list.</summary>
    Text,

    /// <summary>A checkbox.</summary>
    Checkbox,

    /// <summary>A number, an amount or a percentage.</summary>
    Number,

    /// <summary>A date.</summary>
    Date,
}
