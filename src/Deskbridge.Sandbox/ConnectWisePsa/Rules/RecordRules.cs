using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;

namespace Deskbridge.Sandbox.ConnectWisePsa.Rules;

/// <summary>What saving a record of one table means beyond its members. The default: nothing.</summary>
internal class RecordRules
{
    public static RecordRules None { get; } = new();

    /// <summary>May add to what the caller sent, before it is checked.</summary>
    public virtual void Before(Change change, JsonObject input, JsonObject? before)
    {
    }

    /// <summary>Whether a row may be referred to from the record as far as it is built (a status of the ticket's board).</summary>
    public virtual bool Allows(Change change, Member member, JsonObject row, JsonObject body) => true;

    /// <summary>The error of a reference that is not there or not allowed.</summary>
    public virtual (string Message, string Field) Missing(Member member, Resource target, JsonObject wanted, JsonObject body)
    {
        var by = wanted.ContainsKey("id") ? "id" : wanted.ContainsKey("identifier") ? "identifier" : "name";
        return ($"{target.Title} {Json.Text(wanted[by])} not found", $"{member.Name}/{by}");
    }

    /// <summary>Completes the checked record before it is stored.</summary>
    public virtual void Complete(Change change, JsonObject body, JsonObject? before)
    {
    }

    /// <summary>Follow-ups in the same commit, once the record has its id.</summary>
    public virtual void Saved(Change change, JsonObject body, JsonObject? before, JsonObject input)
    {
    }

    /// <summary>Refuses or cascades a delete.</summary>
    public virtual void Deleting(Change change, JsonObject body)
    {
    }
}
