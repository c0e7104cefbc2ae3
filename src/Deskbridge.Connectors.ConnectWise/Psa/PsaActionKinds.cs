namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>
/// The kinds of action that are carried out, in one place: the words of the rule screen, the member of the wire record that holds the value, and
/// the list it is chosen from.
/// </summary>
internal static class PsaActionKinds
{
    private static readonly Row[] Rows =
    [
        new(TicketFields.Status, "Change Ticket Status", "boardStatus", "status", action => action.Status, (action, value) => action with { Status = value }, (dto, id) => dto with { BoardStatus = new(id) }),
        new(TicketFields.Priority, "Change Ticket Priority", "servicePriority", "priority", action => action.Priority, (action, value) => action with { Priority = value }, (dto, id) => dto with { ServicePriority = new(id) }),
        new(TicketFields.Board, "Change Board", "board", "board", action => action.More?.Board, (action, value) => action with { More = new() { Board = value } }, (dto, id) => dto with { Board = new(id) }),
        new(TicketFields.Owner, "Assign Resource", "specificMemberTo", "owner", action => action.More?.Member, (action, value) => action with { More = new() { Member = value } }, (dto, id) => dto with { SpecificMemberTo = new(id), Subject = "Assigned by a rule" }, Many: true),
    ];

    /// <summary>
    /// Words of the kinds that are carried out as they stand in ConnectWise, on whatever members they bear: status, priority, board, type, team, member
    /// (scheduled, and owner where the action says so) and note. The vendor publishes no list of the kinds' names, so they are told by these words.
    /// </summary>
    private static readonly string[] Words = ["status", "priority", "board", "type", "team", "resource", "owner", "note"];

    /// <summary>Kinds that do something else with members of the same names.</summary>
    private static readonly string[] OtherWords = ["email", "activity", "survey", "configuration", "notif"];

    /// <summary>Whether an action is of a kind that is carried out.</summary>
    public static bool IsCarriedOut(ActionSnapshot action) =>
        Array.Exists(Words, word => action.Type.Contains(word, StringComparison.OrdinalIgnoreCase))
        && !Array.Exists(OtherWords, word => action.Type.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <summary>The kinds in words, for a refusal.</summary>
    public static string Known => "status, priority, board, type, team, resource and note";

    /// <summary>As an editor offers them.</summary>
    public static IReadOnlyList<RuleActionKind> Offered { get; } = [.. Rows.Select(row => new RuleActionKind(row.Key, row.Name, row.Values, row.Many))];

    /// <summary>An action as read, for an editor; one that sets nothing or several things is kept as it is and not understood.</summary>
    public static RuleActionState Of(ActionSnapshot action) => Rows.Where(row => row.Read(action) is not null).ToList() is [var only]
        ? new(action.Id, only.Key, action.Type, only.Read(action))
        : new(action.Id, null, action.Type, null);

    /// <summary>An action as it would be read once written.</summary>
    public static ActionSnapshot Snapshot(string id, RuleActionState action) =>
        Find(action) is { } row ? row.Write(new(id, row.Name, null, null), action.Value) : new(id, action.Name, null, null);

    /// <summary>The row of an action's kind.</summary>
    public static Row? Find(RuleActionState action) => Array.Find(Rows, row => row.Key == action.Kind);

    /// <summary>One kind of action.</summary>
    internal sealed record Row(
        string Key, string Name, string Member, string Values, Func<ActionSnapshot, RemoteRef?> Read, Func<ActionSnapshot, RemoteRef?, ActionSnapshot> Write,
        Func<WorkflowActionDto, int, WorkflowActionDto> Fill, bool Many = false);
}
