using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Operations;
using Deskbridge.Core.Sync;
using Deskbridge.Core.Tests.Connections;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Xunit;

namespace Deskbridge.Core.Tests.Sync;

/// <summary>A file that a person attached becomes a document of the ticket, exactly once (decision 0047).</summary>
public sealed class DocumentTests
{
    private static readonly ConnectorRejectedException MayNotLook = new("The role lacks Manage Documents, Inquire.", kind: RejectionKind.Permission);
    private static readonly byte[] Photo = [0xFF, 0xD8, 0xFF, 1, 2, 3];
    private readonly Person _mia = Build.Person("Mia Chen", email: "mia.chen@example.test");

    [Fact]
    public async Task File_BecomesOneDocument_WithItsNameAndMark_AndTheDetailsAreReadAnew()
    {
        await using var hub = await WithAlertAsync();
        var file = await AttachAsync(hub);
        await hub.SettleAsync();

        var (_, stored, content) = Assert.Single(hub.Psa.Documents);
        Assert.Equal(("photo.jpg", $"photo.jpg (Mia Chen via Deskbridge #{file.Marker})"), (stored.FileName, stored.Title));
        Assert.Equal(Photo, content);
        Assert.Equal("confirmed", await StateAsync(hub, file));
        Assert.True(await WantsDetailsAsync(hub));
    }

    [Fact]
    public async Task UploadThatArrives_WhileDetailsAreRead_IsReadToo()
    {
        await using var hub = await WithAlertAsync();
        await AttachAsync(hub);
        await hub.SettleAsync();
        await AttachAsync(hub);
        hub.Psa.Before = async operation =>
        {
            if (operation != "details") return;
            hub.Psa.Before = null;
            await hub.SettleAsync();
        };
        await hub.Store.Get<DetailReader>().RunOnceAsync(default);

        Assert.Equal(2, hub.Psa.Documents.Count);
        Assert.True(await WantsDetailsAsync(hub));
        await hub.Store.Get<DetailReader>().RunOnceAsync(default);
        Assert.False(await WantsDetailsAsync(hub));
    }

    [Fact]
    public async Task UploadWhoseAnswerIsLost_IsFoundByItsMark_AndNotSentAgain()
    {
        await using var hub = await WithAlertAsync();
        var lost = 0;
        hub.Psa.FailAfter = operation => operation == "add-document" && lost++ == 0 ? new ConnectorUnavailableException("500", mayHaveBeenApplied: true) : null;
        var file = await AttachAsync(hub);
        await hub.SettleAsync();

        Assert.Single(hub.Psa.Documents);
        Assert.Equal("confirmed", await StateAsync(hub, file));
    }

    [Fact]
    public async Task UploadThatDidNotArrive_IsSentAgain_OnceThatIsBelieved()
    {
        await using var hub = await WithAlertAsync();
        var failed = 0;
        hub.Psa.FailBefore = operation => operation == "add-document" && failed++ == 0 ? new ConnectorUnavailableException("500", mayHaveBeenApplied: true) : null;
        var file = await AttachAsync(hub);
        await hub.SettleAsync();
        Assert.Empty(hub.Psa.Documents);
        hub.Store.Time.Advance(TimeSpan.FromMinutes(2));
        await hub.SettleAsync();

        Assert.Single(hub.Psa.Documents);
        Assert.Equal("confirmed", await StateAsync(hub, file));
    }

    [Fact]
    public async Task UploadInDoubt_ThatWeMayNotLookFor_StaysInDoubt_AndIsNoFailureOfTheConnection()
    {
        await using var hub = await WithAlertAsync();
        hub.Psa.FailAfter = operation => operation == "add-document" ? new ConnectorUnavailableException("500", mayHaveBeenApplied: true) : null;
        hub.Psa.FailBefore = operation => operation == "documents" ? MayNotLook : null;
        var file = await AttachAsync(hub);
        await hub.SettleAsync();
        await hub.SettleAsync();

        Assert.Equal("sent", await StateAsync(hub, file));
        Assert.Equal(1, hub.Psa.Calls.Count(call => call.StartsWith("documents", StringComparison.Ordinal)));
        Assert.DoesNotContain(MayNotLook.Message, await hub.Store.ReadAsync(db => db.ConnectionHealth.Select(health => health.Failure).SingleAsync()) ?? "", StringComparison.Ordinal);

        hub.Psa.FailBefore = null;
        hub.Store.Time.Advance(TimeSpan.FromMinutes(6));
        await hub.SettleAsync();
        Assert.Single(hub.Psa.Documents);
        Assert.Equal("confirmed", await StateAsync(hub, file));
    }

    [Fact]
    public async Task UploadThatWeMayNotLookForFirst_IsRefusedNamingTheRight()
    {
        await using var hub = await WithAlertAsync();
        hub.Psa.FailBefore = operation => operation == "add-document" ? new ConnectorRejectedException("This type is not allowed.") : null;
        var file = await AttachAsync(hub);
        await hub.SettleAsync();
        hub.Psa.FailBefore = operation => operation == "documents" ? MayNotLook : null;
        await TryAgainAsync(hub);
        await hub.SettleAsync();

        Assert.Empty(hub.Psa.Documents);
        Assert.Equal("rejected", await StateAsync(hub, file));
        var refused = await EffectAsync(hub);
        Assert.Equal((MayNotLook.Message, true), (refused.Error, refused.ForRight));
    }

    [Fact]
    public async Task UploadThatNeverArrives_IsRefusedInTheEnd_NamingSizeAndCause_AndMayBeTriedAgain()
    {
        await using var hub = await WithAlertAsync();
        var tries = 0;
        hub.Psa.FailBefore = operation => operation == "add-document" && ++tries > 0 ? new ConnectorUnavailableException("psa.example.test did not answer within 30 seconds.", mayHaveBeenApplied: true) : null;
        var file = await AttachAsync(hub);
        for (var i = 0; i < 40; i++) await hub.SettleAsync();

        Assert.Equal((5, "rejected"), (tries, await StateAsync(hub, file)));
        Assert.StartsWith("\"photo.jpg\" (6 bytes) was sent 5 times and did not arrive. psa.example.test did not answer within 30 seconds.", (await EffectAsync(hub)).Error, StringComparison.Ordinal);

        hub.Psa.FailBefore = null;
        await TryAgainAsync(hub);
        await hub.SettleAsync();
        Assert.Equal("confirmed", await StateAsync(hub, file));
    }

    [Theory]
    [InlineData(100, "File \"{0}\" attached to the ticket.")]
    [InlineData(20, "File \"{0}\" attached to the ticket. Its title there lacks the hub's mark: the ticket system changed the title.")]
    public async Task LongName_LeavesRoomForTheMark_AndATitleCutAllTheSameIsTold(int longest, string told)
    {
        await using var hub = await WithAlertAsync();
        hub.Psa.LongestTitle = longest;
        var file = await AttachAsync(hub, new string('x', 96) + ".jpg");
        await hub.SettleAsync();

        Assert.Equal(longest, Assert.Single(hub.Psa.Documents).Stored.Title.Length);
        Assert.Equal(longest == 100, NoteMark.IsIn(hub.Psa.Documents.Single().Stored.Title, file.Marker));
        Assert.Equal("confirmed", await StateAsync(hub, file));
        Assert.Contains(string.Format(null, told, file.Name), await hub.Store.ReadAsync(db => db.AlertEvents.Select(line => line.Message).ToListAsync()));
    }

    [Fact]
    public async Task TwoFilesOfOneName_AreTwoDocuments()
    {
        await using var hub = await WithAlertAsync();
        await AttachAsync(hub);
        await AttachAsync(hub);
        await hub.SettleAsync();

        Assert.Equal(2, hub.Psa.Documents.Select(document => document.Stored.Title).Distinct().Count());
    }

    [Fact]
    public async Task RestoredHub_LooksForTheDocument_BeforeItUploadsAgain()
    {
        await using var hub = await WithAlertAsync();
        var file = await AttachAsync(hub);
        hub.Psa.Documents.Enqueue((await hub.Store.ReadAsync(db => db.Links.Select(link => link.RemoteId).SingleAsync()), new("7", NoteMark.Title(file.Name, file.Author, file.Marker), file.Name, file.Size), Photo)); // a later life of the hub did this
        var now = hub.Store.Time.GetUtcNow();
        await hub.Store.AddAsync(new Setting { Key = SettingKeys.Restoration, Value = Json.Write(new Restoration(now, now.AddHours(-1), TakenUp: false)) });
        await hub.Store.Get<RestoredData>().TakeUpAsync(default);
        await hub.SettleAsync();

        Assert.Single(hub.Psa.Documents);
        Assert.Equal("confirmed", await StateAsync(hub, file));
    }

    [Fact]
    public async Task Content_IsEmptied_SomeTimeAfterItArrived_AndKeptWhileItDidNot()
    {
        await using var hub = await WithAlertAsync();
        var arrived = await AttachAsync(hub);
        await hub.SettleAsync();
        hub.Psa.FailBefore = operation => operation == "add-document" ? new ConnectorRejectedException("This type is not allowed.") : null;
        var refused = await AttachAsync(hub);
        await hub.SettleAsync();

        hub.Store.Time.Advance(TimeSpan.FromDays(29));
        Assert.Equal(0, (await RetainAsync(hub)).Files);
        hub.Store.Time.Advance(TimeSpan.FromDays(2));
        Assert.Equal(1, (await RetainAsync(hub)).Files);

        Assert.Equal([refused.Id], await hub.Store.ReadAsync(db => db.FileContents.Select(content => content.FileId).ToListAsync()));
        Assert.Equal(new FileEmptied("photo.jpg"), (await hub.Store.Get<AlertQueries>().ReadFileAsync(arrived.AlertId, arrived.Id, default)).Failure);
        Assert.Equal("rejected", await StateAsync(hub, refused));
    }

    [Fact]
    public async Task ConnectionThatTakesNoFiles_SaysSoBeforeAnythingIsStored()
    {
        await using var hub = await WithAlertAsync();
        hub.Psa.TakesDocuments = false;
        var alert = await hub.Store.ReadAsync(db => db.Alerts.SingleAsync());

        var refused = await hub.Store.Get<AddAlertFile>().RunAsync(alert.Id, "photo.jpg", Photo, _mia, null, default);

        Assert.Equal(new FilesNotTaken("Main"), refused.Failure);
        Assert.Equal(0, await hub.Store.ReadAsync(db => db.FileContents.CountAsync()));
    }

    private static Task<RetentionResult> RetainAsync(ConnectionsHub hub) =>
        new Retention(hub.Store.Store, hub.Store.Get<ConnectorPool>(), Options.Create(new RetentionOptions()), hub.Store.Time).RunAsync(default);

    private async Task<ConnectionsHub> WithAlertAsync()
    {
        var hub = await ConnectionsHub.CreateAsync();
        await hub.Store.AddAsync(_mia);
        await hub.RaisedAsync();
        return hub;
    }

    private async Task<AlertFile> AttachAsync(ConnectionsHub hub, string name = "photo.jpg")
    {
        var alert = await hub.Store.ReadAsync(db => db.Alerts.Where(alert => alert.LinkId != null).Select(alert => alert.Id).SingleAsync());
        var added = await hub.Store.Get<AddAlertFile>().RunAsync(alert, name, Photo, _mia, null, default);
        Assert.Null(added.Failure);
        return added.Value;
    }

    private static Task TryAgainAsync(ConnectionsHub hub) =>
        hub.Store.Store.WriteAsync(async db => await db.GoOnAsync(await db.Effects.SingleAsync(effect => effect.Kind == EffectKind.Document), "tried again", hub.Store.Time.GetUtcNow(), default), default);

    private static Task<bool> WantsDetailsAsync(ConnectionsHub hub) => hub.Store.ReadAsync(db => db.Tickets.Select(ticket => ticket.DetailsWanted).SingleAsync());

    private static Task<Effect> EffectAsync(ConnectionsHub hub) => hub.Store.ReadAsync(db => db.Effects.SingleAsync(effect => effect.Kind == EffectKind.Document));

    private static async Task<string?> StateAsync(ConnectionsHub hub, AlertFile file) =>
        (await hub.Store.Get<AlertQueries>().GetAsync(file.AlertId, default))!.Files.Single(row => row.Id == file.Id).State;
}
