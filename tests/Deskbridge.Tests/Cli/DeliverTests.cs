using System.Text;
using Deskbridge.Cli;
using Deskbridge.Core.Directory;
using Deskbridge.Tests.Intake;
using Xunit;

namespace Deskbridge.Tests.Cli;

/// <summary>The pipe of a mail server: its exit codes decide whether the mail stays in the queue.</summary>
public sealed class DeliverTests(HubHost host) : IClassFixture<HubHost>
{
    private const string Mail = "From: a@b.test\nMessage-ID: <pipe@x>\nSubject: T20261120.0009 Pipe\n\nText";

    [Fact]
    public async Task Deliver_ByAddressOrFile_RaisesTheAlertOnce()
    {
        using var box = await TeamBox.MakeAsync(host, await host.PersonAsync(PersonRole.Responder));
        var file = Path.Combine(host.Folder, "address");
        await File.WriteAllTextAsync(file, box.Mail + "\n");

        Assert.Equal((0, ""), await RunAsync(box.Mail.ToString(), null, Mail));
        Assert.Equal((0, ""), await RunAsync(null, file, Mail));

        Assert.Single(await box.AlertsAsync());
    }

    [Fact]
    public async Task Deliver_WhatMayGoAway_StaysInTheQueue()
    {
        var (unreachable, why) = await RunAsync("http://127.0.0.1:9/intake/s/mail", null, Mail);
        var (unknown, words) = await RunAsync(new Uri(host.Hub.Address, "/intake/no-such/mail").ToString(), null, Mail);

        Assert.Equal((75, 75), (unreachable, unknown));
        Assert.Contains("could not be reached", why, StringComparison.Ordinal);
        Assert.Contains("No team takes mails", words, StringComparison.Ordinal);
        Assert.Equal(75, (await RunAsync(null, "/no/such/file", Mail)).Code);
    }

    [Fact]
    public async Task Deliver_WhatNeverWorks_IsSentBack()
    {
        Assert.Equal(64, (await RunAsync(null, null, Mail)).Code);
        Assert.Equal(64, (await RunAsync("duty@example.com", null, Mail)).Code);
        Assert.Equal(66, (await RunAsync("http://127.0.0.1:9/", null, "")).Code);
        Assert.Equal(64, await CommandLine.RunAsync(["deliver", "--nonsense"]));
    }

    /// <summary>A mail server that got "try again" for a mail that is too large would try for days.</summary>
    [Fact]
    public async Task Deliver_AMailThatIsTooLarge_IsSentBack()
    {
        using var box = await TeamBox.MakeAsync(host, await host.PersonAsync(PersonRole.Responder));
        using var large = new MemoryStream(new byte[Deskbridge.Features.Intake.IntakeEndpoints.MaxBody + 1]);

        var (code, said) = await RunAsync(box.Mail.ToString(), null, large);

        Assert.Equal(65, code);
        Assert.Contains("larger than 40 MB", said, StringComparison.Ordinal);
        Assert.Empty(await box.AlertsAsync());
    }

    private static Task<(int Code, string Said)> RunAsync(string? to, string? file, string mail) => RunAsync(to, file, new MemoryStream(Encoding.UTF8.GetBytes(mail)));

    private static async Task<(int Code, string Said)> RunAsync(string? to, string? file, Stream input)
    {
        await using var trouble = new StringWriter();
        return (await DeliverCommand.RunAsync(to, file, input, trouble, default), trouble.ToString());
    }
}
