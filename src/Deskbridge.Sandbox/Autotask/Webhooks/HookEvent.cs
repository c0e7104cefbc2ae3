using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.Autotask.Records;
using Deskbridge.Sandbox.Autotask.Rules;
using Deskbridge.Sandbox.Autotask.Schema;

namespace Deskbridge.Sandbox.Autotask.Webhooks;

/// <summary>One event of one webhook: its payload as bytes, and their signature (reference 5.3).</summary>
internal sealed record HookEvent(Entity Webhooks, long Webhook, string Url, long Sequence, Write Write, byte[] Payload, string Signature)
{
    public string Key => KeyOf(Webhooks, Webhook);

    public static string KeyOf(Entity webhooks, long id) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{webhooks.Name}/{id}");

    public static string Sign(string secret, byte[] payload)
    {
#pragma warning disable CA5350 // the vendor signs with SHA-1
        return "sha1=" + Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(secret), payload));
#pragma warning restore CA5350
    }
}

/// <summary>Whether a webhook wants to hear of a write, and what it is told.</summary>
internal sealed class HookPayload(Store store, AutotaskSettings settings)
{
    /// <summary>The fields that go with the event; null when the webhook does not want it.</summary>
    public JsonObject? Fields(Entity webhooks, Record webhook, Write write, Actor by)
    {
        if (!webhook.Flag("isActive") || !webhook.Flag("isReady") || !webhook.Flag($"isSubscribedTo{write.Action}Events")) return null;
        if (Parts(webhooks, webhook, "resourceID").Any(r => r.Long("resourceID") == by.Resource)) return null;
        if (settings.Current.On(write.Entity.Name).Query == 0) return null; // the owner may not see it: silence
        if (write.After is not { } record) return [];
        var chosen = Chosen(webhooks, webhook, write.Entity).ToList();
        var changed = write.Changed;
        if (write.Before is not null && !chosen.Exists(c => c.Subscribed && changed.Contains(c.Key, StringComparer.Ordinal))) return null;
        return new JsonObject(chosen
            .Where(c => write.Before is null || c.Always || (c.Subscribed && changed.Contains(c.Key, StringComparer.Ordinal)))
            .DistinctBy(c => c.Shown, StringComparer.Ordinal)
            .Select(c => KeyValuePair.Create(c.Shown, settings.Current.TextValues && record[c.Key] is { } value ? Values.Text(value) : Values.Write(record[c.Key]))));
    }

    public byte[] Bytes(Record webhook, Write write, Actor by, JsonObject fields, long sequence, DateTimeOffset at) => JsonSerializer.SerializeToUtf8Bytes(new JsonObject
    {
        ["Action"] = write.Action,
        ["Guid"] = settings.Current.EventGuids ? Guid.CreateVersion7(at).ToString() : webhook.Text("webhookGUID"),
        ["EntityType"] = write.Entity.LegacyName,
        ["Id"] = write.Id,
        ["Fields"] = fields,
        ["EventTime"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
        ["SequenceNumber"] = sequence,
        [settings.Current.PersonId ? "PersonId" : "PersonID"] = by.Resource,
    });

    private IEnumerable<(string Key, string Shown, bool Subscribed, bool Always)> Chosen(Entity webhooks, Record webhook, Entity watched)
    {
        foreach (var part in Parts(webhooks, webhook, "fieldID"))
        {
            if (watched.Fields.FirstOrDefault(f => watched.IsForWebhooks(f) && Picklists.FieldId(watched, f) == part.Long("fieldID")) is { } field)
                yield return (field.Name, char.ToUpperInvariant(field.Name[0]) + field.Name[1..], part.Flag("isSubscribedField"), part.Flag("isDisplayAlwaysField"));
        }

        foreach (var part in Parts(webhooks, webhook, "udfFieldID"))
        {
            if (store.Find("UserDefinedFieldDefinitions", part.Long("udfFieldID")) is { } udf)
                yield return (Record.Udf(udf.Id), udf.Text("name")!, part.Flag("isSubscribedField"), part.Flag("isDisplayAlwaysField"));
        }
    }

    private IEnumerable<Record> Parts(Entity webhooks, Record webhook, string field) => Entities.All
        .Where(e => e.Parent?.Collection == webhooks.Name && e.Find(field) is not null)
        .SelectMany(store.Rows)
        .Where(p => p.Long("webhookID") == webhook.Id);
}
