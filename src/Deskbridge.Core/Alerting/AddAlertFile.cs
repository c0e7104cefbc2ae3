using Deskbridge.Connectors;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Deskbridge.Core.Alerting;

/// <summary>Attaches a file to an alert. It is stored before anybody is told so; the engine makes it a document of the ticket, exactly once.</summary>
internal sealed class AddAlertFile(HubStore store, ConnectorPool pool, IOptions<AlertingOptions> options, RandomIds ids, TimeProvider clock, Failpoints failpoints)
{
    /// <summary>Attaches it. The same person, key and bytes answer the file attached first.</summary>
    /// <param name="alertId">The alert; it may be closed.</param>
    /// <param name="name">As the sender calls it; cleaned.</param>
    /// <param name="bytes">Its content.</param>
    /// <param name="by">Who.</param>
    /// <param name="clientKey">The Idempotency-Key sent with it; null for none.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<Result<AlertFile>> RunAsync(Guid alertId, string? name, byte[] bytes, Person by, string? clientKey, CancellationToken cancel)
    {
        if (by.Role == PersonRole.Viewer) return new ViewersOnlyLook(by.Name);
        if (bytes.Length == 0) return new FileEmpty();
        if (bytes.Length > options.Value.LargestFile) return new FileTooLarge(bytes.Length, options.Value.LargestFile);
        if (await NotTakenAsync(alertId, cancel) is { } refused) return refused;
        var file = new AlertFile
        {
            Id = ids.NewId(),
            AlertId = alertId,
            PersonId = by.Id,
            Author = by.Name,
            Name = AlertFile.CleanName(name),
            Size = bytes.Length,
            Hash = AlertFile.HashOf(bytes),
            At = clock.GetUtcNow(),
            Marker = ids.NewMarker(),
            ClientKey = string.IsNullOrWhiteSpace(clientKey) ? null : $"{by.Id:N}:{clientKey.Trim()}",
        };
        var result = await store.WriteAsync(db => AddAsync(db, file, bytes, cancel), cancel);
        if (result.Failure is null) failpoints.Pass("action.after-commit");
        return result;
    }

    /// <summary>Null when the ticket's connection takes files, as far as that is known now.</summary>
    private async Task<Failure?> NotTakenAsync(Guid alertId, CancellationToken cancel)
    {
        var connection = await store.ReadAsync(
            db => (from alert in db.Alerts where alert.Id == alertId && alert.LinkId != null select (Guid?)alert.ConnectionId).SingleOrDefaultAsync(cancel), cancel);
        try
        {
            return connection is { } id && await pool.FindAsync(id, cancel) is { Connector: not ITicketDocuments { TakesDocuments: true } } live ? new FilesNotTaken(live.Connection.Name) : null;
        }
        catch (ConnectorException)
        {
            return null;
        }
    }

    private async Task<Result<AlertFile>> AddAsync(HubDb db, AlertFile file, byte[] bytes, CancellationToken cancel)
    {
        if (file.ClientKey is { } key && await db.AlertFiles.FirstOrDefaultAsync(f => f.ClientKey == key, cancel) is { } first)
            return first.AlertId == file.AlertId && first.Hash == file.Hash ? first : new FileKeyReused();
        if (await db.Alerts.FindAsync([file.AlertId], cancel) is not { } alert) return new AlertNotFound(file.AlertId);
        if (await db.CurrentOfAsync(alert, cancel) is var current && current.Id != alert.Id) return new AlertFollowed(alert.Id, current.Id);

        db.AlertFiles.Add(file);
        db.FileContents.Add(new FileContent { FileId = file.Id, Bytes = bytes });
        db.AddEvent(alert, "file", $"{file.Author} attached \"{file.Name}\" ({FileSize.Words(file.Size)}).", null, file.PersonId, file.At);
        var link = alert.LinkId is { } linkId ? await db.Links.FindAsync([linkId], cancel) : null;
        var goes = link is { State: not LinkState.Tombstoned } && await db.Connections.FindAsync([link.ConnectionId], cancel) is { State: not ConnectionState.Removed };
        if (goes) new EffectWriter(db, link!, ids, file.At).Add(EffectKind.Document, DocumentWrite.KeyOf(file.Id), new DocumentWrite(file.Id, NoteMark.Title(file.Name, file.Author, file.Marker), file.Name, file.Marker), alert.Id);
        await db.LogAlertEventAsync(
            alert, "file", $"{file.Author} attached \"{file.Name}\" to \"{alert.Title}\".",
            goes ? $"→ becomes one document of the ticket, marked #{file.Marker}" : "→ stays in the hub: there is no ticket to write to", file.At, cancel);
        await db.SaveChangesAsync(cancel);
        failpoints.Pass("action.before-commit");
        return file;
    }
}
