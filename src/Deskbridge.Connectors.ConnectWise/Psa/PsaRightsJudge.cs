namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>One call that shows something about a cell.</summary>
/// <param name="Column">The cell's column.</param>
/// <param name="What">The call, for people.</param>
/// <param name="IsRead">A read that works proves the cell. A write to what does not exist proves only a refusal: the vendor does not say whether it looks for the record or for the right first.</param>
/// <param name="Refused">It was answered with 403.</param>
/// <param name="Item">The entry of a customised function that it is about.</param>
internal sealed record RightProof(RightColumn Column, string What, bool IsRead, bool Refused, string? Item = null);

/// <summary>Weighs what the role's own list says against what calls showed. Pure.</summary>
internal static class PsaRightsJudge
{
    private const string FirstWrite = "The first real write shows it.";

    /// <summary>What is known of one function.</summary>
    /// <param name="need">What is needed of it.</param>
    /// <param name="listed">Its row of <c>system/mySecurity</c>; null when it is not listed.</param>
    /// <param name="proofs">What calls showed.</param>
    /// <param name="limit">Why a customised function does not reach where it must (S47); null when it does.</param>
    /// <param name="role">The role's name; empty when unknown.</param>
    public static RightRow Judge(NeededRight need, SecurityRowDto? listed, IReadOnlyList<RightProof> proofs, string? limit, string role)
    {
        var cells = Enum.GetValues<RightColumn>().Select(column =>
        {
            var (state, evidence) = Judge(Level(listed, column), [.. proofs.Where(proof => proof.Column == column)]);
            return limit is not null && state == RightState.Have && need[column] != RightNeed.Never
                ? new RightCell(column, need[column], RightState.Missing, limit)
                : new RightCell(column, need[column], state, evidence);
        }).ToList();
        var row = new RightRow(need, cells, null);
        var missing = row.Missing(setup: true).Select(cell => cell.Column).ToList();
        return missing.Count == 0 ? row : row with { Fix = PsaRights.Fix(role, need, missing, limit) };
    }

    /// <summary>A refusal counts whatever the list says, and a list that says no counts though a read worked: the next release may look closer.</summary>
    private static (RightState State, string Evidence) Judge(string? level, IReadOnlyList<RightProof> proofs)
    {
        if (proofs.FirstOrDefault(proof => proof.Refused) is { } refused) return (RightState.Missing, $"ConnectWise refused to {refused.What}{(level is null ? "" : $", though the role's list says {level}")}.");
        var read = proofs.FirstOrDefault(proof => proof.IsRead);
        return level switch
        {
            "All" when read is not null => (RightState.Have, $"The role's list says All, and it worked to {read.What}."),
            "All" when proofs.Count > 0 => (RightState.Have, $"The role's list says All, and it was not refused to {proofs[0].What}."),
            "All" => (RightState.Have, "The role's list says All."),
            not null => (RightState.Missing, $"The role's list says {level}."),
            null when read is not null => (RightState.Have, $"It worked to {read.What}."),
            null when proofs.Count > 0 => (RightState.Unknown, $"It was not refused to {proofs[0].What}, which proves little. {FirstWrite}"),
            null => (RightState.Unknown, $"Not probed: no call shows it without changing something. {FirstWrite}"),
        };
    }

    private static string? Level(SecurityRowDto? row, RightColumn column) => (column switch
    {
        RightColumn.Add => row?.AddLevel,
        RightColumn.Edit => row?.EditLevel,
        RightColumn.Delete => row?.DeleteLevel,
        _ => row?.InquireLevel,
    })?.Trim() switch
    {
        null or "" => row is null ? null : "None",
        var level when level.Equals("All", StringComparison.OrdinalIgnoreCase) => "All",
        var level => level,
    };
}
