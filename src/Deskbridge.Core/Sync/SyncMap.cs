using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Sync;

/// <summary>How the sync tables are mapped.</summary>
internal static class SyncMap
{
    public static void Apply(ModelBuilder model)
    {
        model.Entity<Mirror>(e =>
        {
            e.ToTable("mirrors").HasKey(r => new { r.ConnectionId, r.Type, r.RemoteId });
        });
        model.Entity<Ticket>(e =>
        {
            e.ToTable("tickets").HasKey(r => r.Id);
            e.HasIndex(r => new { r.ConnectionId, r.RemoteId }).IsUnique();
            e.HasIndex(r => r.DetailsWanted);
            e.HasIndex(r => r.DetailsAgainAt);
        });
        model.Entity<Link>(e =>
        {
            e.ToTable("links").HasKey(r => r.Id);
            e.HasIndex(r => new { r.ConnectionId, r.Type, r.RemoteId }).IsUnique();
            e.HasIndex(r => r.TicketId).IsUnique();
            e.Property(r => r.Version).IsConcurrencyToken();
        });
        model.Entity<ChildPair>(e =>
        {
            e.ToTable("child_pairs").HasKey(r => new { r.LinkId, r.Kind, r.Marker });
            e.HasIndex(r => new { r.LinkId, r.Kind, r.RemoteId }).IsUnique();
        });
        model.Entity<Wake>(e =>
        {
            e.ToTable("wakes").HasKey(r => new { r.ConnectionId, r.Type, r.RemoteId });
            e.HasIndex(r => r.DueAt);
        });
        model.Entity<Cursor>(e =>
        {
            e.ToTable("cursors").HasKey(r => new { r.ConnectionId, r.Stream });
        });
        model.Entity<InboxItem>(e =>
        {
            e.ToTable("inbox").HasKey(r => new { r.ConnectionId, r.DeliveryKey });
            e.HasIndex(r => r.ReceivedAt);
        });
        model.Entity<Effect>(e =>
        {
            e.ToTable("effects").HasKey(r => r.Id);
            e.HasIndex(r => r.IdemKey).IsUnique();
            e.HasIndex(r => new { r.State, r.NotBefore });
            e.HasIndex(r => new { r.LinkId, r.Seq }).IsUnique();
            e.HasIndex(r => r.AlertId);
        });
        model.Entity<EffectAttempt>(e =>
        {
            e.ToTable("effect_attempts").HasKey(r => new { r.EffectId, r.Number });
        });
        model.Entity<FileContent>(e =>
        {
            e.ToTable("file_contents").HasKey(r => r.FileId);
        });
        model.Entity<Conflict>(e =>
        {
            e.ToTable("conflicts").HasKey(r => r.Id);
            e.HasIndex(r => r.LinkId);
        });
    }
}
