using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Sync;
using Deskbridge.Core.Tests.Connections;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;

namespace Deskbridge.Core.Tests.Sync;

/// <summary>A note is edited in the hub: the ticket's note follows once, and what somebody wrote there is not written over (decision 0046).</summary>
public sealed class NoteEditTests
{
    private readonly Person _mia = Build.Person("Mia Chen", email: "mia.chen@example.test");

    [Fact]
    public async Task Edit_OfANoteOnTheTicket_ChangesItOnce_AndKeepsMarkAndFlags()
    {
        await using var hub = await WithNoteAsync();
        var before = Shown(hub);

        await EditAsync(hub, "Found it.");
        await hub.SettleAsync();

        Assert.Equal(before with { Text = before.Text.Replace("Looking.", "Found it.", StringComparison.Ordinal) }, Shown(hub));
        Assert.Equal(1, Sent(hub));
        Assert.Equal(EffectState.Confirmed, Assert.Single(await EditsAsync(hub)).State);
        Assert.Equal("Note on the ticket changed.", (await LinesAsync(hub, "ticket-updated"))[^1]);
        Assert.Equal("It said before:\nLooking.", Assert.Single(await hub.Store.ReadAsync(db => db.AlertEvents.Where(line => line.Kind == "note-edited").Select(line => line.Why).ToListAsync())));
    }

    [Fact]
    public async Task Edit_OfANoteThatNeverLeft_GoesWithIt()
    {
        await using var hub = await WithAlertAsync();
        await AddAsync(hub);
        await EditAsync(hub, "Found it.");
        await hub.WorkAsync();
        await EditAsync(hub, "Found it, and mended it.");
        await hub.SettleAsync();

        Assert.StartsWith("Found it, and mended it.\n\n", Shown(hub).Text, StringComparison.Ordinal);
        Assert.Equal(0, Sent(hub));
    }

    [Fact]
    public async Task Edit_WhileASenderHoldsTheNote_GoesWithIt_ForTheSenderFindsItsClaimGone()
    {
        await using var hub = await WithAlertAsync();
        await AddAsync(hub);
        await hub.WorkAsync();
        var held = Assert.Single(await hub.Store.Get<EffectClaims>().TakeAsync(default));
        await EditAsync(hub, "Found it.");

        Assert.Equal(SentMark.Lost, await hub.Store.Get<EffectLedger>().MarkSentAsync(held, null, default));
        await hub.SettleAsync();

        Assert.StartsWith("Found it.\n\n", Shown(hub).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Edits_ThatFollowEachOther_AreOneWrite()
    {
        await using var hub = await WithNoteAsync();
        await EditAsync(hub, "Found it.");
        await EditAsync(hub, "Found it, and mended it.");
        await hub.SettleAsync();

        Assert.Equal([EffectState.Superseded, EffectState.Confirmed], (await EditsAsync(hub)).Select(edit => edit.State));
        Assert.Equal(1, Sent(hub));
        Assert.StartsWith("Found it, and mended it.", Shown(hub).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Edit_WhoseAnswerIsLost_IsFoundByItsText_AndNotSentAgain()
    {
        await using var hub = await WithNoteAsync();
        var lost = 0;
        hub.Psa.FailAfter = operation => operation == "edit-note" && lost++ == 0 ? new ConnectorUnavailableException("500", mayHaveBeenApplied: true) : null;
        await EditAsync(hub, "Found it.");
        await hub.SettleAsync();

        Assert.Equal((1, 1), (lost, Sent(hub)));
        Assert.Equal(EffectState.Confirmed, Assert.Single(await EditsAsync(hub)).State);
    }

    [Fact]
    public async Task Edit_ThatDidNotArrive_IsSentAgain()
    {
        await using var hub = await WithNoteAsync();
        var failed = 0;
        hub.Psa.FailBefore = operation => operation == "edit-note" && failed++ == 0 ? new ConnectorUnavailableException("500", mayHaveBeenApplied: true) : null;
        await EditAsync(hub, "Found it.");
        await hub.SettleAsync();

        Assert.StartsWith("Found it.", Shown(hub).Text, StringComparison.Ordinal);
        Assert.Equal(1, Sent(hub));
    }

    [Fact]
    public async Task NoteThatATechnicianChanged_Stays_AndALaterEditKnowsOfIt()
    {
        await using var hub = await WithNoteAsync();
        var theirs = Shown(hub).Text.Replace("Looking.", "Customer confirms.", StringComparison.Ordinal);
        Assert.NotNull(hub.Psa.EditNote(Ticket(hub), Shown(hub).Id, theirs));
        await EditAsync(hub, "Found it.");
        await hub.SettleAsync();

        Assert.Equal((theirs, 0), (Shown(hub).Text, Sent(hub)));
        Assert.Equal(EffectState.Superseded, Assert.Single(await EditsAsync(hub)).State);
        var conflict = await hub.Store.ReadAsync(db => db.Conflicts.SingleAsync());
        Assert.Equal((theirs, true), (conflict.RemoteValue, conflict.HubValue!.StartsWith("Found it.", StringComparison.Ordinal)));
        Assert.Contains("The edited note was not written: somebody changed the note on the ticket first.", await LinesAsync(hub, "conflict"));

        Assert.IsType<NoteEditedMeanwhile>((await TryEditAsync(hub, "Found it, really.", seen: 2)).Failure); // who did not see that
        await EditAsync(hub, "Customer confirms, and so do I.");
        await hub.SettleAsync();
        Assert.StartsWith("Customer confirms, and so do I.", Shown(hub).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoteThatATechnicianChanged_WhileAnEditWasInDoubt_Stays_AgainstLaterEditsToo()
    {
        await using var hub = await WithNoteAsync();
        hub.Psa.FailBefore = operation => operation == "edit-note" ? new ConnectorUnavailableException("500", mayHaveBeenApplied: true) : null;
        await EditAsync(hub, "Found it.");
        await hub.Store.Get<EffectSender>().RunOnceAsync(default);
        await EditAsync(hub, "Found it, and mended it.");
        hub.Psa.FailBefore = null;
        var theirs = Shown(hub).Text.Replace("Looking.", "Customer confirms.", StringComparison.Ordinal);
        hub.Psa.EditNote(Ticket(hub), Shown(hub).Id, theirs);
        await hub.SettleAsync();

        Assert.Equal((theirs, 0), (Shown(hub).Text, Sent(hub)));
        Assert.All(await EditsAsync(hub), edit => Assert.Equal(EffectState.Superseded, edit.State));
        Assert.StartsWith("Found it, and mended it.", (await hub.Store.ReadAsync(db => db.Conflicts.SingleAsync())).HubValue, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Edit_ThatArrivesAfterALaterOneOvertookIt_IsNotTakenForSomebodyElses()
    {
        await using var hub = await WithNoteAsync();
        hub.Psa.FailBefore = operation => operation == "edit-note" ? new ConnectorUnavailableException("No answer in time.", mayHaveBeenApplied: true) : null;
        await EditAsync(hub, "Found it.");
        await hub.Store.Get<EffectSender>().RunOnceAsync(default);
        hub.Store.Time.Advance(TimeSpan.FromSeconds(2));
        await hub.Store.Get<EffectSender>().RunOnceAsync(default);
        Assert.Equal(EffectState.Retry, Assert.Single(await EditsAsync(hub)).State);
        await EditAsync(hub, "Found it, and mended it.");
        hub.Psa.FailBefore = null;
        hub.Psa.EditNote(Ticket(hub), Shown(hub).Id, Shown(hub).Text.Replace("Looking.", "Found it.", StringComparison.Ordinal)); // the first one, at last
        await hub.SettleAsync();

        Assert.StartsWith("Found it, and mended it.", Shown(hub).Text, StringComparison.Ordinal);
        Assert.Equal([EffectState.Superseded, EffectState.Confirmed], (await EditsAsync(hub)).Select(edit => edit.State));
        Assert.Empty(await hub.Store.ReadAsync(db => db.Conflicts.ToListAsync()));
    }

    [Fact]
    public async Task NoteThatWasDeletedOnTheTicket_IsToldAfterALookMore()
    {
        await using var hub = await WithNoteAsync();
        hub.Psa.Notes[Ticket(hub)].Clear();
        await EditAsync(hub, "Found it.");
        await hub.Store.Get<EffectSender>().RunOnceAsync(default);
        Assert.Null(Assert.Single(await EditsAsync(hub)).SettledAt);
        hub.Store.Time.Advance(TimeSpan.FromMinutes(2));
        await hub.SettleAsync();

        var edit = Assert.Single(await EditsAsync(hub));
        Assert.Equal((EffectState.Rejected, true), (edit.State, edit.Error!.Contains("deleted on the ticket", StringComparison.Ordinal)));
        Assert.Equal("Found it.", (await NoteAsync(hub)).Text);
    }

    [Fact]
    public async Task Edit_OfANoteInDoubt_WaitsForIt()
    {
        await using var hub = await WithAlertAsync();
        hub.Psa.FailAfter = operation => operation == "add-note" ? new ConnectorUnavailableException("500", mayHaveBeenApplied: true) : null;
        await AddAsync(hub);
        await hub.WorkAsync();
        await hub.Store.Get<EffectSender>().RunOnceAsync(default);
        await EditAsync(hub, "Found it.");
        await hub.Store.Get<EffectSender>().RunOnceAsync(default);
        Assert.Equal(EffectState.Pending, Assert.Single(await EditsAsync(hub)).State);
        hub.Psa.FailAfter = null;
        await hub.SettleAsync();

        Assert.StartsWith("Found it.", Shown(hub).Text, StringComparison.Ordinal);
        Assert.Equal(1, hub.Psa.Writes.Count(write => write.StartsWith("add-note", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task NoteThatWasRefused_IsTriedAgainWithItsNewText()
    {
        await using var hub = await WithAlertAsync();
        hub.Psa.FailBefore = operation => operation == "add-note" ? new ConnectorRejectedException("The text is too long.") : null;
        await AddAsync(hub);
        await hub.SettleAsync();
        hub.Psa.FailBefore = null;
        await EditAsync(hub, "Short.");
        await hub.SettleAsync();

        Assert.StartsWith("Short.\n\n", Shown(hub).Text, StringComparison.Ordinal);
        Assert.Equal(0, Sent(hub));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task NoteThatHadArrivedAlthoughItWasRefused_GetsTheTextOfItsLastEdit(int edits)
    {
        await using var hub = await WithAlertAsync();
        hub.Psa.FailAfter = operation => operation == "add-note" ? new ConnectorRejectedException("A rule of the board failed.") : null;
        await AddAsync(hub);
        await hub.SettleAsync();
        for (var i = 1; i <= edits; i++) await EditAsync(hub, $"Found it, {i}.");
        await hub.SettleAsync();

        Assert.StartsWith($"Found it, {edits}.\n\n", Shown(hub).Text, StringComparison.Ordinal);
        Assert.Equal((1, 1), (hub.Psa.Writes.Count(write => write.StartsWith("add-note", StringComparison.Ordinal)), Sent(hub)));
        Assert.Empty(await hub.Store.ReadAsync(db => db.Conflicts.ToListAsync()));
    }

    [Fact]
    public async Task NoteThatHadArrivedAlthoughItWasRefused_AndWasChangedThere_Stays()
    {
        await using var hub = await WithAlertAsync();
        hub.Psa.FailAfter = operation => operation == "add-note" ? new ConnectorRejectedException("A rule of the board failed.") : null;
        await AddAsync(hub);
        await hub.SettleAsync();
        var theirs = Shown(hub).Text.Replace("Looking.", "Customer confirms.", StringComparison.Ordinal);
        hub.Psa.EditNote(Ticket(hub), Shown(hub).Id, theirs);
        await EditAsync(hub, "Found it.");
        await hub.SettleAsync();
        await EditAsync(hub, "Found it, and mended it.");
        await hub.SettleAsync();

        Assert.Equal((theirs, 0), (Shown(hub).Text, Sent(hub)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RestoredHub_LooksForTheEdit_AndTakesALaterTextOver(bool unfinished)
    {
        await using var hub = await WithNoteAsync();
        if (unfinished) await EditAsync(hub, "Found it.");
        var later = Shown(hub).Text.Replace("Looking.", unfinished ? "Found it." : "Written by the later life.", StringComparison.Ordinal);
        hub.Psa.EditNote(Ticket(hub), Shown(hub).Id, later); // a later life of the hub did this
        var now = hub.Store.Time.GetUtcNow();
        await hub.Store.AddAsync(new Setting { Key = SettingKeys.Restoration, Value = Json.Write(new Restoration(now, now.AddHours(-1), TakenUp: false)) });
        await hub.Store.Get<RestoredData>().TakeUpAsync(default);
        await hub.SettleAsync();

        Assert.Equal((later, 0), (Shown(hub).Text, Sent(hub)));
        Assert.Equal(unfinished ? "Found it." : "Written by the later life.", (await NoteAsync(hub)).Text);
        Assert.All(await EditsAsync(hub), edit => Assert.Equal(EffectState.Confirmed, edit.State));
        Assert.Empty(await hub.Store.ReadAsync(db => db.Conflicts.ToListAsync()));
    }

    private async Task<ConnectionsHub> WithAlertAsync()
    {
        var hub = await ConnectionsHub.CreateAsync();
        await hub.Store.AddAsync(_mia);
        await hub.RaisedAsync();
        return hub;
    }

    private async Task<ConnectionsHub> WithNoteAsync()
    {
        var hub = await WithAlertAsync();
        await AddAsync(hub);
        await hub.SettleAsync();
        return hub;
    }

    private async Task AddAsync(ConnectionsHub hub) =>
        Assert.Null((await hub.Store.Get<AddAlertNote>().RunAsync(await hub.Store.ReadAsync(db => db.Alerts.Select(alert => alert.Id).SingleAsync()), _mia, "Looking.", NoteFlags.Discussion, null, default)).Failure);

    private async Task EditAsync(ConnectionsHub hub, string text) => Assert.Null((await TryEditAsync(hub, text, (await NoteAsync(hub)).Version)).Failure);

    private async Task<Result<AlertNote>> TryEditAsync(ConnectionsHub hub, string text, int seen)
    {
        var note = await NoteAsync(hub);
        return await hub.Store.Get<EditAlertNote>().RunAsync(note.AlertId, note.Id, seen, text, _mia, default);
    }

    private static Task<AlertNote> NoteAsync(ConnectionsHub hub) => hub.Store.ReadAsync(db => db.AlertNotes.SingleAsync());

    private static string Ticket(ConnectionsHub hub) => hub.Psa.Notes.Keys.Single();

    private static RemoteNote Shown(ConnectionsHub hub) => hub.Psa.Notes.Values.Single().Single();

    private static int Sent(ConnectionsHub hub) => hub.Psa.Writes.Count(write => write.StartsWith("edit-note", StringComparison.Ordinal));

    private static Task<List<Effect>> EditsAsync(ConnectionsHub hub) => hub.Store.ReadAsync(db => db.Effects.Where(effect => effect.Kind == EffectKind.NoteEdit).OrderBy(effect => effect.Seq).ToListAsync());

    private static Task<List<string>> LinesAsync(ConnectionsHub hub, string kind) => hub.Store.ReadAsync(db => db.AlertEvents.Where(line => line.Kind == kind).OrderBy(line => line.Order).Select(line => line.Message).ToListAsync());
}
