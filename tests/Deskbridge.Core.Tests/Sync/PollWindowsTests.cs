using Deskbridge.Core.Sync;
using Xunit;

namespace Deskbridge.Core.Tests.Sync;

public sealed class PollWindowsTests
{
    private static readonly Guid Connection = Guid.CreateVersion7();
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Overlap = TimeSpan.FromMinutes(5);

    private readonly PollWindows _windows = new();

    [Fact]
    public void FirstPoll_OfAProcess_ReadsTheWholeOverlap() =>
        Assert.Equal(new PollWindow(Start - Overlap, Whole: true, MovesMark: true), _windows.Next(Connection, Start, Overlap, Start));

    [Fact]
    public void PollsInBetween_ReadOnlyWhatIsNewerThanTheNewestRow_AndLeaveTheMark()
    {
        Read(Start, mark: Start.AddSeconds(-10), newest: Start.AddSeconds(-1));

        var next = _windows.Next(Connection, Start.AddSeconds(-10), Overlap, Start.AddSeconds(1));

        Assert.Equal(new PollWindow(Start.AddSeconds(-1), Whole: false, MovesMark: false), next);
    }

    [Fact]
    public void EveryTenSeconds_TheLastSecondsBeforeTheMarkAreReadAgain()
    {
        var mark = Start.AddSeconds(-10);
        Read(Start, mark, newest: Start.AddSeconds(-1));

        Assert.Equal(new PollWindow(mark.AddSeconds(-5), Whole: false, MovesMark: true), _windows.Next(Connection, mark, Overlap, Start.AddSeconds(10)));
    }

    [Fact]
    public void EveryMinute_TheWholeOverlapIsReadAgain()
    {
        var mark = Start.AddSeconds(40);
        Read(Start, mark, newest: Start);
        _windows.Read(Connection, _windows.Next(Connection, mark, Overlap, Start.AddSeconds(50)), mark, Start, Start.AddSeconds(50));

        Assert.Equal(new PollWindow(mark - Overlap, Whole: true, MovesMark: true), _windows.Next(Connection, mark, Overlap, Start.AddSeconds(60)));
    }

    [Fact]
    public void RemoteWhoseRowsCameLate_IsReadWithTheWholeLearnedOverlap()
    {
        var learned = TimeSpan.FromMinutes(12);
        Read(Start, Start, newest: Start);

        Assert.Equal(new PollWindow(Start - learned, Whole: true, MovesMark: true), _windows.Next(Connection, Start, learned, Start.AddSeconds(10)));
    }

    [Fact]
    public void MarkThatWasSetBack_IsReadFromAtOnce()
    {
        Read(Start, Start, newest: Start);

        Assert.Equal(Start.AddDays(-30) - Overlap, _windows.Next(Connection, Start.AddDays(-30), Overlap, Start.AddSeconds(1)).Since);
    }

    private void Read(DateTimeOffset now, DateTimeOffset mark, DateTimeOffset newest) =>
        _windows.Read(Connection, _windows.Next(Connection, mark, Overlap, now), mark, newest, now);
}
