using System.Net;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Sync;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>A note that was written on the phone is edited there (S6): the ticket's note follows, exactly once.</summary>
public sealed class NoteEditStory
{
    [Fact]
    public async Task Edit_OnThePhone_ReachesTheTicketOnce_ThoughTheAnswerIsLost()
    {
        await using var world = await StartAsync(pages: true);
        var (ticket, alert, note) = await WithNoteAsync(world);
        using var visitor = await world.SignedInAsync();
        var page = $"/alerts/{alert.Id}/notes/{note.Id}";
        Assert.Contains($"href=\"{page}\"", await visitor.ReadAsync($"/alerts/{alert.Id}"), StringComparison.Ordinal);

        await world.ControlAsync(HttpMethod.Post, "faults", new { kind = "error-after", method = "PATCH", path = "/notes/", count = 1 });
        var answer = await visitor.PostFormAsync(page, [("Text", "Found the cause: a full disk."), ("Seen", "1")]);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);

        await EventuallyAsync("the edit is confirmed", async () => await EditStateAsync(world) == EffectState.Confirmed);
        var shown = Assert.Single(await world.NotesAsync(ticket))!;
        Assert.Equal($"Found the cause: a full disk.\n\nDana Reyes via Deskbridge #{note.Marker}", shown["text"]!.GetValue<string>().ReplaceLineEndings("\n"));
        Assert.True(shown["internalAnalysisFlag"]!.GetValue<bool>());
        var log = await world.ControlAsync(HttpMethod.Get, "log?after=0&kind=request&limit=10000");
        Assert.Single(log["items"]!.AsArray(), line => line!["method"]!.GetValue<string>() == "PATCH" && line["path"]!.GetValue<string>().Contains("/notes/", StringComparison.Ordinal));
        var told = await visitor.ReadAsync($"/alerts/{alert.Id}");
        Assert.Contains("It said before:\nLooking.", WebUtility.HtmlDecode(told), StringComparison.Ordinal);
        Assert.Contains("edited", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Vendor.ConnectWise)]
    [InlineData(Vendor.Autotask)]
    public async Task NoteThatATechnicianChanged_Stays_AndTheTimelineShowsTheirText(Vendor vendor)
    {
        await using var technician = await StoryTechnician.StartAsync(vendor);
        var world = technician.World;
        var (ticket, alert, note) = await WithNoteAsync(technician);
        await technician.ChangeNoteAsync(ticket, (await technician.NotesAsync(ticket))[0].Id, $"Customer confirms.\n\nDana Reyes via Deskbridge #{note.Marker}");

        Value(await world.Get<EditAlertNote>().RunAsync(alert.Id, note.Id, 1, "Found the cause.", world.Dana, default));

        await EventuallyAsync("it is decided", async () => await EditStateAsync(world) == EffectState.Superseded);
        Assert.StartsWith("Customer confirms.", (await technician.NotesAsync(ticket))[0].Text, StringComparison.Ordinal);
        var why = await world.Get<HubStore>().ReadAsync(db => db.AlertEvents.Where(line => line.AlertId == alert.Id && line.Kind == "conflict").Select(line => line.Why).SingleAsync(), default);
        Assert.Contains("Customer confirms.", why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NoteThatATechnicianChanged_IsShownBesideOurs_ThoughNobodyEditsItHere()
    {
        await using var world = await StartAsync(pages: true);
        var (ticket, alert, note) = await WithNoteAsync(world);
        using var visitor = await world.SignedInAsync();
        Assert.DoesNotContain("was changed on the ticket", await visitor.ReadAsync($"/alerts/{alert.Id}"), StringComparison.Ordinal);

        var shown = (await world.NotesAsync(ticket))[0]!;
        await world.PatchAsync($"service/tickets/{ticket}/notes/{shown["id"]}", "text", $"Customer confirms.\n\nDana Reyes via Deskbridge #{note.Marker}");
        await world.PollAsync();

        await EventuallyAsync("the timeline has their text", async () => WebUtility.HtmlDecode(await visitor.ReadAsync($"/alerts/{alert.Id}")) is var page
            && page.Contains("The note of Dana Reyes was changed on the ticket.", StringComparison.Ordinal) && page.Contains("There it says:\nCustomer confirms.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Form_OfAnotherPersonsNote_OrAnEarlierVersion_SavesNothing()
    {
        await using var world = await StartAsync(pages: true);
        var (_, alert, note) = await WithNoteAsync(world);
        var maja = Value(await world.Get<CreatePerson>().RunAsync(new PersonDraft("Maja Lind", "maja.lind@northbridge-msp.test"), world.Dana, default));
        var majas = Value(await world.Get<AddAlertNote>().RunAsync(alert.Id, maja, "Maja's.", null, default));
        using var visitor = await world.SignedInAsync();

        var old = await visitor.PostFormAsync($"/alerts/{alert.Id}/notes/{note.Id}", [("Text", "Found the cause."), ("Seen", "7")]);
        var text = WebUtility.HtmlDecode(await old.Content.ReadAsStringAsync());
        Assert.Contains("nothing was saved", text, StringComparison.Ordinal);
        Assert.Contains("Found the cause.</textarea>", text, StringComparison.Ordinal);

        Assert.Equal(PersonRole.Admin, world.Dana.Role); // who may edit everybody's
        Assert.Equal(HttpStatusCode.Redirect, (await visitor.PostFormAsync($"/alerts/{alert.Id}/notes/{majas.Id}", [("Text", "Maja's, with the right number."), ("Seen", "1")])).StatusCode);
        Assert.IsType<NoteOfAnother>((await world.Get<EditAlertNote>().RunAsync(alert.Id, note.Id, 1, "Not mine.", maja, default)).Failure);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.GetAsync($"/alerts/{alert.Id}/notes/{alert.Id}")).StatusCode);
    }

    private static Task<EffectState?> EditStateAsync(StoryWorld world) =>
        world.Get<HubStore>().ReadAsync(db => db.Effects.Where(effect => effect.Kind == EffectKind.NoteEdit).Select(effect => (EffectState?)effect.State).SingleOrDefaultAsync(), default);

    private static Task<(int Ticket, Alert Alert, AlertNote Note)> WithNoteAsync(StoryWorld world) => WithNoteAsync(new ConnectWiseTechnician(world));

    private static async Task<(int Ticket, Alert Alert, AlertNote Note)> WithNoteAsync(StoryTechnician technician)
    {
        var world = technician.World;
        var ticket = await technician.PostTicketAsync("Mail server down at Harborview");
        await world.PollAsync();
        await EventuallyAsync("Dana's phone rings", async () => (await world.PagesAsync()).Count == 1);
        await EventuallyAsync("the ticket is marked", () => technician.IsMarkedAsync(ticket));
        var alert = await world.AlertAsync(ticket);
        var note = Value(await world.Get<AddAlertNote>().RunAsync(alert.Id, world.Dana, "Looking.", null, default));
        await EventuallyAsync("the note is confirmed", () => world.Get<HubStore>().ReadAsync(db => db.ChildPairs.AnyAsync(pair => pair.HubId == note.Id), default));
        return (ticket, alert, note);
    }
}
