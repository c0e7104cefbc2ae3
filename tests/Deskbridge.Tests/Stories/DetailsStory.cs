using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Sync;
using Xunit;
using static Deskbridge.Tests.Stories.StoryWorld;

namespace Deskbridge.Tests.Stories;

/// <summary>Everything wanted about a ticket stands beside its alert, and is read anew while the alert goes on (S3, S42).</summary>
public sealed class DetailsStory
{
    [Fact]
    public async Task EveryWantedDetail_IsShown_AndTheSweepReadsThemAnew()
    {
        await using var world = await StartAsync(settings: new JsonObject { ["details"] = new JsonArray("Notes", "Tasks", "Company", "Contact", "Configurations", "Site", "Documents") });
        var ticket = await world.PostTicketAsync("Mail server down at Harborview");
        await DocumentAsync(world, ticket, "report.txt", "what the monitoring saw");
        await world.PollAsync();
        await EventuallyAsync("the alert is there", async () => await world.FieldAsync(ticket, "Signl4Retrieved_c") == "true");
        var alert = await world.AlertAsync(ticket);
        async Task<TicketFacts> FactsAsync() => (await world.Get<AlertWork>().ReadAsync(alert.Id, default)).Ticket!;

        await EventuallyAsync("the document is listed with its size", async () => (await FactsAsync()).Details.Any(detail => detail is { Group: "Documents", Name: "report.txt" } && detail.Value.Contains("23 bytes", StringComparison.Ordinal)));
        var facts = await FactsAsync();
        Assert.Empty(facts.Problems);
        Assert.Contains(facts.Details, detail => detail.Group == "Company");
        Assert.Contains(facts.Details, detail => detail is { Group: "Ticket", Name: "Priority" });

        await world.Psa.PostAsJsonAsync($"service/tickets/{ticket}/tasks", new { notes = "Check the queue", closedFlag = false });
        await world.Get<TicketSweep>().SweepAsync(world.ConnectionId, default);
        await EventuallyAsync("the task that changed no ticket is listed", async () => (await FactsAsync()).Details.Any(detail => detail.Group == "Tasks" && detail.Value.Contains("Check the queue", StringComparison.Ordinal)));
    }

    private static async Task DocumentAsync(StoryWorld world, int ticket, string name, string text)
    {
        using var form = new MultipartFormDataContent
        {
            { new StringContent("Ticket"), "recordType" },
            { new StringContent($"{ticket}"), "recordId" },
            { new StringContent(name), "title" },
        };
        using var file = new ByteArrayContent(Encoding.UTF8.GetBytes(text));
        form.Add(file, "file", name);
        var answer = await world.Psa.PostAsync("system/documents", form);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }
}
