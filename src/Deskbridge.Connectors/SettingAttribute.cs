namespace Deskbridge.Connectors;

/// <summary>
/// Draws one field of a connection's settings form. Supported property types: string, bool, int, enums (one choice),
/// flags enums (several choices) and <c>string</c> with <see cref="Secret"/> or <see cref="Multiline"/>.
/// Enum members take their text from <see cref="System.ComponentModel.DescriptionAttribute"/>.
/// </summary>
/// <param name="label">The field's label.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SettingAttribute(string label) : Attribute
{
    /// <summary>The field's label.</summary>
    public string Label { get; } = label;

    /// <summary>One sentence under the field; null for none.</summary>
    public string? Help { get; init; }

    /// <summary>The heading it stands under.</summary>
    public string Group { get; init; } = "Connection";

    /// <summary>Must be filled in.</summary>
    public bool Required { get; init; }

    /// <summary>Write-only: stored encrypted, never shown again.</summary>
    public bool Secret { get; init; }

    /// <summary>The remote's address, to which the secrets go: when it leads to another server, each must be entered again. One setting at most.</summary>
    public bool Address { get; init; }

    /// <summary>Of a secret: the setting with the address it goes to, when that is not the remote's own (a proxy's password).</summary>
    public string? GoesTo { get; init; }

    /// <summary>Says whom the connection takes for the remote (a certificate authority): when it becomes another one, each secret must be entered again.</summary>
    public bool Trust { get; init; }

    /// <summary>Says which part of the remote the connection is for, so that it cannot change once it is installed: links know records by their numbers.</summary>
    public bool Fixed { get; init; }

    /// <summary>It is the condition of this event of the connection's rules, which has an editor; null for others.</summary>
    public string? RuleEvent { get; init; }

    /// <summary>A text area instead of a line.</summary>
    public bool Multiline { get; init; }

    /// <summary>An example shown in the empty field.</summary>
    public string? Placeholder { get; init; }

    /// <summary>Shown only when "More settings" is open.</summary>
    public bool Advanced { get; init; }
}
