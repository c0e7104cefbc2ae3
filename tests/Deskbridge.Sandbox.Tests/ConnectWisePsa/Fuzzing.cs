using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Deskbridge.Sandbox.ConnectWisePsa.Query;
using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa;

/// <summary>The <c>conditions</c> language, with texts that nobody would write, for <c>DESKBRIDGE_FUZZ_SECONDS</c> (default 2).</summary>
public sealed class Fuzzing
{
    private static readonly string[] Words =
    [
        "and", "or", "not", "(", ")", "((", "))", "\"", "'", "[", "]", ",", "=", "!=", "<>", "<=", "in", "(1, 2)", "contains", "like", "null", "true", "False", "5", "1e400", "99999999999999999999999999999999", "-", ".5",
        "id", "summary", "status/name", "board/id", "closedFlag", "lastUpdated", "customFields", "a/b/c/d", "/", "\"disk*\"", "'%a%'", "\"[[]x]\"", "\"[z-a]\"", "[2026-11-20T08:00:00Z]", "[]", "\\", "\u00e9", "\ud83d", "\0",
    ];

    private static readonly JsonObject Ticket = (JsonObject)JsonNode.Parse(
        """{"id":7,"summary":"disk [C:] full","closedFlag":false,"status":{"id":1,"name":"New"},"board":{"id":2},"_info":{"lastUpdated":"2026-11-20T08:00:00Z"},"customFields":[{"id":1,"caption":"A","value":null}]}""")!;

    [Fact]
    public Task Conditions_AnyText_AreAnsweredOrRefused() => Fuzz.RunAsync(random => Answer(Fuzz.Text(random, Words, 1 + random.Next(30))));

    /// <summary>Four times the text may take some four times the work, not sixteen.</summary>
    [Theory]
    [InlineData("", "(", "id=1")]
    [InlineData("id=1", " and id=1", "")]
    [InlineData("id=2", " or id=2", "")]
    [InlineData("", "not ", "id=1")]
    [InlineData("summary=\"", "a", "")]
    [InlineData("summary=\"", "\\", "")]
    [InlineData("summary like \"", "*a", "\"")]
    [InlineData("summary like \"", "[", "\"")]
    [InlineData("summary like \"", "[a", "]\"")]
    [InlineData("id=", "9", "")]
    [InlineData("id in (1", ",1", ")")]
    [InlineData("", "a/", "b=1")]
    [InlineData("", "[", "")]
    [InlineData("", "x", "")]
    [InlineData("", "\"\"", "")]
    public void Conditions_FourTimesTheText_TakeNoMoreThanTheirShareOfWork(string head, string piece, string tail)
    {
        var (small, large) = (Work(16 * 1024), Work(64 * 1024));

        Assert.True(large.Bytes < (6 * small.Bytes) + 2_000_000, $"{small.Bytes:N0} bytes for 16 kB, {large.Bytes:N0} for 64 kB");
        Assert.True(large.Time < TimeSpan.FromSeconds(2), $"64 kB took {large.Time.TotalMilliseconds:0} ms");

        (long Bytes, TimeSpan Time) Work(int length)
        {
            var text = Fuzz.Long(head, piece, tail, length);
            return (Fuzz.Allocated(() => Answer(text)), Fuzz.Fastest(() => Answer(text)));
        }
    }

    private static void Answer(string text)
    {
        try
        {
            _ = new Filter(null, text, null, null).Matches(Ticket);
            _ = new Filter(null, null, null, text).Matches(Ticket);
        }
        catch (PsaRefusal)
        {
            // Refused in the vendor's way: as good an answer.
        }
    }
}
