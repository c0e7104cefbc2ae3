using System.Globalization;
using System.Text.Json;

namespace Deskbridge.Connectors.Autotask;

/// <summary>
/// Keeps exactly one active webhook for tickets, at the hub's present address. The path holds the connection's unguessable token, so a webhook
/// with it is this connection's own at whatever host and port.
/// </summary>
/// <param name="client">The remote.</param>
/// <param name="secret">What callbacks are signed with.</param>
/// <param name="callbackPath">Path of this connection's callback address, token included.</param>
internal sealed class Webhooks(AutotaskClient client, WebhookSecret secret, string callbackPath)
{
    private const string Path = "TicketWebhooks";

    /// <summary>Labels of fields whose changes are told; any other change is found by the next poll.</summary>
    private static readonly string[] Wanted = ["Status", "Priority", "Queue", "Title", "Resource", "Company", "Account", "Type"];

    private string Name => $"Deskbridge tickets {secret.Mark}";

    public async Task<SubscriptionReport> EnsureAsync(Uri callbackUrl, CancellationToken cancel)
    {
        var ours = await OursAsync(cancel);
        // One that is not ready was cut off before it had its fields.
        var right = ours.Where(hook => hook.WebhookUrl == callbackUrl.ToString() && hook.Name == Name && hook.IsReady != false)
            .OrderByDescending(hook => hook.IsActive == true).ThenBy(hook => hook.Id).ToList();
        var surplus = ours.Except(right.Take(1)).ToList();
        foreach (var hook in surplus) await DeleteAsync(hook, cancel);
        if (right is [var kept, ..])
        {
            if (kept.IsActive == true) return new(0, surplus.Count, 0, 1);
            await client.UpdateAsync(Path, Body(new WebhookDto { Id = kept.Id, IsActive = true }), cancel); // Autotask switches one off after 25 failed deliveries
            return new(0, surplus.Count, 1, 0);
        }

        await AddAsync(callbackUrl, cancel);
        return new(1, surplus.Count, 0, 0);
    }

    public async Task<int> RemoveAsync(CancellationToken cancel)
    {
        var ours = await OursAsync(cancel);
        foreach (var hook in ours) await DeleteAsync(hook, cancel);
        return ours.Count;
    }

    private async Task AddAsync(Uri callbackUrl, CancellationToken cancel)
    {
        var id = await client.CreateAsync(
            Path,
            Body(new WebhookDto
            {
                Name = Name,
                WebhookUrl = callbackUrl.ToString(),
                DeactivationUrl = callbackUrl + "/deactivated",
                SecretKey = secret.Key,
                IsActive = true,
                IsSubscribedToCreateEvents = true,
                IsSubscribedToUpdateEvents = true,
                IsSubscribedToDeleteEvents = true,
                SendThresholdExceededNotification = true,
            }),
            cancel);
        var path = $"{Path}/{id.ToString(CultureInfo.InvariantCulture)}/Fields";
        foreach (var field in await FieldsAsync(cancel)) // one after the other: beside each other some are lost
            await client.CreateAsync(path, JsonSerializer.SerializeToUtf8Bytes(new WebhookFieldDto(null, id, field, true, false), AutotaskJson.Default.WebhookFieldDto), cancel);
    }

    /// <summary>Their numbers are those of a list of its own, not of the ticket's fields. In another language none of the labels fits: then all are taken.</summary>
    private async Task<IReadOnlyList<long>> FieldsAsync(CancellationToken cancel)
    {
        var all = TicketSchema.Of(await client.GetAsync("TicketWebhookFields/entityInformation/fields", AutotaskJson.Default.FieldListDto, cancel), new FieldListDto([])).Choices("fieldID").ToList();
        var fitting = all.Where(field => Wanted.Any(word => field.Label.Contains(word, StringComparison.OrdinalIgnoreCase))).ToList();
        return [.. (fitting.Count > 0 ? fitting : all).Select(field => field.Value)];
    }

    private async Task<List<WebhookDto>> OursAsync(CancellationToken cancel)
    {
        var all = await client.ListAsync(Path, new AutotaskQuery([]), AutotaskJson.Default.WebhookDto, cancel);
        return [.. all.Where(hook => hook.Id is not null && Uri.TryCreate(hook.WebhookUrl, UriKind.Absolute, out var there) && there.AbsolutePath.TrimEnd('/') == callbackPath)];
    }

    private async Task DeleteAsync(WebhookDto hook, CancellationToken cancel)
    {
        try
        {
            await client.DeleteAsync($"{Path}/{hook.Id!.Value.ToString(CultureInfo.InvariantCulture)}", cancel);
        }
        catch (ConnectorNotFoundException)
        {
            // Gone already, which is what was wanted.
        }
    }

    private static byte[] Body(WebhookDto hook) => JsonSerializer.SerializeToUtf8Bytes(hook, AutotaskJson.Default.WebhookDto);
}
