namespace Deskbridge.Core.Common;

/// <summary>Names that people give to people, teams, channels and connections.</summary>
internal static class Names
{
    /// <summary>Longest name, characters.</summary>
    public const int Longest = 100;

    /// <summary>Whether it is there, short enough, and in one line: line breaks and other characters that do not show would be carried into mails and logs.</summary>
    public static bool Fits(string name) => name.Trim().Length is > 0 and <= Longest && !name.Any(char.IsControl);
}
