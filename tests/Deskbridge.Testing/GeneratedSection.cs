namespace Deskbridge.Testing;

/// <summary>
/// A part of a documentation page that is made of what the tests know, between <c>&lt;!-- begin NAME --&gt;</c> and <c>&lt;!-- end NAME --&gt;</c>.
/// A test holds it against the page; with <c>DESKBRIDGE_WRITE_DOCS=1</c> it writes the page instead.
/// </summary>
internal static class GeneratedSection
{
    private const string Variable = "DESKBRIDGE_WRITE_DOCS";

    /// <summary>What is wrong with the page and which command mends it; null when it says what the tests say.</summary>
    /// <param name="page">Path from the root of the repository.</param>
    /// <param name="name">Name of the section.</param>
    /// <param name="lines">What stands there.</param>
    /// <param name="testClass">The test class that asks.</param>
    public static string? Problem(string page, string name, IEnumerable<string> lines, Type testClass)
    {
        var file = Path.Combine(Root(), page);
        var text = File.ReadAllText(file);
        var (begin, end) = ($"<!-- begin {name} -->\n", $"<!-- end {name} -->");
        var from = text.IndexOf(begin, StringComparison.Ordinal);
        var to = text.IndexOf(end, StringComparison.Ordinal);
        if (from < 0 || to < from) return $"{page} has no section between '{begin.Trim()}' and '{end}'.";

        from += begin.Length;
        var wanted = string.Concat(lines.Select(line => line + "\n"));
        if (text[from..to] == wanted) return null;
        if (Environment.GetEnvironmentVariable(Variable) == "1")
        {
            File.WriteAllText(file, string.Concat(text.AsSpan(0, from), wanted, text.AsSpan(to)));
            return null;
        }

        var program = Path.GetRelativePath(Root(), Environment.ProcessPath!);
        return $"The section '{name}' of {page} does not say what the tests say. Write it anew with: {Variable}=1 {program} -class {testClass.FullName}";
    }

    /// <summary>A table in Markdown.</summary>
    public static IEnumerable<string> Table(IReadOnlyList<string> head, IEnumerable<IReadOnlyList<string>> rows) =>
        [Row(head), Row(head.Select(_ => "---")), .. rows.Select(Row)];

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells.Select(cell => cell.Replace("|", "\\|", StringComparison.Ordinal)))} |";

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Deskbridge.slnx"))) return folder.FullName;
        throw new InvalidOperationException("These tests read the documentation; run them from inside the repository.");
    }
}
