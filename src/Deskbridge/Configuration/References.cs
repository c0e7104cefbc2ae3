using System.Text.RegularExpressions;

namespace Deskbridge.Configuration;

/// <summary>
/// Replaces <c>${env:NAME}</c> and <c>${file:/path}</c> by what they name, so that a file can be kept where others read it. A relative path
/// counts from the configuration file.
/// </summary>
/// <param name="folder">The folder of the configuration file.</param>
/// <param name="variable">Reads an environment variable.</param>
internal sealed partial class References(string folder, Func<string, string?> variable)
{
    private const int LongestSecretFile = 64 * 1024;

    /// <summary>A text of the file with its references replaced, or what stands in the way.</summary>
    public Written Resolve(string text, int line)
    {
        string? missing = null;
        var found = false;
        var resolved = Reference().Replace(text, match =>
        {
            found = true;
            var (value, problem) = match.Groups["kind"].Value == "env" ? OfVariable(match.Groups["name"].Value) : OfFile(match.Groups["name"].Value);
            missing ??= problem;
            return value;
        });
        return new Written(resolved, line, found, missing);
    }

    private (string Value, string? Problem) OfVariable(string name) =>
        variable(name) is { Length: > 0 } value ? (value, null) : ("", $"the environment variable {name} is not set");

    private (string Value, string? Problem) OfFile(string name)
    {
        var path = Path.GetFullPath(name, folder);
        try
        {
            if (new FileInfo(path).Length > LongestSecretFile) return ("", $"the file {path} is longer than {LongestSecretFile / 1024} kB");
            var text = File.ReadAllText(path).TrimEnd('\r', '\n');
            return text.Length > 0 ? (text, null) : ("", $"the file {path} is empty");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return ("", $"the file {path} cannot be read: {failure.Message}");
        }
    }

    [GeneratedRegex(@"\$\{(?<kind>env|file):(?<name>[^}]+)\}", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Reference();
}

/// <summary>A value of the file.</summary>
/// <param name="Text">With its references replaced.</param>
/// <param name="Line">Where it stands.</param>
/// <param name="IsReference">It came from the environment or a file, at least in part.</param>
/// <param name="Missing">Why a reference has no value; null when all is well.</param>
internal sealed record Written(string Text, int Line, bool IsReference, string? Missing);
