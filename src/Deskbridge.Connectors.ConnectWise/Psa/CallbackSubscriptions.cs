namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>Keeps exactly one active subscription to all tickets at this connection's address, and nothing else there.</summary>
internal sealed class CallbackSubscriptions(PsaClient client, Uri callbackUrl)
{
    private const string Path = "system/callbacks";
    private const string TicketType = "ticket";
    private const string OwnerLevel = "owner";

    // ConnectWise appends the record's id and then "&action=...", so the address must end like this (reference 8.3).
    private string RegisteredUrl => callbackUrl + (callbackUrl.Query.Length > 0 ? "&" : "?") + "recordId=";

    public async Task<SubscriptionReport> EnsureAsync(CancellationToken cancel)
    {
        var ours = await OursAsync(cancel);
        var right = ours.Where(IsRight).OrderBy(entry => entry.InactiveFlag == true).ThenBy(entry => entry.Id).ToList();
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

        return await AddAsync(cancel) ? new(1, surplus.Count, 0, 0) : new(0, surplus.Count, 0, 1);
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

    private async Task<bool> AddAsync(CancellationToken cancel)
    {
        var entry = new CallbackDto
        {
            Description = "Deskbridge: service tickets",
            Url = RegisteredUrl,
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
            if ((await OursAsync(cancel)).Any(IsRight))
            {
                return false;
            }

            throw;
        }
    }

    private async Task<IReadOnlyList<CallbackDto>> OursAsync(CancellationToken cancel)
    {
        var entries = await client.ListAsync(Path, PsaJson.Default.CallbackDto, cancel, new Conditions().Contains("url", callbackUrl.Host));
        return [.. entries.Where(entry => entry.Id is not null && PointsHere(entry.Url))];
    }

    private bool PointsHere(string? url) => url is not null && url.StartsWith(callbackUrl.AbsoluteUri, StringComparison.Ordinal)
        && (url.Length == callbackUrl.AbsoluteUri.Length || url[callbackUrl.AbsoluteUri.Length] is '?' or '&' or '/');

    private bool IsRight(CallbackDto entry) => entry.Url == RegisteredUrl
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
