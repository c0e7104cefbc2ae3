namespace Deskbridge.Connectors.Autotask;

/// <summary>The statuses that count as closed: Complete, the one that a close sets, and those that the settings add. Tenants make more of the kind with numbers of their own.</summary>
internal sealed class ClosedStatuses(AutotaskOptions options)
{
    private (TicketSchema Schema, HashSet<long> Values)? _last;

    /// <summary>Their numbers; what is named and not there is told when the rules are read.</summary>
    public HashSet<long> In(TicketSchema schema)
    {
        if (_last is { } last && ReferenceEquals(last.Schema, schema)) return last.Values;
        var values = StatusNames.Split(options.ClosingStatuses).Append(options.ClosedStatus).Select(name => schema.Find(TicketSchema.Status, name)?.Value).OfType<long>().ToHashSet();
        values.Add(TicketSchema.Complete);
        _last = (schema, values);
        return values;
    }
}

/// <summary>Names as people list them.</summary>
internal static class StatusNames
{
    /// <summary>The names between commas.</summary>
    public static IEnumerable<string> Split(string listed) => listed.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
