using System.Text;
using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Audit;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Deskbridge.Features.Audit;

/// <summary>Who did what, for administrators.</summary>
internal static class AuditEndpoints
{
    public static void MapAudit(this IEndpointRouteBuilder api)
    {
        var audit = api.MapGroup("/audit").WithTags("Audit").RequireAuthorization(Policies.Admin, Scopes.Admin);
        audit.MapGet("", ListAsync).WithSummary("Who did what, newest first")
            .WithDescription("q: part of doer, subject or address. action: its beginning, such as connection. person: an id. from, to: instants. limit goes from 1 to 200. Pass next as cursor to go on.")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        audit.MapGet("/csv", CsvAsync).WithSummary("The same as a CSV file, at most 100,000 lines").Produces<string>(StatusCodes.Status200OK, "text/csv");
        audit.MapGet("/verify", static (AuditLog log, CancellationToken cancel) => log.VerifyAsync(cancel))
            .WithSummary("Check the chain").WithDescription("broken names the first line that is not as it was written, or is null.");
    }

    private static async Task<Results<Ok<ListOf<AuditView>>, ProblemHttpResult>> ListAsync(
        AuditLog log, CancellationToken cancel, string? q = null, string? action = null, Guid? person = null, DateTimeOffset? from = null, DateTimeOffset? to = null,
        int? limit = null, long? cursor = null)
    {
        if (ListLimit.Check(limit) is { } refused) return refused.ToProblem();
        var filter = new AuditFilter { Text = q, Action = action, PersonId = person, From = from, To = to, Before = cursor };
        var most = limit ?? ListLimit.Default;
        var rows = await log.ReadAsync(filter, most + 1, cancel);
        var more = rows.Count > most;
        return TypedResults.Ok(new ListOf<AuditView>(
            [.. rows.Take(most).Select(AuditView.Of)], more ? rows[most - 1].Number.ToString(System.Globalization.CultureInfo.InvariantCulture) : null));
    }

    private static async Task<FileContentHttpResult> CsvAsync(
        AuditLog log, CancellationToken cancel, string? q = null, string? action = null, Guid? person = null, DateTimeOffset? from = null, DateTimeOffset? to = null) =>
        TypedResults.File(await FileAsync(log, new AuditFilter { Text = q, Action = action, PersonId = person, From = from, To = to }, cancel), AuditCsv.ContentType, AuditCsv.Name);

    /// <summary>The file; that it was taken is written down too.</summary>
    public static async Task<byte[]> FileAsync(AuditLog log, AuditFilter filter, CancellationToken cancel)
    {
        var rows = await log.ReadAsync(filter, AuditCsv.MostRows, cancel);
        await log.WriteAsync(AuditNote.Of("audit.exported", "", "", ("lines", rows.Count.ToString(System.Globalization.CultureInfo.InvariantCulture))), cancel);
        return Encoding.UTF8.GetBytes(AuditCsv.Write(rows));
    }
}

/// <summary>A line of the audit.</summary>
internal sealed record AuditView(
    long Number, DateTimeOffset At, ActorKind Kind, Guid? PersonId, string Actor, string Via, string Address, string Action, string SubjectId, string Subject,
    System.Text.Json.Nodes.JsonNode? Changes, string Hash)
{
    public static AuditView Of(AuditRow row) => new(
        row.Number, row.At, row.ActorKind, row.PersonId, row.Actor, row.Via, row.Address, row.Action, row.SubjectId, row.Subject,
        row.Detail.Length == 0 ? null : System.Text.Json.Nodes.JsonNode.Parse(row.Detail), row.Hash);
}
