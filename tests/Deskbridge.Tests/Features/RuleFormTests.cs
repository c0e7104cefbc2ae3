using Deskbridge.Connectors;
using Deskbridge.Features.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Xunit;

namespace Deskbridge.Tests.Features;

public sealed class RuleFormTests
{
    private static readonly RuleActionKind Note = new("internalNote", "Add an internal note", null);

    /// <summary>A browser sends two characters for a line's end: the note would be written anew at every save.</summary>
    [Theory]
    [InlineData("Call them back.\r\nThen close.", "Call them back.\nThen close.")]
    [InlineData("  ", null)]
    public void Note_WithSeveralLines_IsReadAsItStandsThere(string sent, string? text)
    {
        var form = new FormCollection(new Dictionary<string, StringValues> { ["action"] = RuleForm.Choice(Note), ["actionId"] = "7", ["actionText"] = sent });

        var action = Assert.Single(RuleForm.Read(form, [(Note, [])]).Actions!);

        Assert.Equal(("7", "internalNote", text), (action.Id, action.Kind, action.Value?.Id));
    }
}
