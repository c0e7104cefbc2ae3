using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.Autotask.Records;
using Deskbridge.Sandbox.Autotask.Rules;
using Microsoft.AspNetCore.Http;

namespace Deskbridge.Sandbox.Autotask.Http;

/// <summary>Checks the three headers of every call (reference 1.2), and whom it may act for.</summary>
internal sealed class SignIn(AutotaskCredentials credentials, Store store, AutotaskSettings settings)
{
    private int _failures;

    /// <summary>Who calls.</summary>
    /// <exception cref="PlainRefusal">401: a header is wrong, or the user is locked or inactive.</exception>
    public Actor Caller(HttpRequest request)
    {
        if (!Is(request, "ApiIntegrationCode", credentials.IntegrationCode) || !Is(request, "UserName", credentials.UserName) || !Is(request, "Secret", credentials.Secret))
        {
            var failures = Interlocked.Increment(ref _failures);
            if (settings.Current.LockAfterFailures is > 0 and var most && failures >= most) settings.Current = settings.Current with { Locked = true };
            throw Refused();
        }

        if (settings.Current.Locked || store.Find("Resources", ApiUser.Resource)?.Flag("isActive") != true) throw Refused();
        _failures = 0;
        return new Actor(ApiUser.Resource);
    }

    /// <summary>Whom a write is made for (header ImpersonationResourceId).</summary>
    public Actor Acting(HttpRequest request, Actor caller)
    {
        if (request.Headers["ImpersonationResourceId"].ToString() is not { Length: > 0 } text) return caller;
        if (!settings.Current.MayImpersonate || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            || store.Find("Resources", id)?.Flag("isActive") != true) throw Refusal.Permission("impersonate the Resource");
        return new Actor(id, caller.Resource);
    }

    private PlainRefusal Refused() => new(401, settings.Current.UnauthorizedText is { Length: > 0 } text ? JsonValue.Create(text) : null);

    private static bool Is(HttpRequest request, string header, string expected) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(request.Headers[header].ToString()), Encoding.UTF8.GetBytes(expected));
}
