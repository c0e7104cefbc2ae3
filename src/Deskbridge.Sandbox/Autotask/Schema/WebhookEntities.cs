namespace Deskbridge.Sandbox.Autotask.Schema;

/// <summary>The webhooks of five entities: each kind has a collection, its fields, its user-defined fields and its excluded resources.</summary>
internal static class WebhookEntities
{
    /// <summary>The entities that webhooks tell of.</summary>
    public static readonly IReadOnlyList<string> Watched = ["Companies", "Contacts", "ConfigurationItems", "Tickets", "TicketNotes"];

    private static readonly Dictionary<string, string> LegacyNames = new(StringComparer.Ordinal)
    {
        ["Company"] = "Account",
        ["ConfigurationItem"] = "InstalledProduct",
    };

    public static readonly IReadOnlyList<Entity> All = [.. Watched.SelectMany(Family)];

    private static IEnumerable<Entity> Family(string watched)
    {
        var kind = Entity.SingularOf(watched);
        var legacy = LegacyNames.GetValueOrDefault(kind, kind);
        var hooks = kind + "Webhooks";

        // The vendor's metadata differs in small things: two flags that configuration items need not have, and isReady, which is not always read only.
        var required = kind == "ConfigurationItem" ? "" : "*";
        var ready = kind is "ConfigurationItem" or "Contact" ? "" : "!";
        yield return new Entity(hooks, legacy + "Webhook", "CUD", $"""
            deactivationUrl* str(500); isActive{required} bool; isReady{ready} bool; isSubscribedToCreateEvents bool; isSubscribedToDeleteEvents bool
            isSubscribedToUpdateEvents bool; name* str(50); notificationEmailAddress str(150); ownerResourceID! int @Resources; secretKey* str(64)
            sendThresholdExceededNotification{required} bool; webhookGUID! str(100); webhookUrl* str(500)
            """);
        yield return new Entity(kind + "WebhookFields", legacy + "WebhookField", "CUD", $"""
            fieldID*! int ^; isDisplayAlwaysField* bool; isSubscribedField* bool; webhookID*! int @{hooks}
            """) { Parent = new(hooks, "webhookID", "Fields"), WritesUnderParent = true };
        if (watched != "TicketNotes")
        {
            yield return new Entity(kind + "WebhookUdfFields", legacy + "WebhookUdfField", "CUD", $"""
                isDisplayAlwaysField* bool; isSubscribedField* bool; udfFieldID*! int ^; webhookID*! int @{hooks}
                """) { Parent = new(hooks, "webhookID", "UdfFields"), WritesUnderParent = true };
        }

        yield return new Entity(kind + "WebhookExcludedResources", legacy + "WebhookExcludedResource", "CD", $"""
            resourceID* int @Resources; webhookID* int @{hooks}
            """) { Parent = new(hooks, "webhookID", "ExcludedResources"), WritesUnderParent = true };
    }
}
