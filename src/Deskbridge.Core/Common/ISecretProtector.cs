namespace Deskbridge.Core.Common;

/// <summary>Encrypts what must not lie in the database in clear. The key is kept outside the database, by the host.</summary>
public interface ISecretProtector
{
    /// <summary>Encrypts; an empty text stays empty.</summary>
    /// <param name="clear">The secret.</param>
    string Protect(string clear);

    /// <summary>Decrypts; an empty text stays empty.</summary>
    /// <param name="stored">What <see cref="Protect"/> answered.</param>
    /// <exception cref="InvalidOperationException">The key that encrypted it is gone; the message says which secret to enter again.</exception>
    string Unprotect(string stored);
}
