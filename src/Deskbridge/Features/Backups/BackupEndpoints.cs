using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Backups;
using Deskbridge.Core.Common;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Deskbridge.Features.Backups;

/// <summary>Backups in the hub's own folder, for administrators. Restoring is for the command line: the hub must be stopped.</summary>
internal static class BackupEndpoints
{
    public static void MapBackups(this IEndpointRouteBuilder api)
    {
        var backups = api.MapGroup("/backups").WithTags("Backups").RequireAuthorization(Policies.Admin, Scopes.Admin);
        backups.MapGet("", List).WithSummary("The backups in the hub's folder, newest first");
        backups.MapPost("", TakeAsync).WithMetadata(new IdempotentAttribute()).WithSummary("Take a backup now")
            .WithDescription("It is taken beside the work of the hub and answered when it is whole. The encryption key is not in it.")
            .ProducesProblem(StatusCodes.Status409Conflict);
        backups.MapGet("/{name}", Download).WithSummary("Download a backup").ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Results<Ok<ListOf<BackupView>>, ProblemHttpResult> List(BackupFolder folder, int? limit = null, string? cursor = null) =>
        folder.List().Select(BackupView.Of).InParts(limit, cursor, backup => backup.Name);

    private static async Task<Results<Created<BackupView>, ProblemHttpResult>> TakeAsync(BackupFolder folder, CancellationToken cancel)
    {
        try
        {
            var taken = await folder.TakeAsync(cancel);
            return TypedResults.Created($"{ApiPaths.Root}/backups/{taken.Name}", BackupView.Of(taken));
        }
        catch (BackupRefusedException refused)
        {
            return new BackupNotTaken(refused.Message).ToProblem();
        }
    }

    private static Results<PhysicalFileHttpResult, ProblemHttpResult> Download(string name, BackupFolder folder) => folder.Find(name) is { } backup
        ? TypedResults.PhysicalFile(Path.Combine(folder.Path, backup.Name), "application/zip", backup.Name)
        : new BackupNotFound(name).ToProblem();
}

/// <summary>A backup; <paramref name="TakenAt"/> is the instant whose data it holds.</summary>
internal sealed record BackupView(string Name, DateTimeOffset TakenAt, long Bytes)
{
    public static BackupView Of(KeptBackup kept) => new(kept.Name, kept.TakenAt, kept.Bytes);
}

internal sealed record BackupNotFound(string Name) : NotFoundFailure($"There is no backup '{Name}'. It may have been removed for a newer one.");

internal sealed record BackupNotTaken(string Why) : ConflictFailure(Why);
