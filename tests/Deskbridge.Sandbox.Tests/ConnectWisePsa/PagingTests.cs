using System.Text.Json.Nodes;
using Xunit;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa;

public sealed class PagingTests(PsaSandbox psa) : IClassFixture<PsaSandbox>
{
    [Fact]
    public async Task Numbered_FollowingNext_YieldsEachTicketOnce()
    {
        var ids = new List<int>();
        for (var next = psa.Url("/service/tickets?pageSize=7&orderBy=id%20desc"); next is not null;)
        {
            using var answer = await psa.Http.GetAsync(next);
            ids.AddRange(((JsonArray)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!).Select(t => (int)t!["id"]!));
            var link = Assert.Single(answer.Headers.GetValues("Link"));
            Assert.Contains("rel=\"last\"", link, StringComparison.Ordinal);
            next = Next(link);
        }

        Assert.Equal(30, ids.Distinct().Count());
        Assert.Equal(ids.OrderDescending(), ids);
    }

    [Fact]
    public async Task ForwardOnly_GoesById_AndEndsWithAnEmptyLink()
    {
        using var first = await psa.SendAsync(HttpMethod.Get, "/service/tickets?pageSize=20&pageId=0", null, m => m.Headers.Add("pagination-type", "forward-only"));
        using var last = await psa.SendAsync(HttpMethod.Get, "/service/tickets?pageSize=20&pageId=10020", null, m => m.Headers.Add("pagination-type", "forward-only"));

        Assert.Contains("pageId=10020", Assert.Single(first.Headers.GetValues("Link")), StringComparison.Ordinal);
        Assert.Equal("", Assert.Single(last.Headers.GetValues("Link")));
        Assert.Equal(10, ((JsonArray)JsonNode.Parse(await last.Content.ReadAsStringAsync())!).Count);
    }

    [Fact]
    public async Task PageSize_DefaultsTo25() =>
        Assert.Equal(25, ((JsonArray)await psa.GetAsync("/service/tickets")).Count);

    private static Uri? Next(string link)
    {
        var part = link.Split(", ").FirstOrDefault(p => p.EndsWith("rel=\"next\"", StringComparison.Ordinal));
        return part is null ? null : new Uri(part[1..part.IndexOf('>', StringComparison.Ordinal)]);
    }
}
