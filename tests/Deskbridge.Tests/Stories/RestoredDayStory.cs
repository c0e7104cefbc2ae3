using Deskbridge.Cli;
using Deskbridge.Core.Alerting;
using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Tests.Stories;

/// <summary>A backup under load, a day of work, and then the backup is all there is (engine.md §10).</summary>
public sealed class RestoredDayStory
{
    private const string Acknowledged = "Acknowledged";
    private const string Resolved = "Resolved";

    [Fact]
    public async Task Restore_AfterADayOfWork_DoublesNothing_AndPagesForWhatIsOpen()
    {
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        await using var world = await StoryWorld.StartAsync(clock: time);
        var day = new DayOfWork(world, time, seed: 1);
        for (var i = 0; i < 12; i++) await day.NewTicketAsync();
        await day.QuietAsync();
        for (var i = 0; i < 20; i++) await day.ActAsync();

        var backup = await BackUpUnderLoadAsync(world, day);
        await WorkForADayAsync(day, time);
        var before = await day.LookAsync();
        var rung = await RestoreAsync(world, backup);
        await day.QuietAsync();
        time.Advance(TimeSpan.FromSeconds(61));
        await day.QuietAsync();

        var after = await day.LookAsync();
        Assert.All(day.Tickets, ticket => Assert.Equal(before[ticket], after[ticket] with { Marker = MarkerOf(after[ticket], before[ticket]) }));
        Assert.All(day.Notes, note => Assert.Equal(1, after[note.Ticket].Notes.Split('|').Count(text => text.StartsWith(note.Text, StringComparison.Ordinal))));
        var paged = (await world.PagesAsync()).Skip(rung).Select(page => page["title"]!.ToString()).ToList();
        Assert.Contains(before.Values, ticket => ticket.Marker == Acknowledged);
        Assert.Contains(before.Values, ticket => ticket.Marker == Resolved);
        Assert.Contains(before.Values, IsOpen);
        foreach (var ticket in day.Tickets)
        {
            var alert = await day.FindAsync(ticket);
            var rings = paged.Count(title => title.Contains(before[ticket].Title, StringComparison.Ordinal));
            Assert.False(IsOpen(before[ticket]) && rings == 0, $"{before[ticket]} did not page; its alert is {alert?.Status}");
            Assert.False(before[ticket].Marker.Length > 0 && rings > 0, $"{before[ticket]} paged {rings} times; its alert is {alert?.Status}");
            if (alert is not null && !before[ticket].Closed) Assert.Equal(StateOf(before[ticket].Marker), alert.Status);
        }
    }

    /// <summary>An alert that was opened again on a ticket that stayed closed may come back closed: a closed ticket pages nobody anew.</summary>
    private static string MarkerOf(TicketPicture after, TicketPicture before) => before.Closed && after.Marker == Resolved ? before.Marker : after.Marker;

    private static bool IsOpen(TicketPicture ticket) => ticket is { Closed: false, Retrieved: true, Marker: "" };

    private static AlertStatus StateOf(string marker) => marker switch
    {
        Acknowledged => AlertStatus.Acknowledged,
        Resolved => AlertStatus.Closed,
        _ => AlertStatus.Open,
    };

    /// <summary>Tickets come in and people act while the copy is made: the backup shows work in every stage.</summary>
    private static async Task<string> BackUpUnderLoadAsync(StoryWorld world, DayOfWork day)
    {
        var file = Path.Combine(world.Folder, "..", "night.zip");
        using var stop = new CancellationTokenSource();
        var load = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await day.ActAsync();
                if (day.Tickets.Count < 20) await day.NewTicketAsync();
                await world.PollAsync();
            }
        }, TestContext.Current.CancellationToken);
        await using var told = new StringWriter();
        Assert.Equal(ExitCodes.Done, await BackupCommand.RunAsync(world.Folder, world.Database.Address, file, told, told, TestContext.Current.CancellationToken));
        await stop.CancelAsync();
        await load;
        return file;
    }

    private static async Task WorkForADayAsync(DayOfWork day, ManualTime time)
    {
        for (var hour = 0; hour < 24; hour += 4)
        {
            for (var i = 0; i < (hour < 8 ? 9 : 8); i++) await day.NewTicketAsync();
            await day.QuietAsync();
            for (var i = 0; i < 25; i++) await day.ActAsync();
            await day.QuietAsync();
            time.Jump(TimeSpan.FromHours(4));
        }

        await day.QuietAsync();
    }

    /// <summary>Answers how often Dana's phone had rung before.</summary>
    private static async Task<int> RestoreAsync(StoryWorld world, string backup)
    {
        var rung = 0;
        await world.RestartHubAsync(async () =>
        {
            await using var told = new StringWriter();
            Assert.True(await RestoreCommand.RunAsync(world.Folder, world.Database.Address, backup, told, told, default) == ExitCodes.Done, told.ToString());
            rung = (await world.PagesAsync()).Count;
        });
        return rung;
    }
}
