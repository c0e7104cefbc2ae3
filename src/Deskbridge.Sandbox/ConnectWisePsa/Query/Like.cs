using System.Text;
using System.Text.RegularExpressions;
using Deskbridge.Sandbox.ConnectWisePsa.Http;

namespace Deskbridge.Sandbox.ConnectWisePsa.Query;

/// <summary>SQL LIKE with <c>*</c> or <c>%</c> for any text; <c>[[]</c> stands for an opening bracket.</summary>
internal static class Like
{
    /// <summary>SQL Server takes patterns of 8,000 bytes.</summary>
    private const int Longest = 4_000;

    public static Func<string, bool> Compile(string pattern)
    {
        if (pattern.Length > Longest) throw TooLong();
        var regex = new StringBuilder("^");
        for (var i = 0; i < pattern.Length; i++)
        {
            var close = pattern[i] == '[' ? pattern.IndexOf(']', i + 1) : -1;
            if (close > i + 1)
            {
                regex.Append('[').Append(pattern[(i + 1)..close].Replace("\\", "\\\\", StringComparison.Ordinal).Replace("[", "\\[", StringComparison.Ordinal)).Append(']');
                i = close;
            }
            else
            {
                regex.Append(pattern[i] is '*' or '%' ? ".*" : Regex.Escape(pattern[i].ToString()));
            }
        }

        try
        {
            return new Regex(regex.Append('$').ToString(), RegexOptions.IgnoreCase | RegexOptions.Singleline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking).IsMatch;
        }
        catch (ArgumentException)
        {
            throw PsaRefusal.BadRequest($"The conditions have a pattern that cannot be read: '{pattern}'.");
        }
        catch (NotSupportedException)
        {
            throw TooLong();
        }
    }

    private static PsaRefusal TooLong() => PsaRefusal.BadRequest("The conditions have a pattern that is too long.");
}
