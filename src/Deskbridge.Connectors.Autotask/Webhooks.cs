using System.Globalization;
using System.Text.Json;

namespace Deskbridge.Connectors.Autotask;

/// <summary>
/// Keeps exactly one active webhook of each kind, for tickets and for their notes, at the hub's present address. The path holds the
/// connection's unguessable token, so a webhook with it is this connection's own at whatever host and port.
/// </summary>
/// <param name="client">The remote.</param>
/// <param name="secret">What callbacks are signed with.</param>
/// <param name="callbackPath">Path of this connection's callback address, token included.</param>
internal sealed class Webhooks(AutotaskClient client, WebhookSecret secret, string callbackPath)
{
    /// <summary>What is appended to the callback address for the call that tells of a webhook's end.</summary>
    public const string EndPath = "deactivated";

    /// <summary>Ends the name of one that has not all its fields yet: the hub may end while it makes one, and a part of the fields looks like all of them.</summary>
    private const string Unfinished = " (unfinished)";

    private static readonly WebhookKind[] Kinds =
    [
        new("TicketWebhooks", "tickets", ["Status", "Priority", "Queue", "Title", "Resource", "Company", "Account", "Type"], Shown: null),
        new("TicketNoteWebhooks", "notes", ["Title", "Description", "Type", "Publish"], Shown: "Ticket"),
    ];

    /// <summary>Makes them right. What hinders one of the kinds leaves the others as they should be.</summary>
    public async Task<SubscriptionReport> EnsureAsync(Uri callbackUrl, CancellationToken cancel)
    {
        var report = new SubscriptionReport(0, 0, 0, 0);
        foreach (var kind in Kinds)
        {
            try
            {
                report += await EnsureAsync(kind, callbackUrl, cancel);
            }
            catch (ConnectorRejectedException refused) when (kind != Kinds[0])
            {
                report += new SubscriptionReport(0, 0, 0, 0) { Problem = $"That of {kind.What} could not be made, so polling finds them: {refused.Message}" };
            }
        }

        return report;
    }

    /// <summary>Takes all of them away; answers how many there were.</summary>
    public async Task<int> RemoveAsync(CancellationToken cancel)
    {
        var removed = 0;
        foreach (var kind in Kinds)
        {
            var ours = await OursAsync(kind, cancel);
            foreach (var hook in ours) await DeleteAsync(kind, hook, cancel);
            removed += ours.Count;
        }

        return removed;
    }

    private string NameOf(WebhookKind kind) => $"Deskbridge {kind.What} {secret.Mark}";

    private async Task<SubscriptionReport> EnsureAsync(WebhookKind kind, Uri callbackUrl, CancellationToken cancel)
    {
        var ours = await OursAsync(kind, cancel);
        var right = ours.Where(hook => hook.WebhookUrl == callbackUrl.ToString() && hook.Name == NameOf(kind) && hook.IsReady != false)
            .OrderByDescending(hook => hook.IsActive == true).ThenBy(hook => hook.Id).ToList();
        var surplus = ours.Except(right.Take(1)).ToList();
        foreach (var hook in surplus) await DeleteAsync(kind, hook, cancel);
        if (right is [var kept, ..])
        {
            if (kept.IsActive == true) return new(0, surplus.Count, 0, 1);
            await client.UpdateAsync(kind.Path, Body(new WebhookDto { Id = kept.Id, IsActive = true }), cancel); // Autotask switches one off after 25 failed deliveries
            return new(0, surplus.Count, 1, 0);
        }

        return new(1, surplus.Count, 0, 0) { Problem = await AddAsync(kind, callbackUrl, cancel) };
    }

    /// <summary>Its children are made one after the other: beside each other some are lost. Answers what is not as it should be.</summary>
    private async Task<string?> AddAsync(WebhookKind kind, Uri callbackUrl, CancellationToken cancel)
    {
        var hook = new WebhookDto
        {
            Name = NameOf(kind) + Unfinished,
            WebhookUrl = callbackUrl.ToString(),
            DeactivationUrl = $"{callbackUrl}/{EndPath}",
            SecretKey = secret.Key,
            IsActive = true, // children of one that is off are refused
            IsSubscribedToCreateEvents = true,
            IsSubscribedToUpdateEvents = true,
            IsSubscribedToDeleteEvents = true,
            SendThresholdExceededNotification = true,
        };
        var id = await client.CreateAsync(kind.Path, Body(hook), cancel);
        var problem = await ExcludeOurselvesAsync(kind, id, cancel);
        foreach (var field in await FieldsAsync(kind, cancel))
            await client.CreateAsync($"{PathOf(kind, id)}/Fields", JsonSerializer.SerializeToUtf8Bytes(field with { WebhookID = id }, AutotaskJson.Default.WebhookFieldDto), cancel);
        await client.UpdateAsync(kind.Path, Body(new WebhookDto { Id = id, Name = NameOf(kind) }), cancel);
        return problem;
    }

    /// <summary>A webhook belongs to the user who makes it, and that is us: what the hub itself writes need not be told to it.</summary>
    private async Task<string?> ExcludeOurselvesAsync(WebhookKind kind, long id, CancellationToken cancel)
    {
        try
        {
            if (await client.ItemAsync(PathOf(kind, id), cancel) is not { } made || AutotaskMap.Number(made, "ownerResourceID") is not { } owner) return null;
            await client.CreateAsync($"{PathOf(kind, id)}/ExcludedResources", JsonSerializer.SerializeToUtf8Bytes(new ExcludedResourceDto(id, owner), AutotaskJson.Default.ExcludedResourceDto), cancel);
            return null;
        }
        catch (ConnectorRejectedException refused)
        {
            return $"The hub's own changes of {kind.What} are told to it as well, which costs calls: {refused.Message}";
        }
    }

    /// <summary>
    /// Their numbers are those of a list of its own, not of the record's fields. In another language none of the labels fits: then all are taken,
    /// and shown each time, so that the ticket is among what is told of a note.
    /// </summary>
    private async Task<IReadOnlyList<WebhookFieldDto>> FieldsAsync(WebhookKind kind, CancellationToken cancel)
    {
        var all = TicketSchema.Of(await client.GetAsync($"{kind.FieldsEntity}/entityInformation/fields", AutotaskJson.Default.FieldListDto, cancel), new FieldListDto([])).Choices("fieldID").ToList();
        var fitting = all.Select(field => new WebhookFieldDto(null, null, field.Value, Fits(field, kind.Subscribed), kind.Shown is { } shown && Fits(field, [shown])))
            .Where(field => field.IsSubscribedField == true || field.IsDisplayAlwaysField == true).ToList();
        var enough = fitting.Exists(field => field.IsSubscribedField == true) && (kind.Shown is null || fitting.Exists(field => field.IsDisplayAlwaysField == true));
        return enough ? fitting : [.. all.Select(field => new WebhookFieldDto(null, null, field.Value, true, kind.Shown is not null))];
    }

    private static bool Fits(PicklistValue field, IEnumerable<string> words) => words.Any(word => field.Label.Contains(word, StringComparison.OrdinalIgnoreCase));

    private async Task<List<WebhookDto>> OursAsync(WebhookKind kind, CancellationToken cancel)
    {
        var all = await client.ListAsync(kind.Path, new AutotaskQuery([]), AutotaskJson.Default.WebhookDto, cancel);
        return [.. all.Where(hook => hook.Id is not null && Uri.TryCreate(hook.WebhookUrl, UriKind.Absolute, out var there) && there.AbsolutePath.TrimEnd('/') == callbackPath)];
    }

    private async Task DeleteAsync(WebhookKind kind, WebhookDto hook, CancellationToken cancel)
    {
        try
        {
            await client.DeleteAsync(PathOf(kind, hook.Id!.Value), cancel);
        }
        catch (ConnectorNotFoundException)
        {
            // Gone already, which is what was wanted.
        }
    }

    private static string PathOf(WebhookKind kind, long id) => $"{kind.Path}/{id.ToString(CultureInfo.InvariantCulture)}";

    private static byte[] Body(WebhookDto hook) => JsonSerializer.SerializeToUtf8Bytes(hook, AutotaskJson.Default.WebhookDto);

    /// <summary>What a webhook tells of.</summary>
    /// <param name="Path">Its collection.</param>
    /// <param name="What">For people.</param>
    /// <param name="Subscribed">Words in the labels of fields whose changes are told; any other change is found by the next poll.</param>
    /// <param name="Shown">A word in the label of a field that is told each time; null for none.</param>
    private sealed record WebhookKind(string Path, string What, string[] Subscribed, string? Shown)
    {
        public string FieldsEntity => Path.TrimEnd('s') + "Fields";
    }
}
