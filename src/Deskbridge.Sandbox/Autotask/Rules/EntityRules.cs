using Deskbridge.Sandbox.Autotask.Records;

namespace Deskbridge.Sandbox.Autotask.Rules;

/// <summary>What an entity asks beyond its field table.</summary>
internal class EntityRules
{
    public static readonly EntityRules None = new();

    /// <summary>Fills in what the system decides, before anything is checked.</summary>
    public virtual void Complete(Change change, Record after, Record? before)
    {
    }

    /// <summary>Adds the texts of what is wrong.</summary>
    public virtual void Check(Change change, Record after, Record? before, ICollection<string> errors)
    {
    }

    /// <summary>What follows in other records.</summary>
    public virtual void Saved(Change change, Record after, Record? before)
    {
    }

    public virtual void Deleted(Change change, Record gone)
    {
    }
}
