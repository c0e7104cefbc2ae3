using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Intake;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Alerting.Twilio;
using Deskbridge.Core.Audit;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Rights;
using Deskbridge.Core.Connections.Rules;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Nodes;
using Deskbridge.Core.Operations;
using Deskbridge.Core.Sync;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Data;

/// <summary>Every table of the hub but those of sign-in.</summary>
public sealed class HubDb : DbContext
{
    /// <summary>A context. It looks for changes when it saves, not at every question about what it tracks; and a write is taken back whole, never a part of it.</summary>
    /// <param name="options">Provider and connection.</param>
    public HubDb(DbContextOptions<HubDb> options)
        : base(options) => ChangeTracker.AutoDetectChangesEnabled = Database.AutoSavepointsEnabled = false;

#pragma warning disable CS1591 // one table per property; the entity says what it is
    public DbSet<Person> People => Set<Person>();
    public DbSet<Connection> Connections => Set<Connection>();
    public DbSet<ConnectionHealth> ConnectionHealth => Set<ConnectionHealth>();
    public DbSet<InstalledObject> InstalledObjects => Set<InstalledObject>();
    public DbSet<RuleVersion> RuleVersions => Set<RuleVersion>();
    public DbSet<RemoteAnswer> RemoteAnswers => Set<RemoteAnswer>();
    public DbSet<ConnectionRun> ConnectionRuns => Set<ConnectionRun>();
    public DbSet<ConnectionRunItem> ConnectionRunItems => Set<ConnectionRunItem>();
    public DbSet<ConnectionEvent> ConnectionEvents => Set<ConnectionEvent>();
    public DbSet<ConnectionAccess> ConnectionAccess => Set<ConnectionAccess>();
    public DbSet<MemberChoice> MemberChoices => Set<MemberChoice>();
    public DbSet<Mirror> Mirrors => Set<Mirror>();
    public DbSet<Ticket> Tickets => Set<Ticket>();
    public DbSet<Link> Links => Set<Link>();
    public DbSet<ChildPair> ChildPairs => Set<ChildPair>();
    public DbSet<Wake> Wakes => Set<Wake>();
    public DbSet<Cursor> Cursors => Set<Cursor>();
    public DbSet<InboxItem> Inbox => Set<InboxItem>();
    public DbSet<Effect> Effects => Set<Effect>();
    public DbSet<EffectAttempt> EffectAttempts => Set<EffectAttempt>();
    public DbSet<FileContent> FileContents => Set<FileContent>();
    public DbSet<Conflict> Conflicts => Set<Conflict>();
    public DbSet<Alert> Alerts => Set<Alert>();
    public DbSet<AlertEvent> AlertEvents => Set<AlertEvent>();
    public DbSet<AlertNote> AlertNotes => Set<AlertNote>();
    public DbSet<AlertFile> AlertFiles => Set<AlertFile>();
    public DbSet<Team> Teams => Set<Team>();
    public DbSet<TeamIntake> TeamIntakes => Set<TeamIntake>();
    public DbSet<DueStep> DueSteps => Set<DueStep>();
    public DbSet<TeamMember> TeamMembers => Set<TeamMember>();
    public DbSet<DutyPeriod> DutyPeriods => Set<DutyPeriod>();
    public DbSet<Channel> Channels => Set<Channel>();
    public DbSet<Page> Pages => Set<Page>();
    public DbSet<PageAttempt> PageAttempts => Set<PageAttempt>();
    public DbSet<ReplyCode> ReplyCodes => Set<ReplyCode>();
    public DbSet<SmsReceived> SmsReceived => Set<SmsReceived>();
    public DbSet<Node> Nodes => Set<Node>();
    public DbSet<Setting> Settings => Set<Setting>();
    public DbSet<AuditRow> Audit => Set<AuditRow>();
    public DbSet<Probe> Probes => Set<Probe>();
#pragma warning restore CS1591

    /// <summary>Work to hint at once this context's transaction has committed; see <see cref="IHubWriter"/>.</summary>
    internal HashSet<WorkHint> Hints { get; } = [];

    /// <summary>What to count at once this context's transaction has committed.</summary>
    internal List<Action<HubMetrics>> Counts { get; } = [];

    /// <summary>What the hub's own log says once this context's transaction has committed.</summary>
    internal List<ConnectionTrouble> Warnings { get; } = [];

    /// <summary>What the next save writes into the audit besides the changes that are watched.</summary>
    internal List<AuditNote> Notes { get; } = [];

    /// <summary>Who is on duty, as this transaction was told already; forgotten whenever something is saved.</summary>
    internal Dictionary<Guid, OnDuty> DutySeen { get; } = [];

    /// <summary>Open alerts of a team that mails and callouts raised and no connection has taken over, as this transaction read them.</summary>
    internal Dictionary<Guid, List<Alert>> SentSeen { get; } = [];

    /// <summary>Alerts of which every page under way or of a later round is tracked: it need not be asked for again.</summary>
    internal HashSet<Guid> PagesSeen { get; } = [];

    /// <summary>Makes this context fit for the next piece of work: nothing is tracked, nothing noted, nothing hinted.</summary>
    internal void Forget()
    {
        ChangeTracker.Clear();
        Hints.Clear();
        Counts.Clear();
        Warnings.Clear();
        Notes.Clear();
        DutySeen.Clear();
        PagesSeen.Clear();
        SentSeen.Clear();
    }

    /// <inheritdoc/>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        DutySeen.Clear();
        ChangeTracker.DetectChanges();
        await AuditTrail.AppendAsync(this, cancellationToken);
        await NameWarningsAsync(cancellationToken);
        return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }

    /// <summary>Whoever reads the log knows a connection by its name.</summary>
    private async Task NameWarningsAsync(CancellationToken cancel)
    {
        foreach (var trouble in Warnings.Where(trouble => trouble.Connection is null))
        {
            var id = trouble.Entry.ConnectionId;
            trouble.Connection = Connections.Local.FirstOrDefault(row => row.Id == id)?.Name
                ?? await Connections.Where(row => row.Id == id).Select(row => row.Name).FirstOrDefaultAsync(cancel)
                ?? await Teams.Where(team => TeamIntakes.Any(intake => intake.Id == id && intake.TeamId == team.Id)).Select(team => "by mail and callouts of " + team.Name).FirstOrDefaultAsync(cancel) ?? "";
        }
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        DirectoryMap.Apply(modelBuilder);
        ConnectionsMap.Apply(modelBuilder);
        SyncMap.Apply(modelBuilder);
        AlertingMap.Apply(modelBuilder);
        SettingsMap.Apply(modelBuilder);
        AuditMap.Apply(modelBuilder);
        NodesMap.Apply(modelBuilder);
    }

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.KeepInstants(Database.IsSqlite());
        configurationBuilder.Properties<Enum>().HaveConversion<string>();
    }
}

/// <summary>An entry of the event log that the hub's own log says too.</summary>
/// <param name="Entry">The entry.</param>
internal sealed record ConnectionTrouble(ConnectionEvent Entry)
{
    /// <summary>The connection's name, found when the entry is saved.</summary>
    public string? Connection { get; set; }
}

/// <summary>Which queue has new work. A hint only: losing it costs the pump's next tick, never data.</summary>
internal enum WorkHint
{
    Wakes,
    Effects,
    Pages,
    Details,
}
