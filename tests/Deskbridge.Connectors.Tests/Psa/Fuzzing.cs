using System.Text;
using System.Text.Json;
using Deskbridge.Connectors.ConnectWise.Psa;
using Deskbridge.Connectors.ConnectWise.Psa.Rules;
using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Connectors.Tests.Psa;

/// <summary>
/// Texts that nobody would write, for <c>DESKBRIDGE_FUZZ_SECONDS</c> (default 2) each: the rule language and the bodies of callbacks. A
/// failure names the seed, and <c>DESKBRIDGE_FUZZ_SEED</c> makes it again.
/// </summary>
public sealed class Fuzzing
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);
    private static readonly RuleNames Names = RuleNames.None
        .With(RuleSubject.Status, "New (not responded)", "Waiting and watching", "Do not touch or move")
        .With(RuleSubject.CustomField, "Signl4Retrieved_c", "Signl4Status_c", "Tom and Number");

    private static readonly string[] RuleWords =
    [
        "and", "or", "not", "and not", "(", ")", "((", "))", "\"", "'", "[", "]", ",", "=", "!=", "<=", "in (1, 2)", "null", "true", "5", "99999999999999999999", "1e9", "-", ".5",
        "Ticket is in", "status", "New (not responded)", "Waiting and watching", "Ticket Actual Age is less than", "hours", "minutes", "Ticket is closed", "Priority is", "Summary contains",
        "Signl4Retrieved_c is false", "Signl4Status_c contains", "Tom and Number", "board/id", "summary like", "lastUpdated > [2026-11-20T08:00:00Z]", "\\", "\u00e9", "\ud83d", "\0", "\u3000",
    ];

    private static readonly string[] BodyPieces =
    [
        "{", "}", "[", "]", ":", ",", "\"", "\\", "\\ud83d", "null", "true", "1e400", "-0", "{\"ID\":", "\"Type\":\"ticket\"", "\"Action\":\"updated\"", "\"CompanyId\":\"x\"", "\"Entity\":\"{}\"",
        "\"Metadata\":{\"key_url\":\"https://api-na.myconnectwise.net/v4_6_release/apis/3.0/system/callbackkey/index.rails?companyName=x\"}", "\u0000", "\u00e9", "  ",
    ];

    private static readonly string[] Urls =
        ["https://", "http://", "127.0.0.1", "api-na.myconnectwise.net", "/v4_6_release/", "/system/callbackkey/index.rails", "?companyName=", "x", "&", "=", "%zz", "%41", "+", "@", "#", "..", "//", ":99999", "\\", "[::1]"];

    [Fact]
    public Task RuleLanguage_AnyText_IsReadOrRefused_AndReadsItsOwnPrint() => Fuzz.RunAsync(random =>
    {
        var text = Fuzz.Text(random, RuleWords, 1 + random.Next(40));
        var names = random.Next(2) == 0 ? Names : RuleNames.None;
        var parse = RuleText.Parse(text, names);
        _ = RuleText.ParseAround(text, names);
        if (parse.Expression is not { } expression)
        {
            Assert.InRange(parse.Unreadable!.Position, 0, text.Length);
            Assert.NotEmpty(parse.Unreadable.Message);
            return;
        }

        Assert.Equal(expression, RuleText.Parse(RuleText.Print(expression), names).Expression);
        var parts = RuleParts.Split(expression, new MarkerNames(), 360);
        Assert.NotNull(RuleText.Evaluate(parts.TicketPart, Facts, Markers, Now));
    });

    [Fact]
    public Task CallbackBodies_AnyBytes_AreReadOrRefused() => Fuzz.RunAsync(random =>
    {
        var body = Encoding.UTF8.GetBytes(random.Next(3) == 0 ? Fuzz.Mutated(random, WellFormed) : Fuzz.Text(random, BodyPieces, 1 + random.Next(30)));
        if (random.Next(4) == 0 && body.Length > 0) body[random.Next(body.Length)] = (byte)random.Next(256);
        if (CallbackBody.Read(body) is { } read) Assert.NotEmpty(read.Accepted(body).DeliveryKey);
    });

    [Fact]
    public Task KeyAddresses_AnyText_AreJudgedAndNeverAnotherHosts() => Fuzz.RunAsync(random =>
    {
        var url = string.Concat(Enumerable.Range(0, 1 + random.Next(8)).Select(_ => Urls[random.Next(Urls.Length)]));
        if (CallbackKeyUrl.WhyNot(url, Address, "x") is null) Assert.Equal("api-na.myconnectwise.net", new Uri(url).Host);
    });

    /// <summary>Four times the text may take some four times the work, not sixteen. Measured in bytes allocated, which no busy machine changes.</summary>
    [Theory]
    [MemberData(nameof(NastyRules))]
    public void RuleLanguage_FourTimesTheText_TakesNoMoreThanItsShareOfWork(string name, string head, string piece, string tail)
    {
        var whole = RuleText.LongestText;
        var (small, large) = (Read(whole / 4), Read(whole));

        Assert.True(large < (6 * small) + 1_000_000, $"{name}: {small:N0} bytes for {whole / 4} characters, {large:N0} for {whole}");
        foreach (var length in (int[])[16 * 1024, 64 * 1024]) Assert.True(Read(length) < 100_000, "what is longer than the limit is refused at once");

        long Read(int length)
        {
            var text = Fuzz.Long(head, piece, tail, length);
            return Fuzz.Allocated(() =>
            {
                _ = RuleText.Parse(text, Names);
                if (length <= whole) _ = RuleText.ParseAround(text, Names);
            });
        }
    }

    public static TheoryData<string, string, string, string> NastyRules => new()
    {
        { "deep brackets", "", "(", "Ticket is closed" },
        { "many ands", "Ticket is closed", " and Ticket is closed", "" },
        { "many unknown clauses", "moon", " and moon", "" },
        { "many nots", "", "not ", "Ticket is closed" },
        { "open quote", "Summary contains \"", "a and ", "" },
        { "many quotes", "Summary contains ", "\"a\" ", "" },
        { "a long name", "Priority is ", "x", "" },
        { "names that could end anywhere", "Priority is a", " and Priority is a", " )" },
        { "brackets in names", "Priority is ", "(a) ", "" },
        { "long digits", "Ticket Actual Age is less than ", "9", " hours" },
        { "a long list", "board/id in (1", ", 1", ")" },
        { "a long path", "board", "/name", " = 1" },
        { "closing brackets", "Ticket is closed", ")", "" },
        { "apostrophes", "moon ", "'a ", "" },
    };

    [Theory]
    [InlineData("[", "", "")]
    [InlineData("{\"ID\":1,\"Type\":\"ticket\",\"Action\":\"updated\",\"Entity\":\"", "[", "\"}")]
    [InlineData("{\"ID\":1,\"Type\":\"ticket\",\"Action\":\"updated\",\"Entity\":\"", "\\ud83d", "\"}")]
    [InlineData("{\"ID\":1", ",\"ID\":1", ",\"Type\":\"ticket\",\"Action\":\"updated\"}")]
    [InlineData("{\"ID\":", "9", ",\"Type\":\"ticket\",\"Action\":\"updated\"}")]
    public void CallbackBodies_FourTimesTheBytes_TakeNoMoreThanTheirShareOfWork(string head, string piece, string tail)
    {
        var (small, large) = (Read(16 * 1024), Read(64 * 1024));

        Assert.True(large < (6 * small) + 1_000_000, $"{small:N0} bytes for 16 kB, {large:N0} for 64 kB");

        long Read(int length)
        {
            var body = Encoding.UTF8.GetBytes(Fuzz.Long(head, piece.Length == 0 ? head : piece, tail, length));
            return Fuzz.Allocated(() => CallbackBody.Read(body)?.Accepted(body));
        }
    }

    private const string WellFormed =
        """{"MessageId":"m1","FromUrl":"x","CompanyId":"x","MemberId":"y","Action":"updated","Type":"ticket","ID":10031,"Entity":"{\"id\":10031,\"recordType\":\"ServiceTicket\",\"_info\":{\"lastUpdated\":\"2026-11-20T08:00:00Z\"}}","Metadata":{"key_url":"https://a/b"}}""";

    private static PsaAddress Address { get; } = PsaAddress.From(new Uri("https://na.myconnectwise.net"), new("acme", "v4_6_release/", "acme", null, true));

    private static TicketFacts Facts { get; } = TicketFacts.From(JsonDocument.Parse(
        """{"id":1,"summary":"disk","status":{"id":1,"name":"New (not responded)"},"board":{"id":1,"name":"Help"},"_info":{"dateEntered":"2026-11-22T08:00:00Z"}}""").RootElement);

    private static MarkerFacts Markers { get; } = new(new MarkerNames(), false, "", "");
}
