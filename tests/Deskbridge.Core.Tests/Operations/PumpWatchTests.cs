using Deskbridge.Core.Operations;
using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Core.Tests.Operations;

public sealed class PumpWatchTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public void Loop_HeardOfLately_IsNotStuck()
    {
        var watch = new PumpWatch(_time);
        for (var minute = 0; minute < 60; minute++)
        {
            foreach (var pump in Enum.GetValues<Pump>()) watch.Beat(pump);
            _time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.DoesNotContain(watch.States(), pump => pump.Stuck);
    }

    [Fact]
    public void Loop_NotHeardOf_IsStuck_ThePagerSoonest()
    {
        var watch = new PumpWatch(_time);

        _time.Advance(TimeSpan.FromSeconds(91));
        Assert.Equal([Pump.Pages], watch.States().Where(pump => pump.Stuck).Select(pump => pump.Pump));

        _time.Advance(TimeSpan.FromMinutes(4));
        watch.Beat(Pump.Pages);
        Assert.Equal([Pump.Tickets, Pump.Writes, Pump.Details, Pump.Clock], watch.States().Where(pump => pump.Stuck).Select(pump => pump.Pump));
    }
}
