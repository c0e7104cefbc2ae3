using System.Text;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.Autotask.Records;
using Deskbridge.Sandbox.Autotask.Schema;
using Deskbridge.Sandbox.Faults;

namespace Deskbridge.Sandbox.Autotask.Webhooks;

/// <summary>Delivers webhooks as the vendor does (reference 5.3, 5.4): signed, in order, tried five times, and switched off after 25 events in a row that nobody took.</summary>
internal sealed class WebhookSender(Store store, AutotaskSettings settings, HookState state, Outbox outbox, FaultBook faults, Journal journal, SandboxClock clock)
{
    private const int Attempts = 5;
    private const int MostFailures = 25;
    private const int LongestKept = 8000;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);
    private static readonly Actor Administrator = new(4);

    private readonly HookPayload _payload = new(store, settings);
    private readonly Dictionary<string, HookEvent> _heldBack = new(StringComparer.Ordinal);

    /// <summary>Starts what a commit causes. Called inside the commit, so it only prepares.</summary>
    public void Committed(IReadOnlyList<Write> writes, Actor by)
    {
        foreach (var write in writes)
        {
            if (Entities.WatchedBy(write.Entity.Name) is not null) Switched(write);
            if (Entities.WebhooksOf(write.Entity) is not { } webhooks) continue;
            foreach (var webhook in store.Rows(webhooks))
            {
                if (_payload.Fields(webhooks, webhook, write, by) is { } fields) Start(webhooks, webhook, write, by, fields);
            }
        }
    }

    private void Start(Entity webhooks, Record webhook, Write write, Actor by, JsonObject fields)
    {
        var (url, sequence) = (webhook.Text("webhookUrl")!, state.Next(HookEvent.KeyOf(webhooks, webhook.Id)));
        var struck = faults.Strike(true, "POST", url);
        bool Has(FaultKind kind) => struck.Any(f => f.Kind == kind);
        var payload = _payload.Bytes(webhook, write, by, fields, sequence, clock.Now);
        var secret = Has(FaultKind.CallbackBadSignature) ? "another secret" : webhook.Text("secretKey")!;
        var told = new HookEvent(webhooks, webhook.Id, url, sequence, write, payload, HookEvent.Sign(secret, payload));
        if (Has(FaultKind.CallbackLost)) Log(told, "lost", 0);
        else if (Has(FaultKind.CallbackReordered)) _heldBack[told.Key] = told;
        else
        {
            var late = struck.FirstOrDefault(f => f.Kind == FaultKind.CallbackLate) is { } rule ? TimeSpan.FromSeconds(rule.Seconds) : TimeSpan.Zero;
            outbox.Put(told.Key, cancel => DeliverAsync(told, late, cancel));
            if (Has(FaultKind.CallbackDuplicate)) outbox.Put(told.Key, cancel => DeliverAsync(told, TimeSpan.Zero, cancel));
            if (_heldBack.Remove(told.Key, out var older)) outbox.Put(told.Key, cancel => DeliverAsync(older, TimeSpan.Zero, cancel));
        }
    }

    private async Task DeliverAsync(HookEvent told, TimeSpan late, CancellationToken cancel)
    {
        if (late > TimeSpan.Zero) await outbox.WaitAsync(late, cancel);
        for (var attempt = 1; ; attempt++)
        {
            if (store.Find(told.Webhooks, told.Webhook)?.Flag("isActive") != true) return;
            using var message = new HttpRequestMessage(HttpMethod.Post, told.Url) { Content = new ByteArrayContent(told.Payload) };
            message.Content.Headers.ContentType = new("application/json") { CharSet = "utf-8" };
            message.Headers.Add("X-Hook-Signature", told.Signature);
            var status = await outbox.SendAsync(message, cancel);
            if (status is >= 200 and < 300)
            {
                Log(told, "delivered", status);
                state.Ended(told.Key, delivered: true);
                return;
            }

            Log(told, attempt < Attempts ? "failed" : "dropped", status);
            if (attempt == Attempts)
            {
                GiveUp(told, status);
                return;
            }

            await outbox.WaitAsync(Pause, cancel);
        }
    }

    private void GiveUp(HookEvent told, int status)
    {
        var failures = state.Ended(told.Key, delivered: false);
        store.Commit(Administrator, change =>
        {
            var payload = Encoding.UTF8.GetString(told.Payload);
            change.Add(Entities.Of("WebhookEventErrorLogs"), new Record
            {
                ["accountWebhookID"] = told.Webhooks.Name == "CompanyWebhooks" ? told.Webhook : null,
                ["contactWebhookID"] = told.Webhooks.Name == "ContactWebhooks" ? told.Webhook : null,
                ["sequenceNumber"] = told.Sequence,
                ["payload"] = payload.Length > LongestKept ? payload[..LongestKept] : payload,
                ["errorMessage"] = status == 0 ? "The callout was not answered within 10 seconds." : $"The callout was answered with status {status}.",
                ["createDateTime"] = change.Now,
            });
            if (failures < MostFailures || change.Find(told.Webhooks.Name, told.Webhook) is not { } webhook) return 0;
            var copy = webhook.Copy();
            copy["isActive"] = false;
            change.Put(told.Webhooks, copy);
            return 0;
        });
    }

    // Tells the owner that a webhook is off, however that came; switched on again it starts afresh. The body is not documented: unsigned and short, as one client met it.
    private void Switched(Write write)
    {
        var key = HookEvent.KeyOf(write.Entity, write.Id);
        var (was, now) = (write.Before?.Flag("isActive") == true, write.After?.Flag("isActive") == true);
        if (now && !was) state.Forget(key);
        if (!was || now) return;
        var (webhook, at) = (write.Before!, clock.Now);
        outbox.Put(key + "/off", async cancel =>
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, webhook.Text("deactivationUrl"))
            {
                Content = new StringContent(new JsonObject { ["Action"] = "Deactivated", ["Guid"] = webhook.Text("webhookGUID"), ["EventTime"] = Values.Stamp(at) }.ToJsonString(), null, "application/json"),
            };
            var status = await outbox.SendAsync(message, cancel);
            journal.Append(clock.Now, [("deactivation", new JsonObject { ["webhook"] = key, ["url"] = webhook.Text("deactivationUrl"), ["status"] = status })]);
        });
    }

    private void Log(HookEvent told, string outcome, int status) => journal.Append(clock.Now, [("webhook", new JsonObject
    {
        ["webhook"] = told.Key,
        ["sequence"] = told.Sequence,
        ["url"] = told.Url,
        ["type"] = told.Write.Entity.LegacyName,
        ["id"] = told.Write.Id,
        ["action"] = told.Write.Action,
        ["outcome"] = outcome,
        ["status"] = status,
    })]);
}
