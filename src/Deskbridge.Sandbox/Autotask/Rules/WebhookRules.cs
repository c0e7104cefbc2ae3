using Deskbridge.Sandbox.Autotask.Records;
using Deskbridge.Sandbox.Autotask.Schema;

namespace Deskbridge.Sandbox.Autotask.Rules;

/// <summary>Webhooks: https on port 443, no two alike, ready when a field is watched (reference 5.2).</summary>
internal sealed class WebhookRules(Entity entity, AutotaskSettings settings, bool plainHttpLoopback) : EntityRules
{
    private static readonly string[] Events = ["isSubscribedToCreateEvents", "isSubscribedToUpdateEvents", "isSubscribedToDeleteEvents"];

    public override void Complete(Change change, Record after, Record? before)
    {
        after["webhookGUID"] ??= Guid.CreateVersion7(change.Now).ToString();
        after["isReady"] = before is not null && Parts(change, entity, after.Id).Any(p => p.Flag("isSubscribedField"));
        foreach (var name in Events) after[name] ??= false;
    }

    public override void Check(Change change, Record after, Record? before, ICollection<string> errors)
    {
        if (before is null && !settings.Current.MayCreateWebhooks) throw Refusal.Permission("create webhooks");
        foreach (var name in (string[])["webhookUrl", "deactivationUrl"])
        {
            if (!IsAllowed(after.Text(name)!)) errors.Add($"{name} must be an HTTPS address on port 443.");
        }

        // Whoever owns the other one, and even while it is inactive.
        if (change.All(entity.Name).Any(w => w.Id != after.Id && w.Text("webhookUrl") == after.Text("webhookUrl") && Events.Any(e => w.Flag(e) && after.Flag(e))))
            errors.Add("A duplicate webhook exists: the same entity, URL and event type.");
    }

    /// <summary>The fields and user-defined fields that a webhook names.</summary>
    public static IEnumerable<Record> Parts(Change change, Entity webhooks, long id) => Entities.All
        .Where(e => e.Parent?.Collection == webhooks.Name && e.Find("isSubscribedField") is not null)
        .SelectMany(e => change.All(e.Name))
        .Where(p => p.Long("webhookID") == id);

    private bool IsAllowed(string address) => Uri.TryCreate(address, UriKind.Absolute, out var url)
        && ((url.Scheme == Uri.UriSchemeHttps && url.Port == 443) || (plainHttpLoopback && url.IsLoopback && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)));
}

/// <summary>The parts of a webhook decide whether it is ready.</summary>
internal sealed class WebhookPartRules(Entity entity) : EntityRules
{
    public override void Saved(Change change, Record after, Record? before) => Settle(change, after.Long("webhookID"), gone: null);

    public override void Deleted(Change change, Record gone) => Settle(change, gone.Long("webhookID"), gone);

    private void Settle(Change change, long? id, Record? gone)
    {
        var webhooks = Entities.Of(entity.Parent!.Collection);
        if (change.Find(webhooks.Name, id) is not { } webhook) return;
        var ready = WebhookRules.Parts(change, webhooks, webhook.Id).Any(p => p != gone && p.Flag("isSubscribedField"));
        if (webhook.Flag("isReady") == ready) return;
        var copy = webhook.Copy();
        copy["isReady"] = ready;
        change.Put(webhooks, copy);
    }
}
