namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>What the actions of an event do to a ticket and beside it. Pure.</summary>
internal sealed class PsaCarriedActions(string rule)
{
    private readonly List<TicketAction> _fields = [];
    private readonly List<NoteAction> _notes = [];
    private readonly List<MemberAction> _members = [];

    /// <summary>Values that are set, all in one call.</summary>
    public IReadOnlyList<TicketAction> Fields => _fields;

    /// <summary>Notes and schedule entries.</summary>
    public ChildActions Children => _notes.Count + _members.Count == 0 ? ChildActions.None : new(_notes, _members);

    /// <summary>Takes up an action; false when its kind is not carried out, or it names nothing to set.</summary>
    public bool Add(ActionSnapshot action)
    {
        if (action.More is not { } more)
        {
            if (PsaActionKinds.Of(action) is not { Kind: { } field, Value: { } value }) return false;
            _fields.Add(new(field, value, rule));
            return true;
        }

        return PsaActionKinds.IsCarriedOut(action) && (AddNote(more) | AddMember(more) | AddFields(action, more));
    }

    private bool AddFields(ActionSnapshot action, MoreTargets more)
    {
        (string Field, RemoteRef? Value)[] values =
        [
            (TicketFields.Board, more.Board), (TicketFields.Status, action.Status), (TicketFields.Priority, action.Priority), (TicketFields.Team, more.Team),
            (TicketFields.Type, more.Type), (TicketFields.SubType, more.SubType), (TicketFields.Item, more.Item), (TicketFields.Owner, more.BecomesOwner == true ? more.Member : null),
        ];
        var set = values.Where(one => one.Value is not null).Select(one => new TicketAction(one.Field, one.Value!, rule)).ToList();
        _fields.AddRange(set);
        return set.Count > 0;
    }

    private bool AddMember(MoreTargets more)
    {
        if (more.Member is not { } member) return false;
        _members.Add(new(member, rule));
        return true;
    }

    private bool AddNote(MoreTargets more)
    {
        if (more.Note is not { Length: > 0 } text) return false;
        var flags = (more.Discussion == true ? NoteFlags.Discussion : NoteFlags.None) | (more.Internal == true ? NoteFlags.Internal : NoteFlags.None);
        _notes.Add(new(text, flags == NoteFlags.None ? NoteFlags.Internal : flags, rule));
        return true;
    }
}
