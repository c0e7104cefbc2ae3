using Deskbridge.Core.Common;
using Xunit;

namespace Deskbridge.Core.Tests.Common;

public sealed class WrittenInstantsTests
{
    [Theory]
    [InlineData("Entered: 2026-11-14T12:48:21Z", "America/New_York", "Entered: 14 Nov 07:48 (America/New_York)")]
    [InlineData("Due 2026-07-01 10:00 UTC, or 2026-07-01T12:30:00+02:00.", "Europe/Berlin", "Due 1 Jul 12:00 (Europe/Berlin), or 1 Jul 12:30 (Europe/Berlin).")]
    [InlineData("Entered: 2026-11-14T12:48:21Z", "Nowhere/Atlantis", "Entered: 14 Nov 12:48 (UTC)")]
    [InlineData("Serial 2026-11-14T12:48:21Zebra, 2026-99-14T12:48:21Z", "Europe/Berlin", "Serial 2026-11-14T12:48:21Zebra, 2026-99-14T12:48:21Z")]
    public void InZone_Text_TellsItsInstantsInTheZone(string text, string zone, string told) =>
        Assert.Equal(told, WrittenInstants.InZone(text, zone));
}
