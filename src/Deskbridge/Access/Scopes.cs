using Microsoft.AspNetCore.Authorization;

namespace Deskbridge.Access;

/// <summary>What an API token may be used for. A token never does more than the person it belongs to.</summary>
[Flags]
internal enum TokenScope
{
    None = 0,

    /// <summary>Look at everything but settings and audit.</summary>
    Read = 1,

    /// <summary>Acknowledge, close, re-open, note.</summary>
    Alerts = 2,

    /// <summary>Punch in and out, channels.</summary>
    Duty = 4,

    /// <summary>Create, change, install, pause and remove connections.</summary>
    Connections = 8,

    /// <summary>People, invitations and teams.</summary>
    People = 16,

    /// <summary>Settings, audit, tokens and sessions.</summary>
    Admin = 32,

    /// <summary>The figures for a collector, and nothing else.</summary>
    Metrics = 64,

    All = Read | Alerts | Duty | Connections | People | Admin | Metrics,
}

/// <summary>
/// Names of the policies, one per scope; every endpoint of the API names one. They bind tokens only: whoever sits at a browser has the whole
/// of their role.
/// </summary>
internal static class Scopes
{
    public const string Prefix = "scope:";
    public const string Read = Prefix + "read";
    public const string Alerts = Prefix + "alerts";
    public const string Duty = Prefix + "duty";
    public const string Connections = Prefix + "connections";
    public const string People = Prefix + "people";
    public const string Admin = Prefix + "admin";

    /// <summary>The claim that carries a token's scopes.</summary>
    public const string Claim = "scope";

    /// <summary>Each scope, its word and what it lets a program do.</summary>
    public static IReadOnlyList<(TokenScope Scope, string Word, string Lets)> Each { get; } =
    [
        (TokenScope.Read, "read", "look at alerts, events, connections, duty, teams, people, health"),
        (TokenScope.Alerts, "alerts", "acknowledge, close, re-open and note alerts"),
        (TokenScope.Duty, "duty", "punch in and out, change channels, send test pages"),
        (TokenScope.Connections, "connections", "create, change, install, pause and remove connections"),
        (TokenScope.People, "people", "change people and teams, invite"),
        (TokenScope.Admin, "admin", "settings, audit, tokens and sessions"),
        (TokenScope.Metrics, "metrics", "read /metrics, as 'read' does too"),
    ];

    public static void Apply(AuthorizationOptions options)
    {
        foreach (var (scope, word, _) in Each)
            options.AddPolicy(Prefix + word, policy => policy.RequireAuthenticatedUser().AddRequirements(new ScopeRequirement(scope, word)));
    }

    /// <summary>The scopes as words, in the order of the list.</summary>
    public static IReadOnlyList<string> Words(TokenScope scopes) => [.. Each.Where(each => scopes.HasFlag(each.Scope)).Select(each => each.Word)];

    /// <summary>As it is stored and carried: words with a blank between.</summary>
    public static string Write(TokenScope scopes) => string.Join(' ', Words(scopes));

    /// <summary>Reads words; null when one is none of ours. <c>all</c> stands for every one.</summary>
    public static TokenScope? Parse(IEnumerable<string?> words)
    {
        var scopes = TokenScope.None;
        foreach (var word in words.Select(word => word?.Trim().ToLowerInvariant()).Where(word => word is not ""))
        {
            var known = word == "all" ? TokenScope.All : Each.FirstOrDefault(each => each.Word == word).Scope;
            if (known == TokenScope.None) return null;
            scopes |= known;
        }

        return scopes;
    }

    /// <summary>A token from the time before there were scopes keeps what it could do: everything.</summary>
    public static TokenScope Of(string? stored) => stored is null ? TokenScope.All : Parse(stored.Split(' ')) ?? TokenScope.None;
}

/// <summary>Satisfied by a session, and by a token that has the scope.</summary>
internal sealed class ScopeRequirement(TokenScope scope, string word) : AuthorizationHandler<ScopeRequirement>, IAuthorizationRequirement
{
    public string Word => word;

    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, ScopeRequirement requirement)
    {
        var token = context.User.Identities.FirstOrDefault(identity => identity.AuthenticationType == TokenAuthentication.SchemeName);
        if (token is null || Scopes.Of(token.FindFirst(Scopes.Claim)?.Value ?? "").HasFlag(scope)) context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
