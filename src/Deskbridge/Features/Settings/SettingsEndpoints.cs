using Deskbridge.Access;
using Deskbridge.Api;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Deskbridge.Features.Settings;

/// <summary>Settings of the whole hub, for administrators.</summary>
internal static class SettingsEndpoints
{
    public static void MapSettings(this IEndpointRouteBuilder api)
    {
        var settings = api.MapGroup("/settings").WithTags("Settings").RequireAuthorization(Policies.Admin, Scopes.Admin);
        settings.MapGet("", ReadAsync).WithSummary("The settings of the whole hub");
        settings.MapPut("", ChangeAsync).WithSummary("Change the settings of the whole hub")
            .WithDescription("What is left away stays as it is, what is empty is removed. With another smtpServer the stored smtpPassword must come again, or \"\" to forget it.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
    }

    private static async Task<SettingsView> ReadAsync(SettingsStore settings, CancellationToken cancel) =>
        SettingsView.Of(await settings.ReadAsync(cancel));

    private static async Task<Results<Ok<SettingsView>, ProblemHttpResult>> ChangeAsync(SettingsChange body, SettingsStore settings, CancellationToken cancel) =>
        await settings.ChangeAsync(body, cancel) is { } refused
            ? refused.ToProblem()
            : TypedResults.Ok(SettingsView.Of(await settings.ReadAsync(cancel)));
}

/// <summary>The settings, and in <paramref name="Missing"/> what does not work as they stand.</summary>
internal sealed record SettingsView(
    string? PublicUrl, string? SmtpServer, string? SmtpFrom, string? SmtpUser, bool SmtpPasswordSet, string SecondFactorFrom, IReadOnlyList<string> Missing)
{
    public static SettingsView Of(HubSettings stored) =>
        new(stored.PublicUrl, stored.SmtpServer, stored.SmtpFrom, stored.SmtpUser, stored.SmtpPasswordSet,
            stored.SecondFactorFrom?.ToString().ToLowerInvariant() ?? SettingsChange.Nobody, [.. stored.Missing()]);
}
