using Deskbridge.Core.Alerting.Intake;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting;

/// <summary>How the alerting tables are mapped.</summary>
internal static class AlertingMap
{
    public static void Apply(ModelBuilder model)
    {
        model.Entity<Alert>(e =>
        {
            e.ToTable("alerts").HasKey(r => r.Id);
            e.HasIndex(r => new { r.LinkId, r.Generation }).IsUnique();
            e.HasIndex(r => new { r.Status, r.RaisedAt });
            e.HasIndex(r => new { r.ConnectionId, r.Cause });
            e.HasIndex(r => r.TicketNumber);
            e.HasIndex(r => r.TicketRemoteId);
            e.HasIndex(r => r.MailKey);
            e.Property(r => r.Version).IsConcurrencyToken();
        });
        model.Entity<AlertEvent>(e =>
        {
            e.ToTable("alert_events").HasKey(r => new { r.AlertId, r.Order });
        });
        model.Entity<AlertNote>(e =>
        {
            e.ToTable("alert_notes").HasKey(r => r.Id);
            e.HasIndex(r => r.AlertId);
            e.HasIndex(r => r.ClientKey).IsUnique();
        });
        model.Entity<AlertFile>(e =>
        {
            e.ToTable("alert_files").HasKey(r => r.Id);
            e.HasIndex(r => r.AlertId);
            e.HasIndex(r => r.ClientKey).IsUnique();
        });
        model.Entity<Team>(e =>
        {
            e.ToTable("teams").HasKey(r => r.Id);
            e.HasIndex(r => r.Name).IsUnique();
            e.HasIndex(r => r.ShiftsDueAt);
        });
        IntakeMap.Apply(model);
        model.Entity<DueStep>(e =>
        {
            e.ToTable("due_steps").HasKey(r => r.AlertId);
            e.HasIndex(r => r.DueAt);
        });
        model.Entity<TeamMember>(e =>
        {
            e.ToTable("team_members").HasKey(r => new { r.TeamId, r.PersonId });
        });
        model.Entity<DutyPeriod>(e =>
        {
            e.ToTable("duty_periods").HasKey(r => r.Id);
            e.HasIndex(r => new { r.TeamId, r.EndedAt });
            e.HasIndex(r => r.PersonId);
        });
        model.Entity<Channel>(e =>
        {
            e.ToTable("channels").HasKey(r => r.Id);
            e.HasIndex(r => r.PersonId);
        });
        model.Entity<Page>(e =>
        {
            e.ToTable("pages").HasKey(r => r.Id);
            e.HasIndex(r => new { r.AlertId, r.Episode, r.Step, r.Repeat, r.PersonId, r.ChannelId }).IsUnique();
            e.HasIndex(r => new { r.State, r.DueAt });
        });
        model.Entity<Twilio.ReplyCode>(e =>
        {
            e.ToTable("reply_codes").HasKey(r => new { r.PersonId, r.Code });
        });
        model.Entity<Twilio.SmsReceived>(e =>
        {
            e.ToTable("sms_received").HasKey(r => r.Sid);
            e.HasIndex(r => r.At);
        });
        model.Entity<PageAttempt>(e =>
        {
            e.ToTable("page_attempts").HasKey(r => new { r.PageId, r.Number });
        });
    }
}
