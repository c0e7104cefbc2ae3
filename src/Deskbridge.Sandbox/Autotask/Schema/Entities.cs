using System.Collections.Frozen;

namespace Deskbridge.Sandbox.Autotask.Schema;

/// <summary>All entities that the sandbox keeps.</summary>
internal static class Entities
{
    /// <summary>Values of picklists, by entity and field: the tenant's own setup, which the API only reads.</summary>
    public static readonly Entity Picklists = new("Picklists", "Picklist", "", """
        entity* str; field* str; value* str; label* str; isDefaultValue bool; sortOrder int; parentValue str; isActive bool; isSystem bool
        """) { IsInternal = true };

    /// <summary>Extension callouts (Tickets), which the vendor's screens define and no API shows.</summary>
    public static readonly Entity Callouts = new("ExtensionCallouts", "ExtensionCallout", "", """
        name* str(100); isActive bool; url* str(500); method str(4); format str(20); username str(100); password str(100); udf str(45)
        onCreate bool; onEdit bool; onNote bool; onTime bool
        """) { IsInternal = true };

    private static readonly FrozenDictionary<string, Entity> ByName = ((IEnumerable<Entity>)
    [
        .. TicketEntities.All, .. CompanyEntities.All, .. ResourceEntities.All, .. AssetEntities.All, .. WorkEntities.All, .. LogEntities.All, .. WebhookEntities.All,
        Picklists, Callouts,
    ]).ToFrozenDictionary(e => e.Name, StringComparer.OrdinalIgnoreCase);

    public static readonly IReadOnlyList<Entity> All = [.. ByName.Values.OrderBy(e => e.Name, StringComparer.Ordinal)];

    /// <summary>The entity of a collection name in any case.</summary>
    public static Entity? Find(string name) => ByName.GetValueOrDefault(name);

    public static Entity Of(string name) => ByName[name];

    /// <summary>The entity below a parent's address, such as Notes below Tickets.</summary>
    public static Entity? Child(string parent, string child) => All.FirstOrDefault(e => e.Parent is { } link
        && link.Collection.Equals(parent, StringComparison.OrdinalIgnoreCase) && link.Child.Equals(child, StringComparison.OrdinalIgnoreCase));

    /// <summary>The webhooks that tell of an entity; null when it has none.</summary>
    public static Entity? WebhooksOf(Entity entity) =>
        WebhookEntities.Watched.Contains(entity.Name, StringComparer.Ordinal) ? ByName[entity.Singular + "Webhooks"] : null;

    /// <summary>The entity that a collection of webhooks tells of; null for any other.</summary>
    public static Entity? WatchedBy(string webhooks) => WebhookEntities.Watched.Select(Of).FirstOrDefault(e => e.Singular + "Webhooks" == webhooks);
}
