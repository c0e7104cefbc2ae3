namespace Deskbridge.Connectors;

/// <summary>Finds out which rights the remote's account has.</summary>
public interface IProbesRights
{
    /// <summary>Finds out about every cell of <see cref="IConnectorType.NeededRights"/>. Changes nothing in the remote system.</summary>
    /// <param name="cancel">Ends the call.</param>
    Task<RightsReport> ProbeRightsAsync(CancellationToken cancel);
}

/// <summary>A column of the remote's table of rights.</summary>
public enum RightColumn
{
    /// <summary>Make new records.</summary>
    Add,

    /// <summary>Change records.</summary>
    Edit,

    /// <summary>Delete records.</summary>
    Delete,

    /// <summary>Read records.</summary>
    Inquire,
}

/// <summary>When a cell is needed.</summary>
public enum RightNeed
{
    /// <summary>By nothing that is on.</summary>
    Never,

    /// <summary>While Install, Repair, Remove or the rule editor write; it may be taken away in between.</summary>
    Setup,

    /// <summary>All the time.</summary>
    Always,
}

/// <summary>One function (a row) of the remote's table of rights.</summary>
/// <param name="Module">The vendor's name of the module.</param>
/// <param name="Function">The vendor's name of the function.</param>
/// <param name="Why">Which features need it; what it is for when none does.</param>
/// <param name="Add">When its cell is needed.</param>
/// <param name="Edit">When its cell is needed.</param>
/// <param name="Delete">When its cell is needed.</param>
/// <param name="Inquire">When its cell is needed.</param>
public sealed record NeededRight(string Module, string Function, string Why, RightNeed Add, RightNeed Edit, RightNeed Delete, RightNeed Inquire)
{
    /// <summary>Entries to be allowed where the vendor lets the function be customised.</summary>
    public IReadOnlyList<string> Items { get; init; } = [];

    /// <summary>What is lost without it, when all else works; null when the connection does not do its work without it.</summary>
    public string? Without { get; init; }

    /// <summary>When a cell is needed.</summary>
    /// <param name="column">The cell's column.</param>
    public RightNeed this[RightColumn column] => column switch
    {
        RightColumn.Add => Add,
        RightColumn.Edit => Edit,
        RightColumn.Delete => Delete,
        _ => Inquire,
    };

    /// <summary>Whether any of its cells is needed.</summary>
    public bool IsNeeded => Enum.GetValues<RightColumn>().Any(column => this[column] != RightNeed.Never);
}

/// <summary>What is known of a cell.</summary>
public enum RightState
{
    /// <summary>It could not be found out without changing something.</summary>
    Unknown,

    /// <summary>The account has it.</summary>
    Have,

    /// <summary>The account lacks it.</summary>
    Missing,
}

/// <summary>What was found out about one cell.</summary>
/// <param name="Column">Which.</param>
/// <param name="Need">When it is needed.</param>
/// <param name="State">Whether the account has it.</param>
/// <param name="Evidence">How that is known, for people.</param>
public sealed record RightCell(RightColumn Column, RightNeed Need, RightState State, string Evidence);

/// <summary>What was found out about one function.</summary>
/// <param name="Needed">What is needed of it.</param>
/// <param name="Cells">Its four cells.</param>
/// <param name="Fix">Where the missing cells are set, in the vendor's words; null when none that is needed is missing.</param>
public sealed record RightRow(NeededRight Needed, IReadOnlyList<RightCell> Cells, string? Fix)
{
    /// <summary>Cells that are needed and missing.</summary>
    /// <param name="setup">Count those that only setting up needs.</param>
    public IEnumerable<RightCell> Missing(bool setup) => Cells.Where(cell => cell.State == RightState.Missing && (cell.Need == RightNeed.Always || (setup && cell.Need == RightNeed.Setup)));

    /// <summary>Needed cells by their full names, such as "Service Desk > Service Tickets > Edit".</summary>
    /// <param name="cells">Some of <see cref="Cells"/>.</param>
    public IEnumerable<string> Names(IEnumerable<RightCell> cells) => cells.Select(cell => $"{Needed.Module} > {Needed.Function} > {cell.Column}");
}

/// <summary>What was found out about an account's rights.</summary>
/// <param name="Role">Name of the account's role; empty when it may not be read.</param>
/// <param name="Rows">Every function that may be needed.</param>
/// <param name="Notes">What limits the finding, for people.</param>
public sealed record RightsReport(string Role, IReadOnlyList<RightRow> Rows, IReadOnlyList<string> Notes)
{
    /// <summary>What the account sees; null when it could not be read.</summary>
    public Visibility? Visible { get; init; }

    /// <summary>The remote's release, as it tells it; empty when it does not.</summary>
    public string Version { get; init; } = "";
}

/// <summary>What an account sees (S10): its place in the company and its role bound it together, so it is found out by looking.</summary>
/// <param name="Location">Its location.</param>
/// <param name="Department">Its department or business unit.</param>
/// <param name="DefaultBoard">Its default board.</param>
/// <param name="Boards">The active boards it sees.</param>
/// <param name="Warnings">Boards that rules or settings name and it does not see, with what to do.</param>
public sealed record Visibility(string? Location, string? Department, string? DefaultBoard, IReadOnlyList<SeenBoard> Boards, IReadOnlyList<string> Warnings);

/// <summary>A board that the account sees.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Location">Its location.</param>
/// <param name="Department">Its department.</param>
/// <param name="OpenTickets">Open tickets on it that the account sees; null when they were not counted.</param>
public sealed record SeenBoard(string Name, string? Location, string? Department, int? OpenTickets);

/// <summary>Tells the remote's release by the answers it gives anyway.</summary>
public interface ITellsVersion
{
    /// <summary>The release as last told; null before the first answer.</summary>
    string? Version { get; }
}
