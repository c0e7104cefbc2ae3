using Deskbridge.Connectors;

namespace Deskbridge.Features.Connections;

/// <summary>The least role as text that can be taken along into the remote system.</summary>
internal static class RoleText
{
    public static RightColumn[] Columns { get; } = [RightColumn.Add, RightColumn.Edit, RightColumn.Delete, RightColumn.Inquire];

    /// <summary>What to choose in a cell.</summary>
    public static string Level(RightNeed need) => need switch
    {
        RightNeed.Always => "All",
        RightNeed.Setup => "All *",
        _ => "None",
    };

    /// <summary>The whole role, a line per function.</summary>
    public static string Of(IReadOnlyList<NeededRight> rights)
    {
        var lines = new List<string>();
        foreach (var module in rights.Where(right => right.IsNeeded).GroupBy(right => right.Module))
        {
            lines.Add($"{module.Key} (Add / Edit / Delete / Inquire)");
            lines.AddRange(module.Select(right => $"  {right.Function}: {string.Join(" / ", Columns.Select(column => Level(right[column])))}{(right.Items.Count > 0 ? $", customised to allow {string.Join(", ", right.Items)}" : "")}"));
        }

        if (rights.Any(right => Columns.Any(column => right[column] == RightNeed.Setup))) lines.Add("* only while Install, Repair, Remove or the rule editor write");
        return string.Join('\n', lines);
    }
}
