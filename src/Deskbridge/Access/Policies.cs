using Deskbridge.Core.Directory;
using Microsoft.AspNetCore.Authorization;

namespace Deskbridge.Access;

/// <summary>Names of the policies, one per role: each admits its role and those above it.</summary>
internal static class Policies
{
    public const string Viewer = nameof(PersonRole.Viewer);
    public const string Responder = nameof(PersonRole.Responder);
    public const string Dispatcher = nameof(PersonRole.Dispatcher);
    public const string Admin = nameof(PersonRole.Admin);

    public static void Apply(AuthorizationOptions options)
    {
        foreach (var least in Enum.GetValues<PersonRole>()) options.AddPolicy(least.ToString(), AtLeast(least));

        Scopes.Apply(options);

        // What declares nothing is shut, not open.
        options.FallbackPolicy = options.DefaultPolicy = AtLeast(PersonRole.Viewer);
    }

    private static AuthorizationPolicy AtLeast(PersonRole least) => new AuthorizationPolicyBuilder()
        .RequireAuthenticatedUser()
        .RequireRole(Enum.GetValues<PersonRole>().Where(role => role >= least).Select(role => role.ToString()))
        .Build();
}
