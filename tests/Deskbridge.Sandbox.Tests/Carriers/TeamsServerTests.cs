using System.Net;
using System.Text;
using System.Text.Json;
using Xunit;

namespace Deskbridge.Sandbox.Tests.Carriers;

/// <summary>The trigger of a Teams workflow: it answers before anything is posted, so a bad card shows in the run only.</summary>
public sealed class TeamsServerTests : CarriersTest
{
    private const string Workflow = "/workflows/w1/triggers/manual/paths/invoke?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=sandbox-teams-workflow-signature";
    private const string Good = """{"type":"AdaptiveCard","version":"1.2","body":[{"type":"TextBlock","text":"Hello","weight":"Bolder"},{"type":"RichTextBlock","inlines":[{"type":"TextRun","text":"x","color":"attention"}]},{"type":"FactSet","facts":[{"title":"a","value":"b"}]}],"actions":[{"type":"Action.OpenUrl","title":"Open","url":"https://example.test"}]}""";

    [Fact]
    public async Task GoodCard_StartsARunThatPosts()
    {
        using var answer = await PostAsync(Workflow, Message(Good));

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
        var run = Assert.Single(await ArrivedAsync("teams"));
        Assert.Equal(Assert.Single(answer.Headers.GetValues("x-ms-workflow-run-id")), run.GetProperty("run").GetString());
        Assert.False(run.TryGetProperty("problem", out _));
        Assert.Equal(HttpStatusCode.Accepted, (await PostAsync(Workflow.Replace("/workflows", "/powerautomate/automations/direct/workflows", StringComparison.Ordinal), Message(Good))).StatusCode);
    }

    [Theory]
    [InlineData("""{"text":"x"}""", "is of type 'Null'")]
    [InlineData("""{"type":"message","attachments":[{"contentType":"application/vnd.microsoft.teams.card.o365connector","content":{}}]}""", "MessageCards are not supported")]
    [InlineData("""{"type":"AdaptiveCard","version":"2.0","body":[]}""", "'version'")]
    [InlineData("""{"type":"AdaptiveCard","version":"1.2","body":[{"type":"TextBlock"}]}""", "'text' is required")]
    [InlineData("""{"type":"AdaptiveCard","version":"1.2","body":[{"type":"TextBlock","text":"x","weight":"Heavy"}]}""", "'weight'")]
    [InlineData("""{"type":"AdaptiveCard","version":"1.2","body":[{"type":"Poem"}]}""", "'Poem' is not supported")]
    [InlineData("""{"type":"AdaptiveCard","version":"1.2","body":[],"actions":[{"type":"Action.OpenUrl","url":"open"}]}""", "'url'")]
    [InlineData("""{"type":"AdaptiveCard","version":"1.2","body":[],"actions":[{"type":"Action.Http","url":"https://example.test"}]}""", "'Action.Http' is not supported")]
    public async Task BadMessage_IsAcceptedAllTheSame_AndItsRunFailsSayingWhy(string body, string why)
    {
        using var answer = await PostAsync(Workflow, body.StartsWith("""{"type":"AdaptiveCard""", StringComparison.Ordinal) ? Message(body) : body);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Contains(why, Assert.Single(await ArrivedAsync("teams")).GetProperty("problem").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task MessageOfMoreThan28Kilobytes_IsNotPosted()
    {
        await PostAsync(Workflow, Message(Good.Replace("Hello", new string('x', 28 * 1024), StringComparison.Ordinal)));

        Assert.Contains("28 KB", Assert.Single(await ArrivedAsync("teams")).GetProperty("problem").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("&sig=sandbox-teams-workflow-signature", "", 401, "DirectApiAuthorizationRequired")]
    [InlineData("sig=sandbox", "sig=other", 401, "SignatureInvalid")]
    [InlineData("api-version=2016-06-01&", "", 400, "MissingApiVersionParameter")]
    [InlineData("w1", "w1", 400, "InvalidRequestContent")]
    public async Task Call_Refused_AnswersTheErrorDocument(string part, string instead, int status, string code)
    {
        using var answer = await PostAsync(Workflow.Replace(part, instead, StringComparison.Ordinal), part == "w1" ? "not json" : Message(Good));

        Assert.Equal((status, code), ((int)answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("error").GetProperty("code").GetString()));
        Assert.Empty(await ArrivedAsync("teams"));
    }

    [Theory]
    [InlineData("before", 0)]
    [InlineData("after", 1)]
    public async Task Fault_StrikesBeforeOrAfterTheRunIsKept(string moment, int kept)
    {
        await OrderAsync(new { carrier = "teams", kind = "status", status = 404, moment, only = "w1", times = 1 });

        using var answer = await PostAsync(Workflow, Message(Good));

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Contains("WorkflowNotFound", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(kept, (await ArrivedAsync("teams")).Length);
    }

    private static string Message(string card) => """{"type":"message","attachments":[{"contentType":"application/vnd.microsoft.card.adaptive","contentUrl":null,"content":CARD}]}""".Replace("CARD", card, StringComparison.Ordinal);

    private Task<HttpResponseMessage> PostAsync(string path, string body) => Http.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
}
