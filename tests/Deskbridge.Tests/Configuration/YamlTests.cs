using Deskbridge.Configuration;
using Xunit;

namespace Deskbridge.Tests.Configuration;

public sealed class YamlTests
{
    [Theory]
    [InlineData("Service desk")]
    [InlineData("true")]
    [InlineData("No")]
    [InlineData("null")]
    [InlineData("5")]
    [InlineData("1e5")]
    [InlineData("0x1F")]
    [InlineData("08:30")]
    [InlineData("2026-03-02")]
    [InlineData(" edge ")]
    [InlineData("- not a list")]
    [InlineData("a: b")]
    [InlineData("ends with:")]
    [InlineData("a #comment")]
    [InlineData("\"quoted\" \\ and 'single'")]
    [InlineData("*alias")]
    [InlineData("&anchor !tag {map} [list], %dir @at `tick`")]
    [InlineData("Überwachung 監視 🚨 \u2028 sep")]
    [InlineData("tab\tand\u0001control")]
    [InlineData("two\nlines")]
    [InlineData("two\nlines\n")]
    [InlineData("two\n\nlines\n\n")]
    [InlineData("\n")]
    [InlineData(" first line indented\nsecond")]
    [InlineData("trailing space \nsecond")]
    [InlineData("# looks like a comment\n- and a list")]
    [InlineData("-----BEGIN CERTIFICATE-----\nMIIB/+==\n-----END CERTIFICATE-----\n")]
    public void Text_OfAnyKind_IsReadAsItWasWritten(string text)
    {
        var yaml = new YamlWriter().Open(0, "list").Item(2, "first", text == "\n" || text.Contains('\n', StringComparison.Ordinal) ? "x" : text).Value(4, "value", text).ToString();

        var item = (YamlMap)((YamlList)((YamlMap)YamlReader.Read(yaml)).Entries[0].Value).Items[0];

        Assert.Equal(text, ((YamlText)item.Entries[1].Value).Text);
    }

    [Theory]
    [InlineData("people:\n  - email: a@b\n   name: slip", 3, "not YAML")]
    [InlineData("a: 1\nb: 2\na: 3", 3, "twice")]
    [InlineData("a: &x 1\nb: *x", 1, "Anchors")]
    [InlineData("a: 1\n---\nb: 2", 2, "second document")]
    [InlineData("a: [[[[[[[[[[1]]]]]]]]]]", 1, "nested deeper")]
    public void File_ThatIsNoPlainYaml_IsRefusedAtItsLine(string text, int line, string says)
    {
        var refused = Assert.Throws<NotYamlException>(() => YamlReader.Read(text));

        Assert.Equal(line, refused.Problem.Line);
        Assert.Contains(says, refused.Problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void File_NestedAHundredThousandDeep_IsRefusedAndNothingElseHappens() =>
        Assert.Contains("nested deeper", Assert.Throws<NotYamlException>(() => YamlReader.Read(new string('[', 100_000))).Problem.Message, StringComparison.Ordinal);

    [Fact]
    public void File_OfAnotherKind_IsRefusedByItsLength() =>
        Assert.Contains("longer than", Assert.Throws<NotYamlException>(() => YamlReader.Read(new string('x', YamlReader.LongestFile + 1))).Problem.Message, StringComparison.Ordinal);
}
