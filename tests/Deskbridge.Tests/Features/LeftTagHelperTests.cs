using Deskbridge.Features.Shared;
using Deskbridge.Testing;
using Microsoft.AspNetCore.Razor.TagHelpers;
using Xunit;

namespace Deskbridge.Tests.Features;

public sealed class LeftTagHelperTests
{
    [Theory]
    [InlineData(150, "2 h left")]
    [InlineData(1, "60 s left")]
    [InlineData(-45, "overdue by 45 min")]
    [InlineData(-4000, "overdue by 2 days")]
    public void Left_UntilAnInstant_IsToldInWords(int minutes, string words)
    {
        var time = new ManualTime();
        var output = new TagHelperOutput("left", [], (_, _) => Task.FromResult<TagHelperContent>(new DefaultTagHelperContent()));

        new LeftTagHelper(time) { Until = time.GetUtcNow().AddMinutes(minutes) }.Process(new TagHelperContext([], new Dictionary<object, object>(), "one"), output);

        Assert.Equal(words, output.Content.GetContent());
    }
}
