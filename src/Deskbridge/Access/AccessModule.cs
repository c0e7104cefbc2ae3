using Deskbridge.Access.Links;
using Deskbridge.Access.SecondFactor;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Deskbridge.Access;

/// <summary>Wires sign-in, tokens and the policies.</summary>
internal static class AccessModule
{
    private const string CookieOrToken = "CookieOrToken";

    extension(IServiceCollection services)
    {
        public IServiceCollection AddAccess(DataFolder folder, HubDatabase database)
        {
            services.AddDbContextFactory<AccessDb>(options => options.UseHub(database, AccessDb.HistoryTable));
            var protection = services.AddDataProtection().SetApplicationName("Deskbridge");
            services.AddSingleton(new MasterKey(folder));
            services.AddSingleton<KeyRing>();
            if (database.IsPostgres) services.AddSingleton<IConfigureOptions<KeyManagementOptions>, KeysInDatabase>();
            else protection.PersistKeysToFileSystem(new DirectoryInfo(folder.Keys));
            services.AddSingleton<ISecretProtector, SecretProtector>();
            services.AddSingleton<StoredSecrets>();
            services.AddSingleton<SetupCode>();
            services.AddSingleton<ApiTokens>();
            services.AddSingleton<OpenSessions>();
            services.AddHttpContextAccessor();
            services.AddSingleton<AttemptTurns>();
            services.AddScoped<Accounts>();
            services.AddScoped<SecondFactors>();
            services.AddScoped<OneTimeLinks>();
            services.AddScoped<PasswordLinks>();
            services.AddScoped<Admission>();
            services.AddSingleton<ForgottenPasswords>();
            services.AddHostedService(container => container.GetRequiredService<ForgottenPasswords>());
            services.AddScoped<Caller>();
            services.AddIdentityCore<AccessUser>(ConfigureIdentity).AddEntityFrameworkStores<AccessDb>();
            services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = 210_000);
            services.AddAuthentication(CookieOrToken)
                .AddPolicyScheme(CookieOrToken, null, either => either.ForwardDefaultSelector =
                    http => http.Request.Headers.ContainsKey("Authorization") && Api.ApiPaths.Contains(http.Request.Path) ? TokenAuthentication.SchemeName : Sessions.Scheme)
                .AddCookie(Sessions.Scheme, Sessions.Configure)
                .AddCookie(HalfSignIn.Scheme, HalfSignIn.Configure)
                .AddScheme<AuthenticationSchemeOptions, TokenAuthentication>(TokenAuthentication.SchemeName, null);
            services.AddAuthorization(Policies.Apply);
            services.AddSingleton<IAuthorizationMiddlewareResultHandler, ScopeAnswers>();
            return services;
        }
    }

    /// <summary>Brings the tables of sign-in up to this version's schema.</summary>
    public static async Task MigrateAccessAsync(this IServiceProvider services, CancellationToken cancel)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<AccessDb>>().CreateDbContextAsync(cancel);
        await MigrationTurn.MigrateAsync(db, cancel);
    }

    private static void ConfigureIdentity(IdentityOptions identity)
    {
        // Length is what helps; rules about kinds of characters only make passwords harder to remember.
        identity.Password = new PasswordOptions
        {
            RequiredLength = 10,
            RequiredUniqueChars = 4,
            RequireDigit = false,
            RequireLowercase = false,
            RequireUppercase = false,
            RequireNonAlphanumeric = false,
        };
        identity.Lockout.MaxFailedAccessAttempts = 8;
        identity.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(10);
        identity.Stores.SchemaVersion = IdentitySchemaVersions.Version2;
    }
}
