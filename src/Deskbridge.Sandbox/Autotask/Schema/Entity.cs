using System.Collections.Frozen;

namespace Deskbridge.Sandbox.Autotask.Schema;

/// <summary>The collection that an entity hangs on, its field that names the parent, and its name below the parent's address.</summary>
internal sealed record ParentLink(string Collection, string Field, string Child);

/// <summary>One entity of the API: its names, what can be done with it (C create, U update, D delete; all can be read) and its fields.</summary>
internal sealed class Entity
{
    private readonly FrozenDictionary<string, Field> _byName;

    public Entity(string name, string legacyName, string operations, string fields)
    {
        (Name, LegacyName, Operations) = (name, legacyName, operations);
        var read = fields.Split([';', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Field.Read).ToList();
        if (!read.Exists(f => f.Name == "id")) read.Insert(0, Field.Read("id*! long"));
        Fields = read;
        _byName = read.ToFrozenDictionary(f => f.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The collection's name in addresses.</summary>
    public string Name { get; }

    /// <summary>The singular of the older API, which metadata and webhooks speak.</summary>
    public string LegacyName { get; }

    public string Operations { get; }

    public IReadOnlyList<Field> Fields { get; }

    public ParentLink? Parent { get; init; }

    /// <summary>Creates, updates and deletes go to the parent's address only.</summary>
    public bool WritesUnderParent { get; init; }

    public bool HasUdfs { get; init; }

    /// <summary>For the sandbox's own records: kept and set by the control API, unknown to the API.</summary>
    public bool IsInternal { get; init; }

    /// <summary>The singular of today's name, which messages speak.</summary>
    public string Singular => SingularOf(Name);

    public bool Can(char operation) => Operations.Contains(operation, StringComparison.Ordinal);

    /// <summary>The field of this name, in any case.</summary>
    public Field? Find(string name) => _byName.GetValueOrDefault(name);

    /// <summary>Whether a webhook can watch a field: what the system itself stamps on every change is left out.</summary>
    public bool IsForWebhooks(Field field) => field.Name != "id" && !field.Name.StartsWith("last", StringComparison.Ordinal) && Entities.WebhooksOf(this) is not null;

    public static string SingularOf(string plural) =>
        plural.EndsWith("ies", StringComparison.Ordinal) ? plural[..^3] + "y"
        : plural.EndsWith('s') ? plural[..^1] : plural;
}
