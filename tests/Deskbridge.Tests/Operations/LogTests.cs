using System.Text.Json.Nodes;
using Deskbridge.Access;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Data;
using Deskbridge.Core.Operations;
using Deskbridge.Features.Settings;
using Deskbridge.Telemetry;
using Deskbridge.Testing;
using Deskbridge.Tests.Stories;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Xunit;

namespace Deskbridge.Tests.Operations;

public sealed class LogTests
{
    private const string Summary = "Zebrafish tank leaks at Harborview";
    private const string NoteText = "Quokka relay was replaced";
    private const string WebhookSecret = "whsec_c2VjcmV0LW9mLXRoZS1icmlkZ2Utd2ViaG9vaw==";
    private const string NtfyToken = "tk_ntfytoken0815";
    private const string SmtpPassword = "smtp-password-2342";
    private const string HookPath = "hook-path-is-secret-too";

    [Fact]
    public async Task MainJob_AndItsTroubles_LogNeitherSecretsNorTicketTexts()
    {
        using var log = new KeptLog();
        await using var world = await StoryWorld.StartAsync(options => options with
        {
            Services = services => services.AddLogging(logging => logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace).AddFilter("Deskbridge", LogLevel.Trace)),
        });
        Assert.Null(await world.Get<SettingsStore>().ChangeAsync(new(world.Hub.Address.ToString(), world.Sandbox.SmtpEndpoint, "hub@example.com", "hub", SmtpPassword), default));
        await ChannelAsync(world, ChannelKind.Webhook, new ChannelDraft("Bridge", $"http://127.0.0.1:1/{HookPath}", WebhookSecret));
        await ChannelAsync(world, ChannelKind.Ntfy, new ChannelDraft("Locked", new Uri(world.Sandbox.NtfyUrl, "locked").ToString(), NtfyToken));
        var (slackToken, teamsSignature) = (world.Sandbox.SlackUrl.Segments[^1], world.Sandbox.TeamsUrl.Query.Split("sig=")[1]);
        await ChannelAsync(world, ChannelKind.Slack, new ChannelDraft("Slack", world.Sandbox.SlackUrl.ToString()));
        await ChannelAsync(world, ChannelKind.Teams, new ChannelDraft("Teams", world.Sandbox.TeamsUrl.ToString()));
        await ChannelAsync(world, ChannelKind.Email, new ChannelDraft("Mail", world.Dana.Email));
        var (_, token) = await world.Get<ApiTokens>().CreateAsync(world.Dana.Id, "log", TokenScope.All, null, default);
        using var program = new Visitor(world.Hub.Address, "10.0.0.1");
        program.UseToken(token);

        var ticket = await world.PostTicketAsync(Summary);
        await world.PollAsync();
        await StoryWorld.EventuallyAsync("every channel was tried", async () => await world.Get<HubStore>().ReadAsync(async db => await db.PageAttempts.CountAsync(a => a.Outcome != "attempted") >= 6, default));
        var alert = await world.AlertAsync(ticket);
        await program.PostJsonAsync($"/api/v1/alerts/{alert.Id}/acknowledge", new { });
        await program.PostJsonAsync($"/api/v1/alerts/{alert.Id}/notes", new { text = NoteText });
        await StoryWorld.EventuallyAsync("the note is on the ticket", async () => (await world.NotesAsync(ticket)).Any(n => n!["text"]!.ToString().Contains(NoteText)));

        var connection = await world.Get<HubStore>().ReadAsync(db => db.Connections.SingleAsync(), default);
        await program.PostJsonAsync($"/callbacks/{connection.CallbackToken}", new { forged = Summary });
        await program.PostAsync($"/api/v1/alerts/{alert.Id}/notes", [("text", NoteText)]);
        program.UseToken(token + "x");
        await program.GetAsync("/api/v1/alerts");
        await world.EndSandboxAsync();
        await world.PollAsync();
        StoryWorld.Value(await world.Get<CloseAlert>().RunAsync(alert.Id, world.Dana, default));
        await StoryWorld.EventuallyAsync("the dead system is noticed", async () => await world.Get<HubStore>().ReadAsync(db => db.ConnectionHealth.AnyAsync(health => health.Failure != null), default));

        var keys = world.Sandbox.ConnectWise;
        string[] known = [keys.PrivateKey, keys.PublicKey, keys.ClientId, WebhookSecret, HookPath, NtfyToken, SmtpPassword, slackToken, teamsSignature, token, connection.CallbackToken, "Zebrafish", "Quokka"];
        Assert.NotEmpty(log.Lines);
        Assert.All(known, word => Assert.DoesNotContain(log.Lines, line => line.Contains(word, StringComparison.Ordinal)));
    }

    [Fact]
    public void JsonLine_IsOneObject_WithTraceValuesAndException()
    {
        using var work = Tracing.Begin("test");

        var line = Write(new JsonLines(new ManualTime()), "Page \"x\"\nfailed", new InvalidOperationException("Broken"));

        Assert.EndsWith("}\n", line.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Single(line.TrimEnd().Split('\n'));
        var entry = JsonNode.Parse(line)!;
        Assert.Equal("2026-03-02T08:00:00.000Z", entry["at"]!.GetValue<string>());
        Assert.Equal("warn", entry["level"]!.GetValue<string>());
        Assert.Equal("Deskbridge.Test", entry["source"]!.GetValue<string>());
        Assert.Equal(7, entry["event"]!.GetValue<int>());
        Assert.Equal("Page \"x\"\nfailed", entry["message"]!.GetValue<string>());
        Assert.Equal(work!.TraceId.ToHexString(), entry["trace"]!.GetValue<string>());
        Assert.Equal("4", entry["values"]!["Count"]!.GetValue<string>());
        Assert.Contains("Broken", entry["exception"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public void TextLine_StaysOneLine_AndNamesItsTrace()
    {
        using var work = Tracing.Begin("test");

        var line = Write(new TextLines(new ManualTime()), "Page\nfailed", null);

        Assert.Equal($"2026-03-02T08:00:00.000Z warn  Deskbridge.Test[7] Page ⏎ failed trace={work!.TraceId.ToHexString()}\n", line.ReplaceLineEndings("\n"));
    }

    private static string Write(ConsoleFormatter formatter, string message, Exception? failure)
    {
        using var text = new StringWriter();
        IReadOnlyList<KeyValuePair<string, object?>> state = [new("Count", 4), new("{OriginalFormat}", "Page {Count}")];
        formatter.Write(new LogEntry<IReadOnlyList<KeyValuePair<string, object?>>>(LogLevel.Warning, "Deskbridge.Test", new EventId(7), state, failure, (_, _) => message), null, text);
        return text.ToString();
    }

    private static async Task ChannelAsync(StoryWorld world, ChannelKind kind, ChannelDraft draft) =>
        StoryWorld.Value(await world.Get<CreateChannel>().RunAsync(world.Dana.Id, kind, draft, world.Dana, default));
}
