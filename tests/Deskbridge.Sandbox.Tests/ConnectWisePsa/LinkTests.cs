using System.Text.Json.Nodes;
using Deskbridge.Sandbox.Tests.ConnectWisePsa.Contract;
using Xunit;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa;

/// <summary>Clients follow the links in _info: each leads somewhere.</summary>
public sealed class LinkTests(PsaSandbox psa) : IClassFixture<PsaSandbox>
{
    [Fact]
    public async Task EveryLink_IsAnswered()
    {
        var lists = ((JsonArray)await psa.ControlAsync(HttpMethod.Get, "/operations")).Select(o => ((string)o!).Split(' ')).Where(o => o[0] == "GET" && !o[1].Contains('{', StringComparison.Ordinal) && !o[1].EndsWith("/uploadsample", StringComparison.Ordinal));
        var links = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var list in lists)
        {
            var (status, body) = await psa.CallAsync(HttpMethod.Get, $"{list[1]}{ContractBodies.Query(list[1].TrimStart('/'))}");
            if (status == 200) Collect(body, list[1], links);
        }

        var broken = new List<string>();
        foreach (var (link, from) in links)
        {
            using var answer = await psa.Http.GetAsync(new Uri(link));
            if (!answer.IsSuccessStatusCode) broken.Add($"{from}: {link} answers {(int)answer.StatusCode}");
        }

        Assert.True(links.Count > 100, $"only {links.Count} links");
        Assert.True(broken.Count == 0, string.Join('\n', broken));
    }

    // One link of each kind and place is enough.
    private static void Collect(JsonNode? node, string from, Dictionary<string, string> links)
    {
        if (node is JsonArray list)
        {
            foreach (var item in list.Take(3)) Collect(item, from, links);
        }
        else if (node is JsonObject record)
        {
            foreach (var (name, value) in record)
            {
                if (name.EndsWith("_href", StringComparison.Ordinal)) links.TryAdd((string)value!, $"{from} {name}");
                else Collect(value, from, links);
            }
        }
    }
}
