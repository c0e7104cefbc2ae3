using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa;

public sealed class ProtocolTests(PsaSandbox psa) : IClassFixture<PsaSandbox>
{
    [Fact]
    public async Task CompanyInfo_NeedsNoSignIn_AndAnswersTheOnPremisesForm()
    {
        var info = JsonNode.Parse(await psa.Http.GetStringAsync(new Uri(psa.Server.HttpUrl, "/login/companyinfo/northbridge")))!;

        Assert.Equal("v4_6_release/", (string?)info["Codebase"]);
        Assert.False((bool)info["IsCloud"]!);
        Assert.Equal(psa.Server.HttpUrl.Authority, (string?)info["SiteUrl"]);
    }

    [Theory]
    [InlineData("services/system_io/router/openrecord.rails?locale=en_US&recordType=ServiceFV&recid=10001&companyName=northbridge", System.Net.HttpStatusCode.Found, "/?ticket=10001")]
    [InlineData("services/system_io/router/openrecord.rails?recordType=ServiceFv&recid=10001", System.Net.HttpStatusCode.Found, "/?ticket=10001")]
    [InlineData("services/system_io/Service/fv_sr100_request.rails?service_recid=10001&companyName=northbridge", System.Net.HttpStatusCode.Found, "/?ticket=10001")]
    [InlineData("ConnectWise.aspx?locale=en_US&routeTo=ServiceFV&recid=10001", System.Net.HttpStatusCode.Found, "/?ticket=10001")]
    [InlineData("services/system_io/router/openrecord.rails?recordType=ServiceFV&recid=../x", System.Net.HttpStatusCode.NotFound, null)]
    public async Task LinkToARecord_LeadsToTheTechniciansPage(string query, System.Net.HttpStatusCode status, string? place)
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var answer = await http.GetAsync(new Uri(psa.Server.HttpUrl, "/v4_6_release/" + query), TestContext.Current.CancellationToken);

        Assert.Equal((status, place), (answer.StatusCode, answer.Headers.Location?.ToString()));
    }

    [Fact]
    public async Task CompanyInfo_UnknownCompany_IsNull() =>
        Assert.Equal("null", await psa.Http.GetStringAsync(new Uri(psa.Server.HttpUrl, "/login/companyinfo/nobody")));

    [Theory]
    [InlineData("/v4_6_release/apis/3.0//service/boards")]
    [InlineData("/V4_6_Release/APIS/3.0/Service/Boards")]
    public async Task Paths_TolerateCaseAndDoubleSlashes(string path)
    {
        var boards = JsonNode.Parse(await psa.Http.GetStringAsync(new Uri(psa.Server.HttpUrl, path)))!;

        Assert.Equal("Service Desk", (string?)boards[0]!["name"]);
    }

    [Theory]
    [InlineData(null, "ConnectWiseApi")]
    [InlineData("Basic bm9uc2Vuc2U=", "Unauthorized")]
    [InlineData("Basic bm9ydGhicmlkZ2Urd3Jvbmc6d3Jvbmc=", "Unauthorized")]
    public async Task SignIn_Wrong_Is401(string? authorization, string code)
    {
        using var answer = await psa.SendAsync(HttpMethod.Get, "/system/info", null, m => m.Headers.Authorization = authorization is null ? new("None") : AuthenticationHeaderValue.Parse(authorization));

        Assert.Equal(401, (int)answer.StatusCode);
        Assert.Equal(code, (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["code"]);
    }

    [Fact]
    public async Task ClientId_Missing_Is401()
    {
        using var answer = await psa.SendAsync(HttpMethod.Get, "/system/info", null, m => m.Headers.Add("clientId", "not a guid"));

        Assert.Equal(401, (int)answer.StatusCode);
    }

    [Fact]
    public async Task AcceptVersion_IsEchoed()
    {
        using var answer = await psa.SendAsync(HttpMethod.Get, "/system/info", null, m => m.Headers.TryAddWithoutValidation("Accept", "application/vnd.connectwise.com+json; version=2024.1"));

        Assert.Equal("application/vnd.connectwise.com+json; version=2024.1", answer.Content.Headers.ContentType!.ToString());
        Assert.Equal("2025.1", Assert.Single(answer.Headers.GetValues("api-current-version")));
    }

    [Theory]
    [InlineData("GET", "/service/nothing", 404, "The endpoint does not exist.")]
    [InlineData("GET", "/service/tickets/1", 404, "Ticket 1 not found")]
    [InlineData("DELETE", "/system/info", 405, null)]
    [InlineData("POST", "/system/workflows/tableTypes", 405, null)]
    public async Task Routes_ThatAreNotThere_SaySo(string method, string path, int expected, string? message)
    {
        var (status, body) = await psa.CallAsync(new HttpMethod(method), path);

        Assert.Equal(expected, status);
        if (message is not null) Assert.Equal(message, (string?)body!["message"]);
    }

    [Theory]
    [InlineData("{ \"summary\": ")]
    [InlineData("[1]")]
    public async Task Body_Malformed_Is400(string body) =>
        Assert.Equal(400, (await psa.CallAsync(HttpMethod.Post, "/service/tickets", body)).Status);

    [Fact]
    public async Task Text_TooLong_NamesTheField()
    {
        var (status, body) = await psa.CallAsync(HttpMethod.Post, "/service/tickets", $$"""{ "summary": "{{new string('x', 101)}}", "company": { "id": 250 } }""");

        Assert.Equal(400, status);
        Assert.Equal("summary", (string?)body!["errors"]![0]!["field"]);
    }

    [Fact]
    public async Task Https_IsTrustedThroughTheCaFile()
    {
        using var authority = X509CertificateLoader.LoadCertificateFromFile(psa.Server.CaFile);
        using var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        handler.SslOptions.CertificateChainPolicy.CustomTrustStore.Add(authority);
        using var http = new HttpClient(handler);

        var info = JsonNode.Parse(await http.GetStringAsync(new Uri(psa.Server.HttpsUrl, "/login/companyinfo/northbridge")))!;

        Assert.Equal(psa.Server.HttpsUrl.Authority, (string?)info["SiteUrl"]);
    }

    [Fact]
    public async Task Token_OfAMember_ActsAsThatMember()
    {
        var token = await psa.PostAsync("/system/members/dreyes/tokens", """{ "memberIdentifier": "dreyes" }""");
        var basic = Convert.ToBase64String(Encoding.UTF8.GetBytes($"northbridge+{token["publicKey"]}:{token["privateKey"]}"));

        using var answer = await psa.SendAsync(HttpMethod.Get, "/system/myMembers", null, m => m.Headers.Authorization = new("Basic", basic));

        Assert.Equal("dana.reyes@northbridge-msp.test", (string?)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["officeEmail"]);
    }

    [Fact]
    public async Task Hrefs_HaveTheRecordedDoubleSlash()
    {
        var ticket = await psa.GetAsync($"/service/tickets/{await psa.NewTicketAsync()}");

        var href = (string)ticket["status"]!["_info"]!["status_href"]!;

        Assert.Equal($"{psa.Server.HttpUrl.GetLeftPart(UriPartial.Authority)}/v4_6_release/apis/3.0//service/boards/1/statuses/16", href);
        Assert.Equal(16, (int)JsonNode.Parse(await psa.Http.GetStringAsync(new Uri(href)))!["id"]!);
    }

    [Theory]
    [InlineData("/system/info")]
    [InlineData("/system/mySecurity")]
    [InlineData("/system/mySecurity/customizeItems")]
    [InlineData("/system/myMembers")]
    [InlineData("/system/members")]
    [InlineData("/system/members/176")]
    [InlineData("/system/members/dreyes")]
    [InlineData("/system/members/count")]
    [InlineData("/system/info/members")]
    [InlineData("/system/apiMembers")]
    [InlineData("/system/locations")]
    [InlineData("/system/departments")]
    [InlineData("/company/companies")]
    [InlineData("/company/companies/statuses")]
    [InlineData("/company/companies/types")]
    [InlineData("/company/companies/250/sites")]
    [InlineData("/company/companies/250/notes")]
    [InlineData("/company/contacts/58002/communications")]
    [InlineData("/company/configurations")]
    [InlineData("/company/configurations/types")]
    [InlineData("/company/configurations/types/17/questions")]
    [InlineData("/company/configurations/statuses")]
    [InlineData("/service/boards/1/statuses?conditions=inactive=false&orderBy=sortOrder asc")]
    [InlineData("/service/boards/1/types")]
    [InlineData("/service/boards/1/subtypes")]
    [InlineData("/service/boards/1/items")]
    [InlineData("/service/boards/1/typeSubTypeItemAssociations")]
    [InlineData("/service/boards/1/teams")]
    [InlineData("/service/teams")]
    [InlineData("/service/priorities")]
    [InlineData("/service/sources")]
    [InlineData("/service/locations")]
    [InlineData("/service/severities")]
    [InlineData("/service/impacts")]
    [InlineData("/service/tickets/10001/allNotes")]
    [InlineData("/service/tickets/10001/tasks")]
    [InlineData("/service/tickets/10001/configurations")]
    [InlineData("/service/tickets/10001/documents")]
    [InlineData("/service/tickets/10001/scheduleentries")]
    [InlineData("/service/tickets/10001/timeentries")]
    [InlineData("/schedule/entries")]
    [InlineData("/schedule/types")]
    [InlineData("/schedule/statuses")]
    [InlineData("/time/entries")]
    [InlineData("/system/documents?recordType=Ticket&recordId=10001")]
    [InlineData("/system/userDefinedFields")]
    [InlineData("/system/workflows")]
    [InlineData("/system/workflows/31/events")]
    [InlineData("/system/workflows/31/events/81/actions")]
    [InlineData("/system/workflows/31/triggers")]
    [InlineData("/system/workflows/31/triggers/5/options")]
    [InlineData("/system/workflows/31/notifyTypes")]
    [InlineData("/system/workflows/tableTypes")]
    [InlineData("/system/workflows/events")]
    [InlineData("/system/workflows/events/actions")]
    [InlineData("/system/callbacks")]
    [InlineData("/system/audittrail?type=Ticket&id=10001")]
    public async Task Endpoint_Answers(string path) => Assert.NotNull(await psa.GetAsync(path));
}
