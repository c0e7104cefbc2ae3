using System.Net;
using System.Text;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Deskbridge.Tests.Intake;

/// <summary>Mail that is sent to a team's address (T12 of the requirements).</summary>
public sealed class MailIntakeTests(HubHost host) : IClassFixture<HubHost>
{
    [Fact]
    public async Task Mail_RaisesAnAlert_ThatPagesAndKeepsItsFiles()
    {
        using var box = await BoxAsync();

        var said = await box.SendAsync(Forwarded("a", "FW: T20261120.0009 Backup failed"));

        Assert.Equal("raised", said["outcome"]!.ToString());
        var alert = Assert.Single(await box.AlertsAsync());
        Assert.Equal(("FW: T20261120.0009 Backup failed", "T20261120.0009", AlertStatus.Open), (alert.Title, alert.TicketNumber, alert.Status));
        var detail = await box.DetailAsync(alert.Id);
        Assert.Contains("Job Daily failed on SRV-FS01.", detail.Text, StringComparison.Ordinal);
        Assert.NotEmpty(detail.Deliveries);
        var file = Assert.Single(detail.Files);
        Assert.Equal(("log.txt", "Ann Tech", true), (file.Name, file.Author, file.Kept));
        using var dana = await host.SignedInAsync(PersonRole.Responder);
        Assert.Equal("log", await dana.ReadAsync($"/api/v1/alerts/{alert.Id}/files/{file.Id}/content"));
        Assert.Contains("Ticket T20261120.0009, as it was sent here", await dana.ReadAsync($"/alerts/{alert.Id}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mail_Twice_RaisesOnce_AndAnotherOfTheSameIdIsNoCopy()
    {
        using var box = await BoxAsync();
        var raw = Forwarded("twice", "Printer burns");

        Assert.Equal("raised", (await box.SendAsync(raw))["outcome"]!.ToString());
        Assert.Equal("known", (await box.SendAsync(raw))["outcome"]!.ToString());
        Assert.Equal("raised", (await box.SendAsync(Forwarded("twice", "Cellar is wet")))["outcome"]!.ToString());

        Assert.Equal(["Printer burns", "Cellar is wet"], (await box.AlertsAsync()).Select(alert => alert.Title));
    }

    [Fact]
    public async Task Alerts_OfDifferentMails_AreEachTheirOwn()
    {
        using var box = await BoxAsync();
        var member = await host.PersonAsync(PersonRole.Responder);
        await box.SendAsync("From: a@b.test\nMessage-ID: <own1@x>\nSubject: One\n\nText");
        await box.SendAsync("From: a@b.test\nMessage-ID: <own2@x>\nSubject: Two\n\nText");
        var first = (await box.AlertsAsync())[0];

        Assert.True((await host.Services.GetRequiredService<CloseAlert>().RunAsync(first.Id, member, default)).Value.Changed);
        Assert.True((await host.Services.GetRequiredService<ReopenAlert>().RunAsync(first.Id, member, default)).Value.Changed);

        Assert.All(await box.AlertsAsync(), alert => Assert.Equal(AlertStatus.Open, alert.Status));
    }

    [Fact]
    public async Task SameMail_ManyTimesAtOnce_RaisesOnce()
    {
        using var box = await BoxAsync();

        var said = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => box.SendAsync(Forwarded("storm", "T20261120.0010 Tunnel down"))));

        Assert.Single(said, one => one["outcome"]!.ToString() == "raised");
        Assert.Single(await box.AlertsAsync());
    }

    [Fact]
    public async Task FollowUp_OfATicketOrAMatter_IsAddedToTheOpenAlert()
    {
        using var box = await BoxAsync();
        await box.SendAsync(Forwarded("1", "T20261120.0011 Switch down"));
        await box.SendAsync(Forwarded("2", "Water alarm"));

        var more = await box.SendAsync(Forwarded("3", "AW: note on T20261120.0011"));
        var again = await box.SendAsync(Forwarded("4", "Re: water ALARM"));

        Assert.Equal(("added", "added"), (more["outcome"]!.ToString(), again["outcome"]!.ToString()));
        var (ticket, matter) = ((await box.AlertsAsync())[0], (await box.AlertsAsync())[1]);
        Assert.Equal((1, 2), (ticket.Count, matter.Count));
        var detail = await box.DetailAsync(ticket.Id);
        Assert.Contains(detail.Timeline, line => line.Kind == "received" && line.Message.Contains("AW: note on T20261120.0011", StringComparison.Ordinal));
        Assert.Equal(2, detail.Files.Count);
        Assert.Equal(1, detail.Deliveries.Max(page => page.Episode));
    }

    [Fact]
    public async Task ProgramThatAnswers_RaisesNothing_AndTheEventLogSaysWhy()
    {
        using var box = await BoxAsync();

        var said = await box.SendAsync("From: vacation@customer.test\nMessage-ID: <v@x>\nAuto-Submitted: auto-replied\nSubject: Out of office\n\nI am away.");

        Assert.Equal("ignored", said["outcome"]!.ToString());
        Assert.Empty(await box.AlertsAsync());
        var entry = await box.ReadAsync(db => db.ConnectionEvents.SingleAsync(e => e.Kind == "ignored" && db.TeamIntakes.Any(i => i.Id == e.ConnectionId && i.TeamId == box.TeamId)));
        Assert.Contains("Auto-Submitted: auto-replied", entry.Message, StringComparison.Ordinal);
        Assert.Contains("I am away.", entry.Payload, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ManyMailsWithoutATicket_AreGatheredOnOneAlert()
    {
        using var box = await BoxAsync();

        for (var i = 0; i < 64; i++) await box.SendAsync($"From: loop{i}@customer.test\nMessage-ID: <{i}@x>\nSubject: Matter {i}\n\nText {i}");

        var alerts = await box.AlertsAsync();
        Assert.Equal(61, alerts.Count);
        Assert.StartsWith("Mails storm in", alerts[^1].Title, StringComparison.Ordinal);
        Assert.Contains((await box.DetailAsync(alerts[^1].Id)).Timeline, line => line.Message.Contains("Matter 63", StringComparison.Ordinal));
    }

    [Fact]
    public async Task MailOf25Megabytes_IsTakenWithItsFile_AndALargerOneIsRefusedInWords()
    {
        using var box = await BoxAsync();
        var file = new byte[18 * 1024 * 1024];
        new Random(1).NextBytes(file);

        var said = await box.SendAsync($"From: ann@msp.test\nMessage-ID: <big@x>\nSubject: Dump\nContent-Type: application/octet-stream; name=dump.bin\nContent-Transfer-Encoding: base64\n\n{Convert.ToBase64String(file, Base64FormattingOptions.InsertLineBreaks)}");

        Assert.Equal("raised", said["outcome"]!.ToString());
        Assert.Equal(file.Length, Assert.Single((await box.DetailAsync((await box.AlertsAsync())[0].Id)).Files).Size);
        var (status, refused) = await box.PostAsync("mail", new ByteArrayContent(new byte[41 * 1024 * 1024]));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Contains("larger than 40 MB", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task BrokenMail_RaisesAnAlertThatSaysWhatIsBroken()
    {
        using var box = await BoxAsync();

        await box.PostAsync("mail", new ByteArrayContent([.. Encoding.ASCII.GetBytes("Subject: Broken\nContent-Type: text/plain; charset=x-none\n\n"), 0xFF, 0xFE, 0x80]));

        var alert = Assert.Single(await box.AlertsAsync());
        Assert.Contains((await box.DetailAsync(alert.Id)).Timeline, line => line.Message.Contains("x-none", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Address_UnknownRenewedOrSwitchedOff_IsSaidToTakeNothing()
    {
        using var box = await BoxAsync();
        var admin = await host.PersonAsync(PersonRole.Admin);
        var (unknown, words) = await box.PostAsync("mail", new StringContent("Subject: x\n\ny"), secret: "no-such-secret");
        Assert.Equal(HttpStatusCode.NotFound, unknown);
        Assert.Contains("No team takes mails", words.ToString(), StringComparison.Ordinal);

        var set = host.Services.GetRequiredService<Deskbridge.Core.Alerting.Intake.SetIntake>();
        Assert.Null((await set.RunAsync(box.TeamId, new() { Enabled = false }, admin, default)).Failure);
        Assert.Equal(HttpStatusCode.NotFound, (await box.PostAsync("mail", new StringContent("Subject: x\n\ny"))).Status);
        Assert.Null((await set.RunAsync(box.TeamId, new() { Enabled = true, RenewAddresses = true }, admin, default)).Failure);
        Assert.Equal(HttpStatusCode.NotFound, (await box.PostAsync("mail", new StringContent("Subject: x\n\ny"))).Status);
        Assert.Empty(await box.AlertsAsync());
    }

    private static string Forwarded(string id, string subject) =>
        $"""
        From: Ann Tech <ann@msp.test>
        Message-ID: <{id}@autotask.net>
        Subject: {subject}
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=b

        --b
        Content-Type: text/plain

        Job Daily failed on SRV-FS01.
        --b
        Content-Type: text/plain; name="../log.txt"
        Content-Disposition: attachment
        Content-Transfer-Encoding: base64

        bG9n
        --b--
        """;

    private async Task<TeamBox> BoxAsync()
    {
        var member = await host.PersonAsync(PersonRole.Responder);
        var channel = await host.Services.GetRequiredService<CreateChannel>().RunAsync(member.Id, ChannelKind.Webhook, new ChannelDraft("Pager", "http://127.0.0.1:9/"), member, default);
        Assert.Null(channel.Failure);
        return await TeamBox.MakeAsync(host, member);
    }
}
