using System.Text.Json.Nodes;
using Xunit;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa;

/// <summary>Operations that do something to a record as a whole: what they do, beyond their shape.</summary>
public sealed class WholeAreaTests(PsaSandbox psa) : IClassFixture<PsaSandbox>
{
    [Fact]
    public async Task Template_BringsItsPhases_AndTheWorkplanShowsThem()
    {
        var before = (JsonArray)(await psa.GetAsync("/project/projects/401/projectWorkplan"))["phases"]!;

        var plan = await psa.PostAsync("/project/projects/401/applyTemplate/1", "");

        Assert.Equal(before.Count + 3, ((JsonArray)plan["phases"]!).Count);
        Assert.Contains("Hand over", ((JsonArray)plan["phases"]!).Select(p => (string?)p!["description"]));
        Assert.Equal(1, (int)(await psa.GetAsync("/project/projects/401"))["projectTemplateId"]!);
    }

    [Fact]
    public async Task Workplan_AddsUpTheHoursOfAPhasesTickets()
    {
        await psa.PostAsync("/time/entries", """{ "chargeToId": 30001, "chargeToType": "ProjectTicket", "member": { "id": 176 }, "timeStart": "2026-11-20T15:00:00Z", "actualHours": 1.5 }""");

        var phase = ((JsonArray)(await psa.GetAsync("/project/projects/401/projectWorkplan"))["phases"]!).First(p => (int)p!["id"]! == 1)!;

        Assert.Equal((1.5m, 1.5m, 40m), ((decimal)phase["actualHours"]!, (decimal)phase["billableHours"]!, (decimal)phase["budgetHours"]!));
    }

    [Fact]
    public async Task ProjectTicket_ConvertedToService_IsOneOfTheServiceDesks()
    {
        var ticket = await psa.PostAsync("/project/tickets", """{ "summary": "Not a project after all", "project": { "id": 401 }, "phase": { "id": 1 } }""");

        var answer = await psa.PostAsync($"/project/tickets/{ticket["id"]}/convert", """{ "recordType": "ServiceTicket" }""");

        Assert.True((bool)answer["success"]!);
        Assert.Equal(404, (await psa.CallAsync(HttpMethod.Get, $"/project/tickets/{ticket["id"]}")).Status);
        Assert.Single((JsonArray)await psa.GetAsync("""/service/tickets?conditions=summary="Not a project after all" and recordType="ServiceTicket" """));
    }

    [Fact]
    public async Task ServiceTemplate_MakesATicketWithItsTasks()
    {
        var counts = await psa.PostAsync("/service/templates/1/generate", "");

        var ticket = ((JsonArray)await psa.GetAsync("""/service/tickets?conditions=summary="Server alert"&orderBy=id desc&pageSize=1"""))[0]!;
        var task = Assert.Single((JsonArray)await psa.GetAsync($"/service/tickets/{ticket["id"]}/tasks"))!;
        Assert.Equal((1, "Look at the event log", 2), ((int)counts["serviceCount"]!, (string?)task["notes"], (int)ticket["priority"]!["id"]!));
    }

    [Fact]
    public async Task MemberWhoLeaves_HandsOverWhatTheyHold()
    {
        var member = await psa.PostAsync("/system/members", """
            { "identifier": "leaver", "firstName": "Lee", "lastName": "Aver", "licenseClass": "F", "hireDate": "2024-01-01T00:00:00Z", "defaultEmail": "Office", "defaultPhone": "Office", "securityRole": { "id": 64 },
              "officeEmail": "lee.aver@northbridge-msp.test", "timeZone": { "id": 1 } }
            """);
        var team = await psa.PostAsync("/service/boards/1/teams", $$"""{ "name": "Night shift", "teamLeader": { "id": {{member["id"]}} } }""");

        var answer = await psa.PostAsync($"/system/members/{member["id"]}/deactivate", """{ "serviceTeam": { "reAssignToMember": { "id": 176 } } }""");

        Assert.Equal((1, "dreyes"), ((int)answer["serviceTeam"]!["count"]!, (string?)answer["serviceTeam"]!["reAssignToMember"]!["identifier"]));
        Assert.Equal(176, (int)(await psa.GetAsync($"/service/boards/1/teams/{team["id"]}"))["teamLeader"]!["id"]!);
        Assert.True((bool)(await psa.GetAsync($"/system/members/{member["id"]}"))["inactiveFlag"]!);
    }

    [Fact]
    public async Task Bulk_TellsOfEachRecordWhatBecameOfIt()
    {
        var (status, body) = await psa.CallAsync(HttpMethod.Put, "/system/members/176/managedDeviceAccounts/bulk", """[{ "username": "one" }, { "id": 4711, "username": "none" }, 7]""");

        Assert.Equal(207, status);
        Assert.Equal([200, 404, 400], ((JsonArray)body!["payload"]!).Select(r => (int)r!["statusCode"]!));
    }

    [Fact]
    public async Task Priority_HasAPicture()
    {
        using var answer = await psa.SendAsync(HttpMethod.Get, "/service/priorities/1/image");

        var bytes = await answer.Content.ReadAsByteArrayAsync();
        Assert.Equal(("image/png", 0x89), (answer.Content.Headers.ContentType?.MediaType, bytes[0]));
        Assert.EndsWith("/service/priorities/1/image", new Uri((string)(await psa.GetAsync("/service/priorities/1"))["_info"]!["image_href"]!).AbsolutePath, StringComparison.Ordinal);
    }
}
