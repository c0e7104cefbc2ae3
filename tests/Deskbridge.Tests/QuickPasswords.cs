using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Deskbridge.Tests;

/// <summary>Hundreds of people are made in the tests, and each password costs a tenth of a second by design.</summary>
internal static class QuickPasswords
{
    /// <summary>Hashes passwords with few rounds.</summary>
    public static IServiceCollection AddQuickPasswords(this IServiceCollection services) =>
        services.PostConfigure<PasswordHasherOptions>(hasher => hasher.IterationCount = 1_000);
}
