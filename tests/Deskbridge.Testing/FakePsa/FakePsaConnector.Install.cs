using Deskbridge.Connectors;
using Deskbridge.Core.Common;

namespace Deskbridge.Testing;

/// <content>Provisioning and callbacks.</content>
internal sealed partial class FakePsaConnector : IProvisions, IReceivesCallbacks
{
    private static readonly (string Role, string Kind, string Name)[] Needed =
    [
        (TicketFields.MarkerRetrieved, "Custom field", "Retrieved"),
        (TicketFields.MarkerStatus, "Custom field", "Status"),
        (TicketFields.MarkerUser, "Custom field", "User"),
        ("rule.trigger", "Workflow rule", "Trigger"),
        ("rule.update", "Workflow rule", "Update"),
        ("rule.write", "Workflow rule", "Write"),
    ];

    public async Task<ProvisionPlan> PlanAsync(CancellationToken cancel)
    {
        await CallAsync("plan", "", cancel);
        return new ProvisionPlan(
            [.. Needed.Select(need => new ProvisionStep(need.Role, need.Kind, need.Name, $"{need.Kind} {need.Name}", psa.Objects.GetValueOrDefault(need.Role)?.RemoteId))],
            [.. psa.PlanProblems]);
    }

    public async Task<ProvisionedObject> ApplyAsync(ProvisionStep step, IReadOnlyDictionary<string, string> done, CancellationToken cancel)
    {
        await CallAsync("apply", step.Role, cancel);
        if (psa.Objects.TryGetValue(step.Role, out var there)) return there with { Created = false };
        var made = new ProvisionedObject(step.Role, step.Kind, step.Name, psa.NextChildId(), Created: true, Fingerprint: "v1");
        psa.Objects[step.Role] = made;
        psa.DeletedFields.Remove(step.Role);
        if (step.Role == "rule.trigger") psa.RulesExist = true;
        Wrote("apply", step.Role);
        return made;
    }

    public async Task<RemovalOutcome> RemoveAsync(ProvisionedObject created, CancellationToken cancel)
    {
        await CallAsync("remove", created.Role, cancel);
        if (!psa.Objects.TryGetValue(created.Role, out var there)) return new RemovalOutcome(true, "It was already gone.");
        if (there.Fingerprint != created.Fingerprint) return new RemovalOutcome(false, "Somebody changed it since; it was left alone.");
        psa.Objects.TryRemove(created.Role, out _);
        Wrote("remove", created.Role);
        return new RemovalOutcome(true, "Removed.");
    }

    /// <summary>Body: <c>{"key":...,"id":...,"action":...}</c>; genuine when the header <c>x-signature</c> says <see cref="FakePsa.GoodSignature"/>.</summary>
    public Task<CallbackVerdict> VerifyAsync(CallbackRequest request, CancellationToken cancel)
    {
        if (request.Headers.GetValueOrDefault("x-signature") != FakePsa.GoodSignature)
        {
            return Task.FromResult<CallbackVerdict>(new CallbackVerdict.Refused("The signature is wrong."));
        }

        var body = Json.Read<Dictionary<string, string>>(Text(request.Body));
        return Task.FromResult<CallbackVerdict>(new CallbackVerdict.Accepted(body["key"], RecordTypes.Ticket, body["id"], body["action"], psa.Find(body["id"])?.UpdatedAt));
    }

    public async Task<SubscriptionReport> EnsureSubscriptionsAsync(Uri callbackUrl, CancellationToken cancel)
    {
        await CallAsync("subscriptions", "", cancel);
        lock (psa.Subscriptions)
        {
            var outdated = psa.Unsubscribe(url => url != callbackUrl);
            if (psa.Subscriptions.Count > 0) return new SubscriptionReport(0, outdated, 0, 1);
            psa.Subscriptions.Add(callbackUrl);
            return new SubscriptionReport(1, outdated, 0, 0);
        }
    }

    public async Task<int> RemoveSubscriptionsAsync(string callbackPath, CancellationToken cancel)
    {
        await CallAsync("unsubscribe", "", cancel);
        return psa.Unsubscribe(url => url.AbsolutePath == callbackPath);
    }
}
