using System.Globalization;
using System.Text.RegularExpressions;
using Deskbridge.Core.Connections;
using Deskbridge.Testing;
using Xunit;

namespace Deskbridge.Tests;

/// <summary>What the pages on connectors promise: every test they name exists, and no requirement is passed over.</summary>
public sealed partial class DocsTests
{
    private const int LastOfS = 74;
    private const int LastOfT = 15;

    private static readonly string Root = ArchitectureTests.FindRoot();

    public static TheoryData<string> Pages => [.. Directory.EnumerateFiles(Path.Combine(Root, "docs", "connectors"), "*.md").Select(page => Path.GetFileName(page))];

    [Theory]
    [MemberData(nameof(Pages))]
    public void EveryTestThatAPageNames_Exists(string page)
    {
        var known = Tests().ToHashSet();
        var missing = Named(page).Where(name => !known.Contains(name)).Select(name => $"{name.Class}.{name.Method}".TrimEnd('.')).ToList();

        Assert.True(missing.Count == 0, $"docs/connectors/{page} names tests that do not exist: {string.Join(", ", missing)}. Name the one that shows it now, or say that none does.");
    }

    [Theory]
    [InlineData("connectwise-psa.md", 'S', LastOfS)]
    [InlineData("autotask.md", 'T', LastOfT)]
    public void Page_HasARowForEveryRequirement(string page, char section, int last)
    {
        var rows = Lines(page).Where(line => line.StartsWith($"| {section}", StringComparison.Ordinal))
            .SelectMany(line => Numbers().Matches(line.Split('|')[1])).Select(match => int.Parse(match.ValueSpan[1..], CultureInfo.InvariantCulture));

        Assert.Empty(Enumerable.Range(1, last).Except(rows).Select(number => $"{section}{number}"));
    }

    [Fact]
    public void Index_ListsEveryDecision()
    {
        var index = File.ReadAllText(Path.Combine(Root, "docs", "README.md"));
        var records = Directory.EnumerateFiles(Path.Combine(Root, "docs", "decisions"), "*.md").Select(Path.GetFileName).ToList();

        Assert.NotEmpty(records);
        Assert.All(records, record => Assert.Contains($"(decisions/{record})", index, StringComparison.Ordinal));
    }

    [Fact]
    public void DispatchersGuide_NamesEveryKindOfEvent()
    {
        var problem = GeneratedSection.Problem("docs/guides/dispatcher.md", "event kinds", GeneratedSection.Table(["kind", "what it says"], EventKinds.All.Select(kind => (string[])[$"`{kind.Name}`", kind.Meaning])), typeof(DocsTests));

        Assert.True(problem is null, problem);
    }

    [Fact]
    public void EveryKindThatIsLogged_IsOneOfTheList()
    {
        var logged = Directory.EnumerateFiles(Path.Combine(Root, "src", "Deskbridge.Core"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => LoggedKind().Matches(File.ReadAllText(file))).Select(match => match.Groups["kind"].Value)
            .Concat(Enum.GetNames<ConnectionRunKind>().Select(kind => kind.ToLowerInvariant()));

        Assert.Empty(logged.Except(EventKinds.Names));
    }

    /// <summary><c>SomeTests</c>, <c>SomeStory.Does_This</c>, and <c>…Does_That</c> of the class named before.</summary>
    private static IEnumerable<(string Class, string Method)> Named(string page)
    {
        var last = "";
        foreach (Match match in Lines(page).SelectMany(line => Name().Matches(line)))
        {
            if (match.Groups["class"].Success) last = match.Groups["class"].Value;
            yield return (last, match.Groups["method"].Value);
        }
    }

    /// <summary>Classes and methods of the test projects, read from their sources: this project refers to none of the others.</summary>
    private static IEnumerable<(string Class, string Method)> Tests()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Root, "tests"), "*.cs", SearchOption.AllDirectories))
        {
            var inside = "";
            foreach (Match match in File.ReadLines(file).SelectMany(line => Declared().Matches(line)))
            {
                if (match.Groups["class"].Success) inside = match.Groups["class"].Value;
                yield return (inside, match.Groups["method"].Value);
            }
        }
    }

    private static IEnumerable<string> Lines(string page) => File.ReadLines(Path.Combine(Root, "docs", "connectors", page));

    [GeneratedRegex(@"`((?<class>[A-Z]\w*(Tests|Story|Scenarios|Contract)|Fuzzing)(\.(?<method>[A-Z]\w*))?|…(?<method>[A-Z]\w*))`", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Name();

    [GeneratedRegex("(LogConnectionEvent|LogAlertEventAsync|new PersonAction)\\(([^\"();]|\\(\\))*?\"(?<kind>[a-z-]+)\"|const string (Log)?Kind = \"(?<kind>[a-z-]+)\"", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex LoggedKind();

    [GeneratedRegex(@"[ST]\d+", RegexOptions.None, 60_000)]
    private static partial Regex Numbers();

    [GeneratedRegex(@"^\s*public ((sealed |abstract |partial )*class (?<class>\w+)|(async )?(Task|void|ValueTask) (?<method>\w+)\()", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Declared();
}
