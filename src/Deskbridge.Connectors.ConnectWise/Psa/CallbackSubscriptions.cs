namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>
/// Keeps exactly one active subscription to all tickets, at the hub's present address. The path holds the connection's unguessable token,
/// so a subscription with it is this connection's own at whatever host and port: one from before the hub moved is taken away.
/// </summary>
/// <param name="client">The remote.</param>
/// <param name="callbackPath">Path of this connection's callback address, token included.</param>
internal sealed class CallbackSubscriptions(PsaClient client, string callbackPath)
{
    private const string Path = "system/callbacks";
    private const string TicketType = "ticket";
    private const string OwnerLevel = "owner";
    private const string Description = "Deskbridge: service tickets";

    /// <summary>Ticket callbacks that lead to other programs, a line each; none where they may not be listed. Only the host is told: the rest of such an address may be a secret.</summary>
    public static async Task<IReadOnlyList<string>> OfOthersAsync(PsaClient client, CancellationToken cancel)
    {
        try
        {
            var entries = await client.ListAsync(Path, PsaJson.Default.CallbackDto, cancel);
            return [.. entries
                .Where(entry => TicketType.Equals(entry.Type, StringComparison.OrdinalIgnoreCase) && entry.Description != Description)
                .Select(entry => $"Callback {entry.Id}{(string.IsNullOrWhiteSpace(entry.Description) ? "" : $" \"{entry.Description.Trim()}\"")} tells {Host(entry.Url)} of tickets{(entry.InactiveFlag == true ? " (switched off)" : "")}.")];
        }
        catch (Exception failure) when (failure is ConnectorRejectedException or ConnectorNotFoundException)
        {
            return [];
        }

        static string Host(string? url) => Uri.TryCreate(url, UriKind.Absolute, out var there) ? there.Host : "an unknown address";
    }

    public async Task<SubscriptionReport> EnsureAsync(Uri callbackUrl, CancellationToken cancel)
    {
        // ConnectWise appends the record's id and then "&action=...", so the address must end like this (reference 8.3).
        var wanted = callbackUrl + (callbackUrl.Query.Length > 0 ? "&" : "?") + "recordId=";
        var ours = await OursAsync(cancel);
        var right = ours.Where(entry => IsRight(entry, wanted)).OrderBy(entry => entry.InactiveFlag == true).ThenBy(entry => entry.Id).ToList();
        var surplus = ours.Except(right.Take(1)).ToList();
        foreach (var entry in surplus)
        {
            await DeleteAsync(entry, cancel);
        }

        if (right is [var kept, ..])
        {
            if (kept.InactiveFlag != true)
            {
                return new(0, surplus.Count, 0, 1);
            }

            await client.PatchAsync($"{Path}/{kept.Id}", new PatchDocument().Value("inactiveFlag", false), cancel);
            return new(0, surplus.Count, 1, 0);
        }

        return await AddAsync(wanted, cancel) ? new(1, surplus.Count, 0, 0) : new(0, surplus.Count, 0, 1);
    }

    public async Task<int> RemoveAsync(CancellationToken cancel)
    {
        var ours = await OursAsync(cancel);
        foreach (var entry in ours)
        {
            await DeleteAsync(entry, cancel);
        }

        return ours.Count;
    }

    private async Task<bool> AddAsync(string wanted, CancellationToken cancel)
    {
        var entry = new CallbackDto
        {
            Description = Description,
            Url = wanted,
            ObjectId = 1, // what the level "owner" stands for
            Type = TicketType,
            Level = OwnerLevel,
        };
        try
        {
            await client.PostAsync(Path, entry, PsaJson.Default.CallbackDto, cancel);
            return true;
        }
        catch (ConnectorRejectedException refusal) when (refusal.Kind == RejectionKind.Value)
        {
            // A second registration is refused instead of being the same: somebody was faster, or the first answer was lost.
            if ((await OursAsync(cancel)).Any(entry => IsRight(entry, wanted)))
            {
                return false;
            }

            throw;
        }
    }

    private async Task<IReadOnlyList<CallbackDto>> OursAsync(CancellationToken cancel)
    {
        var entries = await client.ListAsync(Path, PsaJson.Default.CallbackDto, cancel, new Conditions().Contains("url", callbackPath));
        return [.. entries.Where(entry => entry.Id is not null && PointsHere(entry.Url))];
    }

    private bool PointsHere(string? url) => Uri.TryCreate(url, UriKind.Absolute, out var there) && there.PathAndQuery is var rest
        && rest.StartsWith(callbackPath, StringComparison.Ordinal) && (rest.Length == callbackPath.Length || rest[callbackPath.Length] is '?' or '&' or '/');

    private static bool IsRight(CallbackDto entry, string wanted) => entry.Url == wanted
        && TicketType.Equals(entry.Type, StringComparison.OrdinalIgnoreCase)
        && OwnerLevel.Equals(entry.Level, StringComparison.OrdinalIgnoreCase);

    private async Task DeleteAsync(CallbackDto entry, CancellationToken cancel)
    {
        try
        {
            await client.DeleteAsync($"{Path}/{entry.Id}", cancel);
        }
        catch (ConnectorNotFoundException)
        {
            // Gone already, which is what was wanted.
        }
    }
}
