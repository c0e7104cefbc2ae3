using Deskbridge.Core.Alerting.Intake;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Common;

namespace Deskbridge.Configuration;

/// <summary>Plans the addresses of teams for mails and callouts.</summary>
internal sealed class PlanIntake(SetIntake set, TeamQueries teams, ISecretProtector protector)
{
    public void Add(ConfigurationPlan plan, TeamEntry team, PresentConfiguration present)
    {
        if (team.Intake is not { } entry) return;
        var known = present.Teams.FirstOrDefault(one => one.Name == team.Name) is { } there ? present.Intakes.GetValueOrDefault(there.Id) : null;
        var secret = plan.Secret(entry.At, "secret", entry.Secret, known is not null)?.Trim();
        var mailgun = plan.Secret(entry.At, "mailgunKey", entry.MailgunKey, known is { MailgunKey.Length: > 0 })?.Trim();
        var before = known?.CalloutFields ?? CalloutFields.Usual;
        var differences = new Differences();
        var enabled = differences.Of("enabled", known?.Enabled ?? true, entry.Enabled ?? known?.Enabled ?? true);
        var fields = new CalloutFields(
            differences.Of("titleField", before.Title, Named(entry.TitleField, before.Title)),
            differences.Of("customerField", before.Customer, Named(entry.CustomerField, before.Customer)),
            differences.Of("priorityField", before.Priority, Named(entry.PriorityField, before.Priority)),
            entry.ShownFields is { } shown ? [.. shown.Select(name => name.Text)] : before.Shown);
        differences.Of("shownFields", string.Join(", ", before.Shown), string.Join(", ", fields.Shown));
        var draft = new IntakeDraft
        {
            Enabled = enabled,
            Fields = fields,
            Secret = secret is null || (known is not null && protector.IsSame(known.Secret, secret)) ? null : secret,
            MailgunKey = mailgun is null || protector.IsSame(known?.MailgunKey ?? "", mailgun) ? null : mailgun,
        };
        if (known is not null) differences.Secret("secret", draft.Secret is not null);
        differences.Secret("mailgunKey", draft.MailgunKey is { Length: > 0 });
        if (SetIntake.Check(draft) is { } slip) ConfigurationPlan.Refuse(entry.At, slip);
        else if (known is null || differences.Lines.Count > 0)
            plan.Changes.Add(new Change(known is null ? Change.Adds : Change.Alters, $"mail and callouts of {team.Name}", differences.Lines, cancel => SetAsync(team.Name, draft, cancel)));
    }

    /// <summary>An empty name stands for the usual ones; one that is left out stays.</summary>
    private static string? Named(string? written, string? before) => written is null ? before : written.Trim() is { Length: > 0 } name ? name : null;

    private async Task<Failure?> SetAsync(string team, IntakeDraft draft, CancellationToken cancel) =>
        (await teams.ListAsync(cancel)).FirstOrDefault(one => one.Name == team) is { } found ? (await set.RunAsync(found.Id, draft, ImportActor.Person, cancel)).Failure : null;
}
