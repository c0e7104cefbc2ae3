using Deskbridge.Sandbox.Autotask.Records;
using Deskbridge.Sandbox.Autotask.Schema;

namespace Deskbridge.Sandbox.Autotask.Rules;

/// <summary>What the system writes into records by itself, by the fields' names, which are the same in all entities.</summary>
internal static class Stamps
{
    private const long IsResource = 1;

    private static readonly string[] Created = ["createDate", "createDateTime", "attachDate"];
    private static readonly string[] Creator = ["creatorResourceID", "createdByResourceID", "creatorUserID", "attachedByResourceID", "createdByPersonID", "ownerResourceID"];
    private static readonly string[] Touched = ["lastActivityDate", "lastModifiedDate", "lastModifiedDateTime", "lastModifiedTime"];
    private static readonly string[] Toucher = ["lastActivityResourceID", "lastModifiedUserID", "lastActivityPersonID"];
    private static readonly string[] Tracked = ["lastTrackedModificationDateTime", "lastTrackedModifiedDateTime"];

    public static void Add(Change change, Entity entity, Record record)
    {
        Set(entity, record, Created, change.Now);
        Set(entity, record, [.. Creator.Where(n => n != "ownerResourceID" || entity.Find(n) is { ReadOnly: true })], change.By.Resource);
        Set(entity, record, ["creatorType"], IsResource);
        if (change.By.Impersonator is { } user) Set(entity, record, ["impersonatorCreatorResourceID"], user);
        Touch(change, entity, record, tracked: true);
    }

    public static void Touch(Change change, Entity entity, Record record, bool tracked)
    {
        Set(entity, record, Touched, change.Now);
        Set(entity, record, Toucher, change.By.Resource);
        Set(entity, record, ["lastActivityPersonType"], IsResource);
        if (change.By.Impersonator is { } user) Set(entity, record, ["impersonatorUpdaterResourceID"], user);
        if (tracked) Set(entity, record, Tracked, change.Now);
    }

    /// <summary>Work below a ticket moves its lastActivityDate, and nothing else of it.</summary>
    public static void Activity(Change change, string entity, long? id)
    {
        if (change.Find(entity, id) is not { } record) return;
        var copy = record.Copy();
        Touch(change, Entities.Of(entity), copy, tracked: false);
        change.Put(Entities.Of(entity), copy);
    }

    private static void Set(Entity entity, Record record, IEnumerable<string> names, object value)
    {
        foreach (var name in names.Where(n => entity.Find(n) is not null)) record[name] = value;
    }
}
