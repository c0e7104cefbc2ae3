using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Xunit;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa.Clients;

/// <summary>Requests in the forms that published clients send, and what those clients do with the answers. Each test names whose habit it is.</summary>
public sealed partial class RequestFormTests(PsaSandbox psa) : IClassFixture<PsaSandbox>
{
    [Theory]
    [InlineData("/login/companyinfo/northbridge")]
    [InlineData("/login/companyInfo/northbridge")]
    [InlineData("/login/CompanyInfo/Northbridge/")]
    public async Task CompanyInfo_IsFoundInAnyCase_WithAndWithoutKeys(string path)
    {
        using var bare = new HttpClient(new SocketsHttpHandler { UseProxy = false });

        foreach (var client in (HttpClient[])[bare, psa.Http])
        {
            var info = JsonNode.Parse(await client.GetStringAsync(new Uri(psa.Server.HttpUrl, path)))!;
            Assert.Equal(("v4_6_release/", "northbridge", false), ((string?)info["Codebase"], (string?)info["CompanyID"], (bool)info["IsCloud"]!));
        }
    }

    /// <summary>ConnectWise.Http puts a slash behind the codebase, which has one; cwmanage and others double or end paths with slashes.</summary>
    [Theory]
    [InlineData("/v4_6_release//apis/3.0/system/info")]
    [InlineData("/v4_6_release/apis/3.0//system/info/")]
    [InlineData("/V4_6_Release/APIs/3.0/System/Info")]
    public async Task Paths_AreReadInAnyCaseAndWithAnySlashes(string path)
    {
        using var answer = await psa.Http.GetAsync(new Uri(psa.Server.HttpUrl, path));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>Typed .NET clients (ConnectWise.Http, the vendor's SDK) write every name with a capital.</summary>
    [Fact]
    public async Task Names_AreReadInAnyCase_InReferencesToo()
    {
        var ticket = await psa.PostAsync("/service/tickets", """{ "Summary": "Pascal", "Company": { "Id": 250 }, "Priority": { "ID": 2 }, "Owner": { "Identifier": "dreyes" }, "CustomFields": [{ "Id": 12, "Value": "Sunday" }] }""");

        Assert.Equal(("HarborDental", 2, 176), ((string?)ticket["company"]!["identifier"], (int)ticket["priority"]!["id"]!, (int)ticket["owner"]!["id"]!));
    }

    /// <summary>A reference may be given by its name (reference 4.1), that of a communication item too.</summary>
    [Fact]
    public async Task CommunicationItem_IsOfTheTypeThatIsNamed()
    {
        var contact = await psa.PostAsync("/company/contacts", """{ "firstName": "Jo", "company": { "id": 250 }, "communicationItems": [{ "type": { "name": "Direct" }, "value": "8135550199" }] }""");

        Assert.Equal((2, "Phone"), ((int)contact["communicationItems"]![0]!["type"]!["id"]!, (string?)contact["communicationItems"]![0]!["communicationType"]));
    }

    /// <summary>pyconnectwise sends a Content-Type with every read and finds the pages at the very end of the links.</summary>
    [Fact]
    public async Task Pages_StandAtTheEndOfTheLinks()
    {
        using var answer = await psa.SendAsync(HttpMethod.Get, "/service/tickets?page=2&pageSize=3", null, m => m.Content = new StringContent("", Encoding.UTF8, "application/json"));

        var pages = LastPage().Matches(string.Join(",", answer.Headers.GetValues("Link"))).ToDictionary(m => m.Groups["rel"].Value, m => int.Parse(m.Groups["page"].Value, System.Globalization.CultureInfo.InvariantCulture), StringComparer.Ordinal);
        Assert.Equal((1, 1, 3), (pages["first"], pages["prev"], pages["next"]));
        Assert.True(pages["last"] >= 10);
    }

    /// <summary>The Go client splits the Link header at commas, so a comma of a condition must not stand in it as one.</summary>
    [Fact]
    public async Task Links_HoldTheConditionsWithoutBareCommas()
    {
        var path = "/service/tickets?pageSize=2&conditions=" + Uri.EscapeDataString("id in (10001,10002,10003) and board/name=\"Service Desk\"");
        var seen = new List<int>();
        for (var next = path; next is not null;)
        {
            using var answer = next == path ? await psa.SendAsync(HttpMethod.Get, next) : await psa.Http.GetAsync(new Uri(next));
            seen.AddRange(((JsonArray)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!).Select(t => (int)t!["id"]!));
            next = string.Join(",", answer.Headers.GetValues("Link")).Split(',').Select(l => l.Trim().Split(';')).Where(l => l[1].Trim() == "rel=\"next\"").Select(l => l[0].Trim('<', '>')).FirstOrDefault();
        }

        var count = (int)(await psa.GetAsync(path.Replace("/service/tickets?pageSize=2&", "/service/tickets/count?", StringComparison.Ordinal)))["count"]!;
        Assert.Equal(count, seen.Distinct().Count());
        Assert.True(count > 1);
    }

    /// <summary>The PowerShell module ConnectWiseManageAPI lists all with this header and no page, and follows the one link until the header is empty.</summary>
    [Fact]
    public async Task ForwardOnly_IsWalkedUntilTheHeaderIsEmpty()
    {
        var seen = new List<int>();
        var url = psa.Url("/service/tickets?conditions=closedFlag+%3d+false+and+summary+not+contains+%22zebra%22&pageSize=4").ToString();
        while (url.Length > 0)
        {
            using var message = new HttpRequestMessage(HttpMethod.Get, url);
            message.Headers.Add("pagination-type", "forward-only");
            message.Headers.TryAddWithoutValidation("Accept", "application/vnd.connectwise.com+json; version=2025.1");
            using var answer = await psa.Http.SendAsync(message);
            Assert.True(answer.Headers.NonValidated.Contains("Link"), "a client reports an endpoint without the header as broken");
            seen.AddRange(((JsonArray)JsonNode.Parse(await answer.Content.ReadAsStringAsync())!).Select(t => (int)t!["id"]!));
            url = answer.Headers.NonValidated["Link"].ToString().Split(';')[0].TrimStart('<').TrimEnd('>');
        }

        Assert.Equal((int)(await psa.GetAsync("/service/tickets/count?conditions=closedFlag = false"))["count"]!, seen.Count);
        Assert.Equal(seen.Order(), seen.Distinct());
    }

    /// <summary>The same module posts searches with a charset, and a token for impersonation as a form that says it is JSON.</summary>
    [Fact]
    public async Task Search_TakesACharset_AndTokens_TakeWhateverBody()
    {
        await psa.NewTicketAsync("Café geschlossen");

        using var search = await psa.SendAsync(HttpMethod.Post, "/service/tickets/search?fields=id%2csummary&pageSize=5", """{ "conditions": "summary like '*Café*'", "orderBy": "id desc" }""");
        using var token = await psa.SendAsync(HttpMethod.Post, "/system/members/dreyes/tokens", null, m =>
        {
            m.Headers.Add("x-cw-usertype", "member");
            m.Content = new StringContent("memberIdentifier=dreyes", Encoding.UTF8, "application/json");
        });

        var found = Assert.Single((JsonArray)JsonNode.Parse(await search.Content.ReadAsStringAsync())!)!.AsObject();
        Assert.Equal(["id", "summary"], found.Select(p => p.Key));
        Assert.Equal(HttpStatusCode.OK, token.StatusCode);
        Assert.True(token.Headers.Contains("api-current-version"));
    }

    /// <summary>The same module writes its form by hand: a quoted boundary, other letters, True for true, and one name that lacks its closing quote.</summary>
    [Fact]
    public async Task Upload_OfAHandWrittenForm_IsTaken()
    {
        const string Boundary = "6a1f2c7e-0d5b-4d0e-9b7a-31c1f7a9c0de";
        string[] lines =
        [
            $"--{Boundary}", "Content-Disposition: form-data; name=\"recordType\"", "", "Ticket", $"--{Boundary}", "Content-Disposition: form-data; name=\"recordId\"", "", "10001",
            $"--{Boundary}", "Content-Disposition: form-data; name=\"Title\"", "", "notes.txt", $"--{Boundary}", "Content-Disposition: form-data; name=\"PrivateFlag", "", "True",
            $"--{Boundary}", "Content-Disposition: form-data; name=\"ReadOnlyFlag\"", "", "False", $"--{Boundary}", "Content-Disposition: form-data; name=\"isAvatar\"", "", "False",
            $"--{Boundary}", "Content-Disposition: form-data; name=\"file\"; filename=\"notes.txt\"", "Content-Type: application/octet-stream", "", "Hello", $"--{Boundary}--", "",
        ];
        using var answer = await psa.SendAsync(HttpMethod.Post, "/system/documents", null, m =>
        {
            m.Content = new ByteArrayContent(Encoding.Latin1.GetBytes(string.Join("\r\n", lines)));
            m.Content.Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; boundary=\"{Boundary}\"");
        });

        var document = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal(("notes.txt", false, 5), ((string?)document["title"], (bool)document["publicFlag"]!, (int)document["size"]!));
    }

    /// <summary>django-connectwise takes all behind filename= for the name of a download, quotes aside.</summary>
    [Fact]
    public async Task Download_NamesItsFileInOneForm()
    {
        using var form = new MultipartFormDataContent { { new StringContent("Ticket"), "recordType" }, { new StringContent("10001"), "recordId" }, { new ByteArrayContent("Hi"u8.ToArray()), "file", "report 1.txt" } };
        using var made = await psa.SendAsync(HttpMethod.Post, "/system/documents", null, m => m.Content = form);
        var id = (int)JsonNode.Parse(await made.Content.ReadAsStringAsync())!["id"]!;

        using var answer = await psa.SendAsync(HttpMethod.Get, $"/system/documents/{id}/download");

        Assert.Equal("report 1.txt", FileName().Match(answer.Content.Headers.NonValidated["Content-Disposition"].ToString()).Groups["name"].Value);
    }

    /// <summary>django-connectwise ends paths with a slash, puts conditions in brackets, and clears owner, hours and dates with an empty text.</summary>
    [Fact]
    public async Task Patch_ClearsWithEmptyTexts_AndNumbersComeAsTexts()
    {
        var id = await psa.NewTicketAsync();
        await psa.PatchAsync($"/service/tickets/{id}/", """[{ "op": "replace", "path": "owner", "value": { "id": 176 } }, { "op": "replace", "path": "budgetHours", "value": "8.5" }, { "op": "replace", "path": "requiredDate", "value": "2026-12-01T00:00:00Z" }, { "op": "replace", "path": "customerUpdatedFlag", "value": "True" }]""");

        var cleared = await psa.PatchAsync($"/service/tickets/{id}", """[{ "op": "replace", "path": "owner", "value": "" }, { "op": "replace", "path": "budgetHours", "value": "" }, { "op": "replace", "path": "requiredDate", "value": "" }]""");
        var found = (JsonArray)await psa.GetAsync($"/service/tickets/?conditions=(id={id} and customerUpdatedFlag=True)&pageSize=1000&page=1");

        Assert.Equal((null, null, null), (cleared["owner"], cleared["budgetHours"], cleared["requiredDate"]));
        Assert.Single(found);
    }

    /// <summary>The same client changes a schedule entry through the parts of its references.</summary>
    [Fact]
    public async Task Patch_ReachesIntoReferences()
    {
        var id = await psa.NewTicketAsync();
        var entry = await psa.PostAsync("/schedule/entries", $$"""{ "objectId": {{id}}, "type": { "id": 4, "identifier": "S" }, "member": { "id": 176, "identifier": "dreyes", "name": "Dana Reyes" }, "status": { "id": 2, "name": "Firm" }, "where": { "id": 4, "name": "Remote" } }""");

        var changed = await psa.PatchAsync($"/schedule/entries/{entry["id"]}", """[{ "op": "replace", "path": "doneFlag", "value": true }, { "op": "replace", "path": "dateStart", "value": null }, { "op": "replace", "path": "member/identifier", "value": "mlind" }, { "op": "replace", "path": "status/id", "value": 3 }, { "op": "replace", "path": "where/id", "value": 1 }]""");

        Assert.Equal((true, "Maja Lind", 3, 1), ((bool)changed["doneFlag"]!, (string?)changed["member"]!["name"], (int)changed["status"]!["id"]!, (int)changed["where"]!["id"]!));
    }

    /// <summary>What django-connectwise synchronizes beside the service desk, as it asks for it: a thousand a page, paths with a slash at their end.</summary>
    [Theory]
    [InlineData("/company/communicationTypes")]
    [InlineData("/company/configurations/statuses/")]
    [InlineData("/company/states")]
    [InlineData("/company/teamRoles/info")]
    [InlineData("/company/countries/info")]
    [InlineData("/finance/agreements")]
    [InlineData("/finance/agreements/types")]
    [InlineData("/project/projects/")]
    [InlineData("/project/projects/401/phases/")]
    [InlineData("/project/projects/401/teamMembers/")]
    [InlineData("/project/securityRoles/")]
    [InlineData("/sales/opportunities")]
    [InlineData("/sales/opportunities/801/notes")]
    [InlineData("/sales/opportunities/statuses")]
    [InlineData("/sales/opportunities/types")]
    [InlineData("/sales/probabilities")]
    [InlineData("/sales/stages")]
    [InlineData("/schedule/holidayLists")]
    [InlineData("/system/locations/")]
    [InlineData("/system/standardNotes/")]
    [InlineData("/service/boards/1/typeSubTypeItemAssociations/")]
    public async Task Synchronization_FindsItsTables(string path)
    {
        var rows = (JsonArray)await psa.GetAsync($"{path}?pageSize=1000&page=1");

        Assert.NotEmpty(rows);
        Assert.All(rows, row => Assert.NotNull(row!["_info"]));
    }

    /// <summary>The n8n node sends every parameter, empty or not, and its headers in other letters.</summary>
    [Fact]
    public async Task EmptyParameters_AreNone()
    {
        using var message = new HttpRequestMessage(HttpMethod.Get, psa.Url("/service/tickets/10001/notes?conditions=&fields=&pageId=&pageSize=1000&orderBy="));
        message.Headers.TryAddWithoutValidation("Pagination-Type", "Forward-Only");
        message.Headers.TryAddWithoutValidation("Accept", "application/json,text/html,application/xhtml+xml,application/xml,text/*;q=0.9, image/*;q=0.8, */*;q=0.7");
        using var answer = await psa.Http.SendAsync(message);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
    }

    /// <summary>ConnectWise.Http sends a cookie of the cloud; the PHP client asks for heads and for older models.</summary>
    [Fact]
    public async Task Cookies_Heads_AndOldVersions_AreTaken()
    {
        using var head = await psa.SendAsync(HttpMethod.Head, "/service/tickets?pageSize=1", null, m =>
        {
            m.Headers.Add("Cookie", "cw-app-id=4711");
            m.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("application/vnd.connectwise.com+json; version=2019.5"));
        });
        using var old = await psa.SendAsync(HttpMethod.Get, "/service/tickets/10001", null, m => m.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("application/vnd.connectwise.com+json; version=3.0.0")));

        Assert.Equal((HttpStatusCode.OK, 0), (head.StatusCode, (await head.Content.ReadAsByteArrayAsync()).Length));
        Assert.True(head.Headers.Contains("Link"));
        Assert.Equal((HttpStatusCode.OK, "application/vnd.connectwise.com+json"), (old.StatusCode, old.Content.Headers.ContentType?.MediaType));
    }

    /// <summary>Conditions as clients write them: without blanks, with doubled ones, keywords and members in any case, dates with fractions and offsets.</summary>
    [Theory]
    [InlineData("id=10001")]
    [InlineData("id = 10001 AND Board/Name='Service Desk'")]
    [InlineData("Id=10001 and closedFlag!=null")]
    [InlineData("id=10001 and (parentTicketId=null or parentTicketId>0)")]
    [InlineData("id=10001 and LastUpdated>[2020-01-01 08:30:00.123456+00:00]")]
    [InlineData("id=10001 and _info/lastUpdated > [2020-01-01]")]
    [InlineData("id  in  ( 10001 , 99 )")]
    [InlineData("id=10001 and status/name not in (\"Nope\")")]
    [InlineData("id=10001 and summary not like \"zebra%\"")]
    [InlineData("id=10001 and recordType=\"ServiceTicket\"")]
    public async Task Conditions_AreReadAsClientsWriteThem(string conditions)
    {
        var found = (JsonArray)await psa.GetAsync("/service/tickets?conditions=" + Uri.EscapeDataString(conditions));

        Assert.Equal([10001], found.Select(t => (int)t!["id"]!));
    }

    [GeneratedRegex("""page=(?<page>\d+)>; rel="(?<rel>[^"]*)["]""", RegexOptions.None, 60_000)]
    private static partial Regex LastPage();

    [GeneratedRegex("""^attachment; filename="{0,1}(?<name>.*?)"{0,1}$""", RegexOptions.None, 60_000)]
    private static partial Regex FileName();
}
