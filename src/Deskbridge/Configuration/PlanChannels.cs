using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Common;
using Deskbridge.Core.Directory;

namespace Deskbridge.Configuration;

/// <summary>Plans the ways to reach people. A channel that the file does not name stays.</summary>
internal sealed class PlanChannels(CreateChannel create, ChangeChannel change, PersonQueries people, ISecretProtector protector)
{
    public void Add(ConfigurationPlan plan, IReadOnlyList<PersonEntry> entries, PresentConfiguration present)
    {
        foreach (var person in entries)
        {
            var known = present.Find(person.Email);
            foreach (var entry in person.Channels)
                Add(plan, person, entry, known is null ? null : present.Channels[known.Id].FirstOrDefault(channel => channel.Name == entry.Name));
        }
    }

    private void Add(ConfigurationPlan plan, PersonEntry person, ChannelEntry entry, Channel? known)
    {
        if ((entry.Kind ?? known?.Kind) is not { } kind)
        {
            if (!entry.At.Keys.Contains("kind", StringComparer.Ordinal)) entry.At.Tell(null, "kind is missing: email, ntfy, webhook, teams, slack or sms.");
            return;
        }

        if (known is not null && known.Kind != kind)
        {
            entry.At.Tell("kind", $"is {known.Kind.ToString().ToLowerInvariant()} already, and the kind of a channel cannot change. Give the new one another name.");
            return;
        }

        var secret = plan.Secret(entry.At, "secret", entry.Secret, known is { Secret.Length: > 0 });
        var draft = new ChannelDraft(entry.Name, entry.Address ?? known?.Address ?? "", secret, entry.Enabled ?? known?.Enabled ?? true, entry.Position).Sorted(kind, known);
        if (known is { AwaitsCode: true } or { StoppedAt: not null }) draft = draft with { Enabled = known.Enabled }; // its owner brings it into use by the code, or by START
        if (ChatAddress.IsSecret(kind) && known is null && draft.Secret is null)
        {
            if (entry.Secret is null) entry.At.Tell(null, $"secret is missing: the web address that {kind} gave you. Keep it out of the file: ${{env:NAME}} or ${{file:/path}}.");
            return;
        }

        if ((known is null ? ChannelRules.Check(kind, draft) : ChannelRules.CheckChange(known, draft)) is { } refused) ConfigurationPlan.Refuse(entry.At, refused);
        else if (kind == ChannelKind.Webhook && known is null && entry.Secret is null)
            entry.At.Tell(null, "secret is missing: a webhook is always signed. Make one with: echo whsec_$(openssl rand -base64 32)");
        else if (known is null)
            plan.Changes.Add(new Change(Change.Adds, $"channel {entry.Name} of {person.Email}, {kind.ToString().ToLowerInvariant()}", [], cancel => CreateAsync(person.Email, kind, draft, cancel)));
        else
            Alter(plan, person, known, draft);
    }

    private void Alter(ConfigurationPlan plan, PersonEntry person, Channel known, ChannelDraft draft)
    {
        var differences = new Differences();
        differences.Of("address", known.Address, draft.Address.Trim());
        differences.Of("enabled", known.Enabled, draft.Enabled);
        differences.Of("position", known.Position, draft.Position ?? known.Position);
        var sameSecret = draft.Secret is null || protector.IsSame(known.Secret, draft.Secret.Trim());
        differences.Secret("secret", !sameSecret);
        if (differences.Lines.Count == 0) return;
        var wanted = sameSecret && !ChannelRules.Moves(known, draft) ? draft with { Secret = null } : draft;
        plan.Changes.Add(new Change(
            Change.Alters, $"channel {known.Name} of {person.Email}", differences.Lines,
            async cancel => (await change.RunAsync(known.Id, wanted, ImportActor.Person, cancel)).Failure));
    }

    private async Task<Failure?> CreateAsync(string email, ChannelKind kind, ChannelDraft draft, CancellationToken cancel) =>
        await people.FindAsync(email, cancel) is { } owner ? (await create.RunAsync(owner.Id, kind, draft, ImportActor.Person, cancel)).Failure : null;
}
