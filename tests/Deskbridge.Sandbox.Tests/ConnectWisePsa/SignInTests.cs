using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Xunit;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa;

/// <summary>Every way in that the reference names: keys, tokens that act as a member, the integrator's login, a browser's cookies.</summary>
public sealed class SignInTests(PsaSandbox psa) : IClassFixture<PsaSandbox>
{
    [Fact]
    public async Task Integrator_SignsInWithLoginAndPassword_AndWritesUnderItsOwnName()
    {
        var keys = psa.Server.ConnectWise;

        var (status, ticket) = await AsAsync($"{keys.CompanyId}+{PsaCredentials.IntegratorLogin}:{keys.IntegratorPassword}", HttpMethod.Post, "/service/tickets", """{ "summary": "From an integration", "company": { "id": 250 } }""");
        var (wrong, refused) = await AsAsync($"{keys.CompanyId}+{PsaCredentials.IntegratorLogin}:guess", HttpMethod.Get, "/system/info");

        Assert.Equal((201, "integrator"), (status, (string?)ticket!["_info"]!["updatedBy"]));
        Assert.Equal((401, "Unauthorized"), (wrong, (string?)refused!["code"]));
    }

    [Fact]
    public async Task Tokens_ActAsTheirMember()
    {
        var token = await psa.PostAsync("/system/members/dreyes/tokens", """{ "memberIdentifier": "dreyes" }""");

        var (status, me) = await AsAsync($"{psa.Server.ConnectWise.CompanyId}+{token["publicKey"]}:{token["privateKey"]}", HttpMethod.Get, "/system/myMembers");

        Assert.Equal((200, "dreyes"), (status, (string?)me!["identifier"]));
    }

    [Fact]
    public async Task LoginPage_LeavesCookies_ThatSignTheMemberIn()
    {
        var (status, answer, cookies) = await LoginAsync(psa.Server.ConnectWise.MemberPassword);

        using var message = new HttpRequestMessage(HttpMethod.Get, psa.Url("/system/myMembers"));
        message.Headers.Add("Cookie", $"companyName=northbridge; memberHash={answer["Hash"]}; MemberID=dreyes; MemberContext=web");
        var (seen, me) = await BareAsync(message);

        Assert.Equal((200, true), (status, (bool)answer["Success"]!));
        Assert.Contains(cookies, c => c.StartsWith($"memberHash={answer["Hash"]}", StringComparison.Ordinal));
        Assert.Equal((200, "dreyes"), (seen, (string?)me!["identifier"]));
    }

    [Fact]
    public async Task LoginPage_WithAWrongPassword_SaysSo_AndAWrongHashIsRefused()
    {
        var (status, answer, cookies) = await LoginAsync("guess");

        using var message = new HttpRequestMessage(HttpMethod.Get, psa.Url("/system/info"));
        message.Headers.Add("Cookie", "companyName=northbridge; memberHash=guess; MemberID=dreyes");
        var (seen, _) = await BareAsync(message);

        Assert.Equal((200, false, 401), (status, (bool)answer["Success"]!, seen));
        Assert.Empty(cookies);
    }

    private async Task<(int Status, JsonNode Answer, IReadOnlyList<string> Cookies)> LoginAsync(string password)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["CompanyName"] = "northbridge", ["UserName"] = "dreyes", ["Password"] = password });
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
        using var answer = await client.PostAsync(new Uri(psa.Server.HttpUrl, "/v4_6_release/login/login.aspx?response=json"), form);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!, answer.Headers.TryGetValues("Set-Cookie", out var set) ? [.. set] : []);
    }

    private Task<(int Status, JsonNode? Body)> AsAsync(string user, HttpMethod method, string path, string? json = null)
    {
        var message = new HttpRequestMessage(method, psa.Url(path));
        message.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user)));
        if (json is not null) message.Content = new StringContent(json, Encoding.UTF8, "application/json");
        return BareAsync(message);
    }

    private async Task<(int Status, JsonNode? Body)> BareAsync(HttpRequestMessage message)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, UseCookies = false });
        message.Headers.Add("clientId", psa.Server.ConnectWise.ClientId);
        using var answer = await client.SendAsync(message);
        return ((int)answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync()));
    }
}
