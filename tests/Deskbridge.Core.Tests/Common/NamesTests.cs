using Deskbridge.Core.Common;
using Xunit;

namespace Deskbridge.Core.Tests.Common;

public sealed class NamesTests
{
    [Theory]
    [InlineData("Ann O'Neill-Müller", true)]
    [InlineData("Вера", true)]
    [InlineData("\u05D3\u05E0\u05D4", true)] // right to left by its letters
    [InlineData("\u0646\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645", true)] // a joiner that the script needs
    [InlineData("Night \U0001F469\u200D\U0001F4BB", true)] // an emoji of two
    [InlineData("", false)]
    [InlineData("  ", false)]
    [InlineData("\u202E", false)]
    [InlineData("\u200D", false)]
    [InlineData("a\u202Eb", false)]
    [InlineData("a\u2066b", false)]
    [InlineData("a\u200Bb", false)]
    [InlineData("a\u2028b", false)]
    [InlineData("a\u2029b", false)]
    [InlineData("a\nb", false)]
    [InlineData("a\0b", false)]
    public void Name_FitsWhenItShowsAsItIs_InOneLine(string name, bool fits) => Assert.Equal(fits, Names.Fits(name));
}
