namespace Deskbridge.Sandbox.Carriers.Mail;

/// <summary>The argument of MAIL and RCPT (RFC 5321 §4.1.2): an address in angle brackets and parameters.</summary>
internal sealed record SmtpPath(string Address, IReadOnlyDictionary<string, string> Parameters)
{
    private const int LongestAddress = 256;

    /// <summary>Reads e.g. <c>FROM:&lt;ann@example.test&gt; SIZE=100</c>; null when it is not one.</summary>
    public static SmtpPath? Read(string argument, string keyword)
    {
        if (!argument.StartsWith(keyword + ":", StringComparison.OrdinalIgnoreCase)) return null;
        var rest = argument[(keyword.Length + 1)..].TrimStart();
        if (rest.Length == 0 || rest[0] != '<' || ClosingBracket(rest) is not (> 0 and var close)) return null;

        var address = rest[1..close];
        if (address.StartsWith('@') && address.IndexOf(':', StringComparison.Ordinal) is > 0 and var route) address = address[(route + 1)..];
        var tail = rest[(close + 1)..];
        if (address.Length > LongestAddress || (tail.Length > 0 && tail[0] != ' ')) return null;

        var parameters = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var word in tail.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = word.Split('=', 2);
            if (!parameters.TryAdd(parts[0], parts.Length > 1 ? parts[1] : "")) return null;
        }
        return new SmtpPath(address, parameters);
    }

    /// <summary>Whether it has the form of a mailbox; "postmaster" needs no domain.</summary>
    public bool IsMailbox()
    {
        if (Address.Equals("postmaster", StringComparison.OrdinalIgnoreCase)) return true;
        var at = Address.LastIndexOf('@');
        if (at < 1 || at == Address.Length - 1 || Address.Any(char.IsControl)) return false;
        return Address.StartsWith('"') ? Address[at - 1] == '"' && at > 1 : !Address.AsSpan().ContainsAny(' ', '<', '>') && Address.IndexOf('@', StringComparison.Ordinal) == at;
    }

    private static int ClosingBracket(string text)
    {
        var quoted = false;
        for (var at = 1; at < text.Length; at++)
        {
            if (text[at] == '\\' && quoted) at++;
            else if (text[at] == '"') quoted = !quoted;
            else if (text[at] == '>' && !quoted) return at;
        }
        return -1;
    }
}
