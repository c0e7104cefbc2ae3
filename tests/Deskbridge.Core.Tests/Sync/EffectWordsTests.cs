using Deskbridge.Connectors;
using Deskbridge.Core.Sync;
using Xunit;

namespace Deskbridge.Core.Tests.Sync;

/// <summary>What a write is called on screens: by names, not by numbers.</summary>
public sealed class EffectWordsTests
{
    [Theory]
    [InlineData("Dana R. Reyes", null, "Schedule Dana R. Reyes on the ticket.")]
    [InlineData("", null, "Schedule member 176 on the ticket.")]
    [InlineData("Dana R. Reyes", "9", "End the schedule entry of Dana R. Reyes on the ticket.")]
    public void ScheduleEntry_NamesItsMember(string name, string? ends, string shown) =>
        Assert.Equal(shown, EffectWords.Of(new ScheduleWrite("176") { Name = name, Ends = ends }));

    [Theory]
    [InlineData("20", "Assigned (responded)", "status = \"Assigned (responded)\"")]
    [InlineData("20", null, "status = \"20\"")]
    [InlineData(null, "Assigned (responded)", "status = \"Assigned (responded)\"")]
    [InlineData(null, null, "status cleared")]
    [InlineData(null, "", "status cleared")]
    public void Field_IsShownWithItsNewValue(string? value, string? name, string shown)
    {
        var names = new Dictionary<string, string>();
        if (name is not null) names[TicketFields.Status] = name;

        Assert.Equal(shown, EffectWords.Of(new FieldWrite(new Dictionary<string, string?> { [TicketFields.Status] = value }, new Dictionary<string, string?>(), names, null, false, false, "rule action")));
    }
}
