namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>Boards and statuses. Old boards say <c>inactive</c>, newer ones <c>inactiveFlag</c>, so both are looked at here and not by a condition.</summary>
internal static class PsaBoards
{
    /// <summary>The active service boards in id order.</summary>
    public static async Task<IReadOnlyList<BoardDto>> ReadAsync(PsaClient client, CancellationToken cancel) =>
        [.. (await client.ListAsync("service/boards", PsaJson.Default.BoardDto, cancel))
            .Where(board => board.Inactive != true && board.InactiveFlag != true && board.ProjectFlag != true)];

    /// <summary>The active statuses of a board in the order the board shows them.</summary>
    public static async Task<IReadOnlyList<BoardStatusDto>> ReadStatusesAsync(PsaClient client, int boardId, CancellationToken cancel) =>
        [.. (await client.ListAsync($"service/boards/{boardId}/statuses", PsaJson.Default.BoardStatusDto, cancel))
            .Where(status => status.Inactive != true && status.InactiveFlag != true)
            .OrderBy(status => status.SortOrder ?? int.MaxValue).ThenBy(status => status.Id)];
}
