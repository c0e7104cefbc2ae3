using System.Globalization;
using System.Net.Mail;

namespace Deskbridge.Core.Alerting.Mail;

/// <summary>Where mails are handed in.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">465 speaks TLS at once; on any other port TLS is begun when the server offers it.</param>
internal sealed record SmtpServer(string Host, int Port)
{
    private const int SubmissionPort = 587;

    /// <summary>Whether TLS comes before the first word.</summary>
    public bool ImplicitTls => Port == 465;

    /// <summary>Reads <c>host</c>, <c>host:port</c> or <c>[ipv6]:port</c>; null for anything else.</summary>
    public static SmtpServer? Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || !Uri.TryCreate("smtp://" + text.Trim(), UriKind.Absolute, out var uri)) return null;
        if (uri.AbsolutePath is not ("" or "/") || uri.UserInfo.Length > 0 || uri.Host.Length == 0) return null;
        var asksFor25 = text.Trim().EndsWith(":25", StringComparison.Ordinal);
        return new SmtpServer(uri.IdnHost.Trim('[', ']'), asksFor25 ? 25 : uri.IsDefaultPort || uri.Port <= 0 ? SubmissionPort : uri.Port);
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}

/// <summary>User and password at the server.</summary>
/// <param name="User">User.</param>
/// <param name="Password">Password; never logged.</param>
internal sealed record SmtpLogin(string User, string Password)
{
    /// <inheritdoc/>
    public override string ToString() => User;
}

/// <summary>A person as mail headers name them.</summary>
/// <param name="Name">Display name; may be empty.</param>
/// <param name="Address">Address, its domain in ASCII.</param>
internal sealed record MailPerson(string Name, string Address)
{
    /// <summary>The part after the @.</summary>
    public string Domain => Address[(Address.LastIndexOf('@') + 1)..];

    /// <summary>Whether the address cannot be written in ASCII, so that the server must know SMTPUTF8.</summary>
    public bool NeedsUtf8 => !System.Text.Ascii.IsValid(Address);

    /// <summary>Reads an address, alone or as <c>Name &lt;address&gt;</c>; null when it is none.</summary>
    public static MailPerson? Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Any(char.IsControl) || !MailAddress.TryCreate(text.Trim(), out var address)) return null;
        try
        {
            return new MailPerson(address.DisplayName, $"{address.User}@{new IdnMapping().GetAscii(address.Host)}");
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}

/// <summary>The server's refusal of a command.</summary>
internal sealed class SmtpRefusedException(int code, string message) : Exception(message)
{
    /// <summary>The reply code.</summary>
    public int Code => code;

    /// <summary>4xx: the same mail may be taken later.</summary>
    public bool IsTemporary => code is >= 400 and < 500;
}
