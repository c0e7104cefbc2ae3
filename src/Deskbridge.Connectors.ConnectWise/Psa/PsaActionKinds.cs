namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>
/// The kinds of action that are carried out, in one place: the words of the rule screen, the member of the wire record that holds the value, and
/// the list it is chosen from.
/// </summary>
internal static class PsaActionKinds
{
    private const string AsOwner = "Assign Resource as owner";
    private const string AssignResource = "Assign Resource";
    private const string InternalNote = "internalNote";
    private const string DiscussionNote = "discussionNote";

    private const string Assigned = "Assigned by a rule";

    private static readonly Row[] Rows =
    [
        Of(TicketFields.Status, "Change Ticket Status", "boardStatus", "status", action => action.Status, (action, value) => action with { Status = value }, (dto, id) => dto with { BoardStatus = new(id) }),
        Of(TicketFields.Priority, "Change Ticket Priority", "servicePriority", "priority", action => action.Priority, (action, value) => action with { Priority = value }, (dto, id) => dto with { ServicePriority = new(id) }),
        Of(TicketFields.Board, "Change Board", "board", "board", action => action.More?.Board, (action, value) => action with { More = new() { Board = value } }, (dto, id) => dto with { Board = new(id) }),
        Of(TicketFields.Type, "Change Ticket Type", "serviceType", PsaRuleValues.TypesByBoard, action => action.More?.Type, (action, value) => action with { More = new() { Type = value } }, (dto, id) => dto with { ServiceType = new(id) }, "Type", "Change Board"),
        Of(TicketFields.Team, "Change Ticket Team", "specificTeamTo", PsaRuleValues.TeamsByBoard, action => action.More?.Team, (action, value) => action with { More = new() { Team = value } }, (dto, id) => dto with { SpecificTeamTo = new(id), Subject = Assigned }, "Team", AssignResource),
        Of(TicketFields.Owner, AsOwner, "specificMemberTo", "owner", action => action.More is { BecomesOwner: true } more ? more.Member : null, (action, value) => action with { More = new() { Member = value, BecomesOwner = true } }, (dto, id) => dto with { SpecificMemberTo = new(id), UpdateOwnerFlag = true, Subject = Assigned }, AssignResource),
        Of("resource", AssignResource, "specificMemberTo", "owner", action => action.More is { BecomesOwner: not true } more ? more.Member : null, (action, value) => action with { More = new() { Member = value } }, (dto, id) => dto with { SpecificMemberTo = new(id), Subject = Assigned }) with { Many = true },
        Note(InternalNote, "Add an internal note", more => more.Discussion != true, new() { Internal = true }),
        Note(DiscussionNote, "Add a note to the discussion", more => more is { Discussion: true, Internal: not true }, new() { Discussion = true }),
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
        ? new(action.Id, only.Key, only.Name, only.Read(action))
        : new(action.Id, null, action.Type, null);

    /// <summary>An action as it would be read once written.</summary>
    public static ActionSnapshot Snapshot(string id, RuleActionState action) =>
        Find(action) is { } row ? row.Write(new(id, row.Name, null, null), action.Value) : new(id, action.Name, null, null);

    /// <summary>The row of an action's kind.</summary>
    public static Row? Find(RuleActionState action) => Array.Find(Rows, row => row.Key == action.Kind);

    /// <summary>The kind of action that ConnectWise offers for a row. The vendor publishes no list of names, so after the row's own name its words are looked for.</summary>
    public static ReferenceDto? Offer(Row row, IReadOnlyList<ReferenceDto> types) =>
        types.FirstOrDefault(type => row.Name.Equals(type.Name, StringComparison.OrdinalIgnoreCase))
        ?? row.Words.Select(word => types.FirstOrDefault(type => type.Name?.Contains(word, StringComparison.OrdinalIgnoreCase) == true
            && !Array.Exists(OtherWords, other => type.Name.Contains(other, StringComparison.OrdinalIgnoreCase)))).FirstOrDefault(type => type is not null);

    private static Row Of(
        string key, string name, string member, string values, Func<ActionSnapshot, RemoteRef?> read, Func<ActionSnapshot, RemoteRef?, ActionSnapshot> write,
        Func<WorkflowActionDto, int, WorkflowActionDto> fill, params string[] words) => new(
            key, name, values, read, write, (dto, value) => fill(dto, PsaMap.Number(value)), (patch, value) => patch.Reference(member, PsaMap.Number(value)), words);

    /// <summary>A note's text is its value and its id.</summary>
    private static Row Note(string key, string name, Predicate<MoreTargets> isThis, MoreTargets flags) => new(
        key, name, null,
        action => action.More is { Note: { Length: > 0 } text } more && isThis(more) ? new RemoteRef(text, text) : null,
        (action, value) => action with { More = flags with { Note = value?.Id } },
        (dto, text) => dto with { Notes = text, InternalNotesFlag = flags.Internal, DetailNotesFlag = flags.Discussion },
        (patch, text) => patch.Value("notes", text), ["note", "Change Board"])
    { Many = true };

    /// <summary>One kind of action.</summary>
    /// <param name="Key">Neutral field name, or a name of its own.</param>
    /// <param name="Name">The rule screen's name, or what it does where that is not known.</param>
    /// <param name="Values">The list that its value is chosen from; null for a text.</param>
    /// <param name="Read">Its value in an action; null when the action is none of it.</param>
    /// <param name="Write">An action with the value.</param>
    /// <param name="Fill">The wire record with the value.</param>
    /// <param name="Patch">A change of the value.</param>
    /// <param name="Words">Words of the names it may have in ConnectWise, best first.</param>
    internal sealed record Row(
        string Key, string Name, string? Values, Func<ActionSnapshot, RemoteRef?> Read, Func<ActionSnapshot, RemoteRef?, ActionSnapshot> Write,
        Func<WorkflowActionDto, string, WorkflowActionDto> Fill, Func<PatchDocument, string, PatchDocument> Patch, string[] Words)
    {
        /// <summary>An event may have several of it.</summary>
        public bool Many { get; init; }
    }
}
