using Deskbridge.Core.Connections.Rights;
using Deskbridge.Core.Connections.Rules;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Connections;

/// <summary>How the connections tables are mapped.</summary>
internal static class ConnectionsMap
{
    public static void Apply(ModelBuilder model)
    {
        model.Entity<Connection>(e =>
        {
            e.ToTable("connections").HasKey(r => r.Id);
            e.HasIndex(r => r.Name).IsUnique();
        });
        model.Entity<ConnectionHealth>(e =>
        {
            e.ToTable("connection_health").HasKey(r => r.ConnectionId);
        });
        model.Entity<InstalledObject>(e =>
        {
            e.ToTable("installed_objects").HasKey(r => new { r.ConnectionId, r.Role });
        });
        model.Entity<ConnectionAccess>(e =>
        {
            e.ToTable("connection_access").HasKey(r => r.ConnectionId);
        });
        model.Entity<MemberChoice>(e =>
        {
            e.ToTable("member_choices").HasKey(r => new { r.ConnectionId, r.PersonId });
        });
        model.Entity<RuleVersion>(e =>
        {
            e.ToTable("rule_versions").HasKey(r => r.Id);
            e.HasIndex(r => new { r.ConnectionId, r.Hash }).IsUnique();
        });
        model.Entity<RemoteAnswer>(e =>
        {
            e.ToTable("remote_answers").HasKey(r => new { r.ConnectionId, r.EventId });
        });
        model.Entity<ConnectionRun>(e =>
        {
            e.ToTable("connection_runs").HasKey(r => r.Id);
            e.HasIndex(r => new { r.ConnectionId, r.StartedAt });
        });
        model.Entity<ConnectionRunItem>(e =>
        {
            e.ToTable("connection_run_items").HasKey(r => new { r.RunId, r.Number });
        });
        model.Entity<ConnectionEvent>(e =>
        {
            e.ToTable("connection_events").HasKey(r => r.Id);
            e.HasIndex(r => new { r.ConnectionId, r.At });
        });
    }
}
