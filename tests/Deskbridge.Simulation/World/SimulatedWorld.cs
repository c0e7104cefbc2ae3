using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Sync;
using Deskbridge.Simulation.Checks;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Deskbridge.Simulation.World;

/// <summary>
/// Everything outside the hub that outlives it: time, remotes, the phone, people and the database; and the hub that
/// lives in it at present. One thread; the same seed gives the same story.
/// </summary>
internal sealed partial class SimulatedWorld : IAsyncDisposable
{
    private SimulatedWorld(int seed, Action<IServiceCollection>? composition)
    {
        Seed = seed;
        Composition = composition;
        Random = new Random(seed);
        var bytes = new Random(seed ^ 0x5eed);
        Ids = new RandomIds(bytes.NextBytes);
        Phone = new Phone(Time, Random);
    }

    public int Seed { get; }

    public ManualTime Time { get; } = new();

    public Random Random { get; }

    public RandomIds Ids { get; }

    public Phone Phone { get; }

    public CrashPoints Crashes { get; } = new();

    public LedgerWatch Ledger { get; } = new();

    public PersonLog Told { get; } = new();

    public List<Remote> Remotes { get; } = [];

    /// <summary>Replaces parts of the hub; kept over its lives.</summary>
    public Action<IServiceCollection>? Composition { get; }

    public int CallsPerMinute { get; private init; } = 100_000;

    public SimulatedDatabase Database { get; private set; } = null!;

    public Hub Hub { get; private set; } = null!;

    public Person Mia { get; private set; } = null!;

    /// <summary>The administrator; warned when nobody is on duty.</summary>
    public Person Ada { get; private set; } = null!;

    public Team Team { get; private set; } = null!;

    /// <summary>Violations found while the story went on: name of the invariant and what happened.</summary>
    public List<Violation> Violations { get; } = [];

    /// <summary>Links whose ticket was seen closed together with a new rule version, and when.</summary>
    public Dictionary<Guid, DateTimeOffset> ClosedUnderNewRules { get; } = [];

    /// <summary>The mark with which each connection began to read; what is older was there before it.</summary>
    public Dictionary<Guid, DateTimeOffset> FirstMarks { get; } = [];

    public static async Task<SimulatedWorld> CreateAsync(
        int seed = 1, int remotes = 1, Action<IServiceCollection>? composition = null, int callsPerMinute = 100_000, Action<SimulatedPsa>? prepare = null, Func<int, bool>? installed = null, Func<int, Vendor>? vendors = null)
    {
        var world = new SimulatedWorld(seed, composition) { CallsPerMinute = callsPerMinute };
        world.Ledger.Committing = changes => world.Judge(StepCheckers.Judge(world, changes));
        world.Database = await SimulatedDatabase.CreateAsync(world.Ledger, world.Time);
        for (var i = 0; i < remotes; i++)
        {
            var psa = new SimulatedPsa($"psa-{(char)('a' + i)}", vendors?.Invoke(i) ?? Vendor.ConnectWise, world.Time, world.Random);
            prepare?.Invoke(psa);
            world.Remotes.Add(new Remote(psa, world.NewConnection(psa, installed?.Invoke(i) ?? true)));
            psa.EffectBehind = world.EffectBehindAsync;
        }

        world.Hub = await Hub.StartAsync(world);
        await world.SeedAsync();
        return world;
    }

    /// <summary>Runs a piece of the hub's work. True when the hub died in it; a new one lives by then.</summary>
    public async Task<bool> LiveAsync(Func<Hub, CancellationToken, Task> work)
    {
        try
        {
            await work(Hub, Crashes.Life);
            if (!Crashes.Life.IsCancellationRequested)
            {
                Judge(SettledCheckers.Judge(this));
                return false;
            }
        }
        catch (OperationCanceledException) when (Crashes.Life.IsCancellationRequested)
        {
            // The restart below is the point.
        }

        await RestartAsync();
        Judge(SettledCheckers.Judge(this));
        return true;
    }

    public Remote RemoteOf(Guid connectionId) => Remotes.Find(remote => remote.Id == connectionId) ?? throw new InvalidOperationException($"No remote has connection {connectionId}.");

    /// <summary>Throws the hub away, as an end of the process does, and starts another on the same database.</summary>
    public async Task RestartAsync()
    {
        await Hub.DisposeAsync();
        Crashes.Renew();
        Hub = await Hub.StartAsync(this);
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        Crashes.Dispose();
        await Database.DisposeAsync();
    }

    /// <summary>Takes up violations, each once: a lasting one is seen at every step.</summary>
    private void Judge(IEnumerable<Violation> seen)
    {
        foreach (var violation in seen)
            if (!Violations.Contains(violation)) Violations.Add(violation);
    }

    private Connection NewConnection(SimulatedPsa psa, bool installed) => new()
    {
        Id = Ids.NewId(),
        Kind = psa.Kind,
        Name = psa.Kind,
        State = installed ? ConnectionState.Active : ConnectionState.Draft,
        Options = psa.Settings,
        InstanceKey = psa.Kind,
        CallbackToken = Ids.NewSecret(),
        CreatedAt = Time.GetUtcNow(),
        InstalledAt = installed ? Time.GetUtcNow() : null,
    };

    private async Task SeedAsync()
    {
        var now = Time.GetUtcNow();
        Team = new Team { Id = Ids.NewId(), Name = "Night" };
        Mia = new Person { Id = Ids.NewId(), Name = "Mia Chen", Email = "mia@example.test", EmailKey = "mia@example.test", CreatedAt = now, Role = PersonRole.Responder };
        Ada = new Person { Id = Ids.NewId(), Name = "Ada Byrne", Email = "ada@example.test", EmailKey = "ada@example.test", CreatedAt = now, Role = PersonRole.Admin };
        var alarm = new Channel { Id = Ids.NewId(), PersonId = Ada.Id, Kind = ChannelKind.Ntfy, Name = "Phone", Address = "http://127.0.0.1:9/ada" };
        var phone = new Channel { Id = Ids.NewId(), PersonId = Mia.Id, Kind = ChannelKind.Ntfy, Name = "Phone", Address = "http://127.0.0.1:9/mia" };
        await Hub.Store.WriteAsync(
            async db =>
            {
                db.AddRange(Team, Mia, phone, Ada, alarm, new TeamMember { TeamId = Team.Id, PersonId = Mia.Id });
                db.Add(new DutyPeriod { Id = Ids.NewId(), TeamId = Team.Id, PersonId = Mia.Id, StartedAt = now });
                foreach (var remote in Remotes)
                {
                    remote.Connection.TeamId = Team.Id;
                    db.Add(remote.Connection);
                    db.Add(new ConnectionHealth { ConnectionId = remote.Id, ClockOffsetMs = (long)remote.Psa.Skew.TotalMilliseconds });
                    if (remote.Connection.State == ConnectionState.Draft) continue;
                    foreach (var (role, kind, id) in remote.Psa.NeededObjects)
                        db.Add(new InstalledObject { ConnectionId = remote.Id, Role = role, Kind = kind, Name = role, RemoteId = id, Created = true, Fingerprint = "", At = now });
                    var version = new RuleVersion { Id = Ids.NewId(), ConnectionId = remote.Id, Hash = remote.Psa.Kind, Body = remote.Psa.Rules.Book().Body, ReadAt = now };
                    remote.Connection.RuleVersionId = version.Id;
                    db.Add(version);
                    db.Add(new Cursor { ConnectionId = remote.Id, Stream = TicketPoller.Stream, MarkTime = remote.Psa.Now, OverlapSeconds = TicketPoller.DefaultOverlapSeconds });
                }

                await Task.CompletedTask;
            },
            default);
    }

    /// <summary>The effect row in state Sent that a write belongs to; its lack is a violation of I2.</summary>
    private async Task<SentEffect?> EffectBehindAsync(Guid connectionId, string ticketId, string kind)
    {
        var sent = await Hub.ReadAsync(db => db.Effects
            .Where(e => e.ConnectionId == connectionId && e.RemoteId == ticketId && e.State == EffectState.Sent)
            .ToListAsync());
        var effect = sent.FirstOrDefault(e => kind switch
        {
            "note" => e.Kind == EffectKind.Note,
            "document" => e.Kind == EffectKind.Document,
            "note-edit" => e.Kind == EffectKind.NoteEdit,
            "schedule" => e.Kind == EffectKind.Schedule,
            _ => e.Kind is EffectKind.Transition or EffectKind.Field,
        });
        if (effect is null)
        {
            Violations.Add(new Violation("I2", $"A {kind} request for ticket {ticketId} left without an effect in state Sent."));
            return null;
        }

        if (kind != "field") return new SentEffect(effect.Id, effect.IdemKey, effect.Attempts, false, false, null);
        var write = Json.Read<FieldWrite>(effect.Payload);
        return new SentEffect(effect.Id, effect.IdemKey, effect.Attempts, write.MayReopen, write.ForceStatus, write.Base.GetValueOrDefault(TicketFields.Status));
    }
}

/// <summary>A broken promise.</summary>
/// <param name="Invariant">Its name in engine.md §11, or another word.</param>
/// <param name="Message">What happened.</param>
internal sealed record Violation(string Invariant, string Message)
{
    public override string ToString() => $"{Invariant}: {Message}";
}
