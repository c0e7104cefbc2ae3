using Deskbridge.Connectors;

namespace Deskbridge.Features.Connections;

/// <summary>A part of a verdict as it is shown: one clause, or a group with its parts.</summary>
/// <param name="Clause">The clause; null for a group.</param>
/// <param name="Group">The group; null for a clause.</param>
/// <param name="Parts">The parts of the group.</param>
internal sealed record TraceNode(ClauseTrace? Clause, ClauseGroup? Group, IReadOnlyList<TraceNode> Parts)
{
    /// <summary>The clauses of a trace in their groups.</summary>
    public static IReadOnlyList<TraceNode> Of(IReadOnlyList<ClauseTrace> trace) => Of(trace, 0, trace.Count, depth: 0);

    /// <summary>Icon, colour and word of what a part gave.</summary>
    public static (string Icon, string Colour, string Word) Face(TraceNode node) => node switch
    {
        { Clause.IsUnknown: true } => ("clock", "text-secondary", "Not known"),
        { Clause.Holds: true } or { Group.Holds: true } => ("check", "text-green", "True"),
        _ => ("x", "text-red", "False"),
    };

    private static List<TraceNode> Of(IReadOnlyList<ClauseTrace> trace, int from, int end, int depth)
    {
        var nodes = new List<TraceNode>();
        for (var at = from; at < end;)
        {
            if (GroupAt(trace, at, depth) is not { } group)
            {
                nodes.Add(new(trace[at++], null, []));
                continue;
            }

            var next = at;
            while (next < end && GroupAt(trace, next, depth)?.From == group.From) next++;
            nodes.Add(new(null, group, Of(trace, at, next, depth + 1)));
            at = next;
        }

        return nodes;
    }

    private static ClauseGroup? GroupAt(IReadOnlyList<ClauseTrace> trace, int at, int depth) => trace[at].Within.ElementAtOrDefault(depth);
}
