namespace Deskbridge.Sandbox.ConnectWisePsa.Schema;

/// <summary>One table of the PSA: where it is served, what its records hold, how others refer to them.</summary>
internal sealed class Resource(string table, string path, string model, string title, string members)
{
    private readonly string[] _segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The name of the table, the target of references.</summary>
    public string Table { get; } = table;

    /// <summary>The route below the API's root, <c>{}</c> standing for the parent's id; empty for a table without a route.</summary>
    public string Path { get; } = path;

    public IReadOnlyList<string> Segments => _segments;

    /// <summary>The model's name as the vendor's errors write it (<c>ticket</c>, <c>boardStatus</c>).</summary>
    public string ModelName { get; } = model;

    /// <summary>The name for people, as in "Contact 57919 not found".</summary>
    public string Title { get; } = title;

    public Model Model { get; } = new(members);

    /// <summary>What a reference shows besides the id: <c>name</c>, or <c>shown=source</c>, or <c>name=firstName+lastName</c>.</summary>
    public string Shown { get; init; } = "name";

    /// <summary>The member that names the parent record of a nested route: <c>board/id</c> or <c>ticketId</c>.</summary>
    public string? Parent { get; init; }

    /// <summary>The table of the parent.</summary>
    public string? ParentTable { get; init; }

    /// <summary>Letters of the operations served: L list, C create, G get, U put, P patch, D delete, N count, S search; of the light
    /// form I list (<c>/info</c>), J one (<c>/{id}/info</c>), i and j its count (<c>/info/count</c>, <c>/count/info</c>: the vendor has
    /// both); V and W what uses a record (<c>/{id}/usages</c>, <c>/{id}/usages/list</c>).</summary>
    public string Verbs { get; init; } = "LCGUPDN";

    /// <summary>The callback type of its records, or null.</summary>
    public string? Callback { get; init; }

    /// <summary>The text of <c>recordType</c> that documents use for its records, and the pod name of its custom fields.</summary>
    public string? PodName { get; init; }

    /// <summary>Route children named in <c>_info</c>, as <c>notes</c> for notes_href.</summary>
    public IReadOnlyList<string> Children { get; init; } = [];

    /// <summary>Lists of other tables named in <c>_info</c>, filtered by the record: <c>company/contacts</c> for contacts_href.</summary>
    public IReadOnlyList<string> Related { get; init; } = [];

    /// <summary>The id the first record gets.</summary>
    public int FirstId { get; init; } = 1;

    /// <summary>A second route: over all parents, as <c>company/companyTypeAssociations</c>, or by another name of the parent.</summary>
    public string? FlatPath { get; init; }

    /// <summary>What the second route serves.</summary>
    public string FlatVerbs { get; init; } = "LG";

    /// <summary>The members of the light form beside id and _info, written as in <see cref="Shown"/>.</summary>
    public string? Info { get; init; }

    /// <summary>A route of the light form's own, as <c>system/info/departments</c>: list, one, count.</summary>
    public string? InfoPath { get; init; }
}
