using Deskbridge.Api;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;

namespace Deskbridge.Access;

/// <summary>Tells a program which scope its token lacks, in words and as RFC 6750 §3.1 has it.</summary>
internal sealed class ScopeAnswers : IAuthorizationMiddlewareResultHandler
{
    private readonly AuthorizationMiddlewareResultHandler _usual = new();

    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (!authorizeResult.Forbidden || authorizeResult.AuthorizationFailure?.FailedRequirements.OfType<ScopeRequirement>().FirstOrDefault() is not { Word: var word })
            return _usual.HandleAsync(next, context, policy, authorizeResult);
        context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"Deskbridge\", error=\"insufficient_scope\", scope=\"{word}\"";
        Refusals.Explain(context, StatusCodes.Status403Forbidden, $"This API token lacks the scope '{word}'. Make a token that has it, on your profile page or with 'deskbridge token EMAIL --scopes {word}'.");
        return Task.CompletedTask;
    }
}
