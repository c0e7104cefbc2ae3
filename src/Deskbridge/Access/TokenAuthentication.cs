using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Deskbridge.Access;

/// <summary><c>Authorization: Bearer db_...</c>: the request acts as the token's owner.</summary>
internal sealed class TokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "Bearer";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var header = Request.Headers.Authorization.ToString();
        if (!header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return AuthenticateResult.NoResult();
        var owner = await tokens.FindOwnerAsync(header["Bearer ".Length..].Trim(), Context.RequestAborted);
        if (owner is null) return AuthenticateResult.Fail("The API token is unknown, revoked or over, or its owner is deactivated.");
        Context.Items[Caller.Key] = owner.Person;
        Context.Items[RequestActor.TokenKey] = owner.Token;
        var scopes = new Claim(Scopes.Claim, Scopes.Write(Scopes.Of(owner.Token.Scopes)));
        return AuthenticateResult.Success(new AuthenticationTicket(SignedIn.Principal(owner.Person, Scheme.Name, scopes), Scheme.Name));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.Headers.WWWAuthenticate = "Bearer realm=\"Deskbridge\"";
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }
}
