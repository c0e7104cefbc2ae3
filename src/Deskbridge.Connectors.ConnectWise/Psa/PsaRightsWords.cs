namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>A function's rights as one line of the Test button. Pure.</summary>
internal static class PsaRightsWords
{
    /// <summary>The line.</summary>
    /// <param name="row">What was found out.</param>
    /// <param name="installed">What only setting up needs may be missing.</param>
    public static ProbeCheck Check(RightRow row, bool installed)
    {
        var name = $"{row.Needed.Module} > {row.Needed.Function}";
        var missing = row.Missing(setup: !installed).ToList();
        if (missing.Count > 0)
        {
            var text = $"The role lacks {string.Join("; ", row.Names(missing))}. {string.Join(' ', missing.Select(cell => cell.Evidence).Distinct(StringComparer.Ordinal))} It is for: {row.Needed.Why}.";
            return row.Needed.Without is { } lost
                ? new(name, ProbeOutcome.Warning, $"{text} Without it {lost}.", row.Fix)
                : new(name, ProbeOutcome.Failed, text, row.Fix);
        }

        var unknown = row.Cells.Where(cell => cell is { Need: RightNeed.Always, State: RightState.Unknown }).ToList();
        return unknown.Count > 0
            ? new(name, ProbeOutcome.Warning, $"Not known: {string.Join("; ", unknown.Select(cell => $"{cell.Column}: {cell.Evidence}"))}", "Compare the role with the table under Rights on the connection's page.")
            : new(name, ProbeOutcome.Passed, Fine(row));
    }

    /// <summary>What the member sees, as a line of the Test button.</summary>
    /// <param name="seen">What was found out.</param>
    public static ProbeCheck Check(Visibility seen)
    {
        var boards = string.Join(", ", seen.Boards.Select(board => board.OpenTickets is { } open ? $"{board.Name} ({open} open)" : board.Name));
        var text = $"Sees {seen.Boards.Count} boards: {boards}. Its location is {seen.Location ?? "not known"}, its business unit {seen.Department ?? "not known"}, its default board {seen.DefaultBoard ?? "none"}.";
        return seen.Warnings.Count == 0
            ? new("Boards", ProbeOutcome.Passed, text)
            : new("Boards", ProbeOutcome.Warning, $"{string.Join(' ', seen.Warnings)} {text}", "See the message; then test again.");
    }

    private static string Fine(RightRow row)
    {
        var lacks = Columns(row, cell => cell.State == RightState.Missing);
        if (!row.Needed.IsNeeded) return lacks.Length == 0 ? $"Not needed. {row.Needed.Why}." : $"Not needed, and the role lacks {lacks}. {row.Needed.Why}.";
        var setup = Columns(row, cell => cell is { Need: RightNeed.Setup, State: RightState.Missing });
        return $"{Columns(row, cell => cell is { Need: not RightNeed.Never, State: RightState.Have })} as needed.{(setup.Length > 0 ? $" {setup} only while something is set up; the role lacks it now, which is as it should be." : "")}";
    }

    private static string Columns(RightRow row, Func<RightCell, bool> among) => string.Join(", ", row.Cells.Where(among).Select(cell => cell.Column));
}
