using System.Text;
using Deskbridge.Core.Common;

namespace Deskbridge.Testing;

/// <summary>Makes secrets unreadable at a glance, so that a test can see whether they were protected; no security.</summary>
public sealed class TestSecrets : ISecretProtector
{
    private const string Seal = "sealed:";

    public string Protect(string clear) => clear.Length == 0 ? "" : Seal + Convert.ToBase64String(Encoding.UTF8.GetBytes(clear));

    public string Unprotect(string stored) => stored switch
    {
        "" => "",
        _ when stored.StartsWith(Seal, StringComparison.Ordinal) => Encoding.UTF8.GetString(Convert.FromBase64String(stored[Seal.Length..])),
        _ => throw new InvalidOperationException("This secret was not protected with the key of these tests; enter it again."),
    };
}
