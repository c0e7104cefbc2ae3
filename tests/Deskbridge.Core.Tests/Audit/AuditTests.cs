using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Audit;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Audit;

public sealed class AuditTests : IAsyncLifetime
{
    private TestStore _hub = null!;
    private Person _admin = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await TestStore.CreateAsync(services => services.AddDirectory().AddAlerting());
        _admin = (await _hub.Get<CreateFirstAdministrator>().RunAsync(new PersonDraft("Ada", "ada@example.test"), default)).Value;
    }

    public ValueTask DisposeAsync() => _hub.DisposeAsync();

    [Fact]
    public async Task Change_IsWrittenDown_WithItsDoer_BeforeAndAfter()
    {
        Actor.Set(new Actor(ActorKind.Token, _admin.Id, "Ada", "monitoring", "192.0.2.7"));
        var mia = (await _hub.Get<CreatePerson>().RunAsync(new PersonDraft("Mia", "mia@example.test", PersonRole.Responder), _admin, default)).Value;
        await _hub.Get<ChangePerson>().RunAsync(mia.Id, new PersonDraft("Mia", "mia@example.test", PersonRole.Admin), _admin, default);

        var row = (await RowsAsync())[^1];

        Assert.Equal(("person.changed", "Mia", "Ada", "monitoring", "192.0.2.7", ActorKind.Token), (row.Action, row.Subject, row.Actor, row.Via, row.Address, row.ActorKind));
        Assert.Equal(_hub.Time.GetUtcNow(), row.At);
        var change = Assert.Single(Json.Read<Dictionary<string, AuditChange>>(row.Detail));
        Assert.Equal(("role", new AuditChange("Responder", "Admin")), (change.Key, change.Value));
    }

    [Fact]
    public async Task Secret_IsNeverWrittenDown()
    {
        var added = await _hub.Get<CreateChannel>().RunAsync(
            _admin.Id, ChannelKind.Ntfy, new ChannelDraft("Chat", "https://chat.example.test/T0P-S3CRET", "tk_signing-secret-1"), _admin, default);
        Assert.True(added.Failure is null, added.Failure?.Message);
        await _hub.AddAsync(new Setting { Key = SettingKeys.SmtpPassword, Value = "sealed-password" });

        var told = string.Join('\n', (await RowsAsync()).Select(row => row.Detail));

        Assert.DoesNotContain("S3CRET", told, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("signing-secret", told, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("sealed-password", told, StringComparison.Ordinal);
        Assert.Contains("https://chat.example.test/…", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Action_ThatIsRefused_LeavesNoLine()
    {
        var before = (await RowsAsync()).Count;

        Assert.NotNull(await _hub.Get<DeleteTeam>().RunAsync(Guid.Empty, _admin, default));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _hub.Store.WriteAsync(
            async db =>
            {
                db.Teams.Add(new Team { Id = Guid.CreateVersion7(), Name = "Night" });
                await db.SaveChangesAsync();
                throw new InvalidOperationException("no");
            },
            default));

        Assert.Equal(before, (await RowsAsync()).Count);
    }

    [Fact]
    public async Task Chain_OfManyWritersAtOnce_IsOne()
    {
        await Task.WhenAll(Enumerable.Range(0, 40).Select(i => _hub.Get<CreateTeam>().RunAsync(new TeamDraft($"Team {i}"), _admin, default)));

        var rows = await RowsAsync();
        Assert.Equal(Enumerable.Range(1, rows.Count).Select(n => (long)n), rows.Select(row => row.Number));
        Assert.Equal((41, null), (rows.Count(row => row.Action is "team.added" or "person.added"), (await VerifyAsync()).Broken));
    }

    [Theory]
    [InlineData("UPDATE audit SET \"Actor\" = 'Eve' WHERE \"Number\" = 3", 3, "changed after it was written")]
    [InlineData("UPDATE audit SET \"Via\" = 'x' WHERE \"Number\" = 2", 2, "changed after it was written")]
    [InlineData("UPDATE audit SET \"Subject\" = \"Subject\" || 'x', \"SubjectId\" = '' WHERE \"Number\" = 4", 4, "changed after it was written")]
    [InlineData("DELETE FROM audit WHERE \"Number\" = 3", 4, "Line 3 is missing")]
    [InlineData("DELETE FROM audit WHERE \"Number\" < 3", 3, "Line 1 is missing")]
    [InlineData("UPDATE audit SET \"Number\" = 99 WHERE \"Number\" = 5", 99, "Line 5 is missing")]
    public async Task Tampering_IsFound_AndTheFirstBrokenLineNamed(string sql, long broken, string message)
    {
        for (var i = 0; i < 4; i++) await _hub.Get<CreateTeam>().RunAsync(new TeamDraft($"Team {i}"), _admin, default);
        Assert.Null((await VerifyAsync()).Broken);

        await _hub.Store.WriteAsync(db => db.Database.ExecuteSqlRawAsync(sql), default);

        var verdict = await VerifyAsync();
        Assert.Equal(broken, verdict.Broken);
        Assert.Contains(message, verdict.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Line_RewrittenTogetherWithItsHash_BreaksTheNextOne()
    {
        for (var i = 0; i < 4; i++) await _hub.Get<CreateTeam>().RunAsync(new TeamDraft($"Team {i}"), _admin, default);
        var old = (await RowsAsync())[1];
        var forged = new AuditRow
        {
            Number = old.Number,
            At = old.At,
            ActorKind = old.ActorKind,
            PersonId = old.PersonId,
            Actor = "Eve",
            Via = old.Via,
            Address = old.Address,
            Action = old.Action,
            SubjectId = old.SubjectId,
            Subject = old.Subject,
            Detail = old.Detail,
            Previous = old.Previous,
        };
        var hash = forged.ComputeHash();
        await _hub.Store.WriteAsync(db => db.Audit.Where(row => row.Number == 2).ExecuteUpdateAsync(set => set.SetProperty(row => row.Actor, "Eve").SetProperty(row => row.Hash, hash)), default);

        var verdict = await VerifyAsync();

        Assert.Equal((3, 2), (verdict.Broken, verdict.Checked));
    }

    [Fact]
    public async Task Engine_WritesNoLines()
    {
        var alert = Build.Alert(Build.Connection());
        await _hub.AddAsync(alert);
        var before = (await RowsAsync()).Count;

        await _hub.Store.WriteAsync(
            async db =>
            {
                var row = await db.Alerts.SingleAsync(a => a.Id == alert.Id);
                (row.Status, row.Origin) = (AlertStatus.Closed, TransitionOrigin.Ticket);
            },
            default);

        Assert.Equal(before, (await RowsAsync()).Count);
    }

    private Task<List<AuditRow>> RowsAsync() => _hub.ReadAsync(db => db.Audit.OrderBy(row => row.Number).ToListAsync());

    private Task<AuditVerdict> VerifyAsync() => _hub.Get<AuditLog>().VerifyAsync(default);
}
