using Deskbridge.Core.Common;
using Xunit;

namespace Deskbridge.Core.Tests.Common;

public sealed class GatheringTests
{
    [Fact]
    public async Task Items_ThatComeWhileAGroupIsAtWork_AreServedTogether()
    {
        var atWork = new TaskCompletionSource();
        var groups = new List<IReadOnlyList<int>>();
        var gathering = new Gathering<int>(most: 3, async group =>
        {
            groups.Add(group);
            await atWork.Task;
        });

        var asked = Enumerable.Range(1, 6).Select(gathering.DoAsync).ToList();
        atWork.SetResult();

        await Task.WhenAll(asked);
        int[][] expected = [[1], [2, 3, 4], [5, 6]];
        Assert.Equal(expected, groups);
    }

    [Fact]
    public async Task Item_ThatSpoilsItsGroup_FailsAlone()
    {
        var atWork = new TaskCompletionSource();
        var served = new List<int>();
        var gathering = new Gathering<int>(most: 8, async group =>
        {
            await atWork.Task;
            if (group.Contains(3)) throw new InvalidOperationException("three");
            served.AddRange(group);
        });

        var asked = Enumerable.Range(1, 4).Select(gathering.DoAsync).ToList();
        atWork.SetResult();

        await Assert.ThrowsAsync<InvalidOperationException>(() => asked[2]);
        await Task.WhenAll(asked[0], asked[1], asked[3]);
        Assert.Equal([1, 2, 4], served);
    }
}
