using Deskbridge.Core.Common;

namespace Deskbridge.Configuration;

/// <summary>What an import would do: shown by a dry run, done by an import, one and the same.</summary>
internal sealed class ConfigurationPlan
{
    /// <summary>What must be mended in the file first; with any of these nothing is changed.</summary>
    public List<FileProblem> Problems { get; } = [];

    /// <summary>What deserves a look.</summary>
    public List<FileProblem> Notices { get; } = [];

    /// <summary>In the order in which they are carried out.</summary>
    public List<Change> Changes { get; } = [];

    /// <summary>Tells of a refusal by a rule of the hub, at the line of the value it names.</summary>
    public static void Refuse(FileMap at, Failure refused) => at.Tell((refused as InvalidFailure)?.Field, refused.Message);

    public void Notice(FileMap at, string? key, string message) => Notices.Add(new FileProblem(at.LineOf(key), $"{at.Place}: {message}"));

    /// <summary>The secret to store; null leaves the stored one alone.</summary>
    /// <param name="at">Where it is written.</param>
    /// <param name="key">Under which name.</param>
    /// <param name="written">What is written there.</param>
    /// <param name="stored">Whether the hub has one already: then a reference that leads nowhere is no problem.</param>
    public string? Secret(FileMap at, string key, Written? written, bool stored)
    {
        if (written is null) return null;
        if (written.Missing is { } missing)
        {
            if (stored) Notice(at, key, $"{key}: {missing}; the stored one stays.");
            else at.Tell(key, $"{key}: {missing}.");
            return null;
        }

        if (!written.IsReference && written.Text.Length > 0) Notice(at, key, $"{key} is written in clear. Better keep it out of the file: ${{env:NAME}} or ${{file:/path}}.");
        return written.Text;
    }
}

/// <summary>One thing an import does.</summary>
/// <param name="Sign"><c>+</c> adds, <c>~</c> changes, <c>▶</c> installs.</param>
/// <param name="What">What it is about.</param>
/// <param name="Details">Values that change.</param>
/// <param name="ApplyAsync">Does it.</param>
internal sealed record Change(char Sign, string What, IReadOnlyList<string> Details, Func<CancellationToken, Task<Failure?>> ApplyAsync)
{
    public const char Adds = '+';
    public const char Alters = '~';
    public const char Installs = '▶';
}

/// <summary>Values that differ, in words.</summary>
internal sealed class Differences
{
    public List<string> Lines { get; } = [];

    /// <summary>Notes a value that changes; answers the new one.</summary>
    public T Of<T>(string name, T before, T after)
    {
        if (!Equals(before, after)) Lines.Add($"{name}: {Word(before)} → {Word(after)}");
        return after;
    }

    /// <summary>Notes a secret that changes, without telling it.</summary>
    public void Secret(string name, bool changes)
    {
        if (changes) Lines.Add($"{name}: another one");
    }

    private static string Word<T>(T value) => value switch
    {
        null or "" => "none",
        bool flag => flag ? "true" : "false",
        Enum name => name.ToString().ToLowerInvariant(),
        string text when text.Contains('\n', StringComparison.Ordinal) || text.Length > 80 => $"{text.Length} characters",
        _ => $"{value}",
    };
}
