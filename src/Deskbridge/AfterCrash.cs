using Deskbridge.Access;
using Deskbridge.Core.Connections.Runs;
using Deskbridge.Core.Data;
using Deskbridge.Core.Nodes;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge;

/// <summary>
/// What a starting hub does about work that the last one was killed in. The lease on the data folder proves that nobody is at it any more,
/// so nothing waits for a claim to run out. What other hubs on the database are at is left to them.
/// </summary>
internal static class AfterCrash
{
    public static async Task TakeUpAsync(this IServiceProvider services, CancellationToken cancel)
    {
        var node = services.GetRequiredService<ThisNode>();
        var others = node.Alone ? [] : await services.GetRequiredService<NodeQueries>().OthersAsync(services.GetRequiredService<TimeProvider>().GetUtcNow(), cancel);
        await services.GetRequiredService<ConnectionRuns>().MarkInterruptedAsync(others, cancel);
        await services.GetRequiredService<AbandonedClaims>().ReleaseAsync(cancel);
        await services.GetRequiredService<RestoredData>().NameAsync(cancel);
        await services.GetRequiredService<RestoredData>().TakeUpAsync(cancel);

        // A request that was never answered: its caller repeats it and must not be told that the first is still at work.
        await using var access = await services.GetRequiredService<IDbContextFactory<AccessDb>>().CreateDbContextAsync(cancel);
        await access.Replies.Where(reply => reply.Status == null && (node.Alone || reply.NodeId == node.Id)).ExecuteDeleteAsync(cancel);
    }
}
