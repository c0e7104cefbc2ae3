using System.Text.Json.Nodes;
using Xunit;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa;

/// <summary>The security role that the manual of the integration asks for: with it everything works, and each cell that is missing
/// answers 403 and is named.</summary>
public sealed class RightsTests(PsaSandbox psa) : IClassFixture<PsaSandbox>
{
    private const string Manual = """
        { "others": "None/None/None/None",
          "cells": { "Close Service Tickets": "None/All/None/All", "Resource Scheduling": "All/All/All/All", "Service Ticket - Dependencies": "None/All/All/All",
            "Service Tickets": "None/All/None/All", "Ticket Templates": "None/All/None/All", "API Reports": "None/None/None/All", "Member Maintenance": "None/None/None/All",
            "My Account": "None/None/None/All", "Table Setup": "All/All/All/All" },
          "customized": { "Table Setup": ["General / Custom Fields", "General / Workflow Rules", "Service / Service Board"], "Resource Scheduling": null } }
        """;

    public static TheoryData<string, string, string, string, string?> Cells => new()
    {
        { "Service Tickets", "None/All/None/None", "GET", "/service/tickets", null },
        { "Service Tickets", "None/All/None/None", "GET", "/service/tickets/10001/allNotes", null },
        { "Service Tickets", "None/None/None/All", "POST", "/service/tickets/10001/notes", """{ "text": "Seen" }""" },
        { "Service Tickets", "None/None/None/All", "PATCH", "/service/tickets/10001", """[{ "op": "replace", "path": "poNumber", "value": "7" }]""" },
        { "Close Service Tickets", "None/None/None/All", "PATCH", "/service/tickets/10001", """[{ "op": "replace", "path": "status", "value": { "name": "Closed (resolved)" } }]""" },
        { "Resource Scheduling", "All/None/All/All", "PATCH", "/service/tickets/10001", """[{ "op": "replace", "path": "owner", "value": { "identifier": "mlind" } }]""" },
        { "Resource Scheduling", "None/All/All/All", "POST", "/schedule/entries", """{ "objectId": 10001, "type": { "identifier": "S" }, "member": { "identifier": "mlind" } }""" },
        { "Service Ticket - Dependencies", "None/None/All/All", "PATCH", "/service/tickets/10001", """[{ "op": "replace", "path": "predecessorType", "value": "Ticket" }, { "op": "replace", "path": "predecessorId", "value": 10003 }]""" },
        { "Ticket Templates", "None/All/None/None", "GET", "/service/templates", null },
        { "API Reports", "None/None/None/None", "GET", "/service/tickets/changelogs", null },
        { "Member Maintenance", "None/None/None/None", "GET", "/system/members", null },
        { "My Account", "None/None/None/None", "GET", "/system/myMembers", null },
        { "Table Setup", "All/All/All/None", "GET", "/system/userDefinedFields", null },
        { "Table Setup", "All/All/All/None", "GET", "/service/boards", null },
        { "Table Setup", "All/None/All/All", "PATCH", "/system/workflows/31", """[{ "op": "replace", "path": "name", "value": "Stale" }]""" },
        { "Table Setup", "None/All/All/All", "POST", "/system/workflows/31/events", """{ "eventCondition": "VIP is true" }""" },
    };

    [Fact]
    public async Task Bundle_ReadsNothingThatItsCallerMayNotRead()
    {
        await psa.ControlAsync(HttpMethod.Put, "/rights", Manual);
        await psa.ControlAsync(HttpMethod.Put, "/rights", """{ "cells": { "Service Tickets": "None/All/None/None" } }""");

        var (_, answer) = await psa.CallAsync(HttpMethod.Post, "/system/bundles", """{ "requests": [{ "resourceType": "ticket", "apiRequest": { "id": 10001 } }, { "resourceType": "board", "apiRequest": {} }] }""");
        await psa.ControlAsync(HttpMethod.Put, "/rights", Manual);

        Assert.Equal([403, 200], answer!["results"]!.AsArray().Select(result => (int)result!["statusCode"]!));
        Assert.Null(answer["results"]![0]!["entities"]);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public async Task Cell_MissingFromTheRole_Answers403AndIsNamed(string function, string without, string method, string path, string? body)
    {
        await psa.ControlAsync(HttpMethod.Put, "/rights", Manual);
        await psa.ControlAsync(HttpMethod.Put, "/rights", $$"""{ "cells": { "{{function}}": "{{without}}" } }""");

        var (status, refusal) = await psa.CallAsync(new HttpMethod(method), path, body);
        await psa.ControlAsync(HttpMethod.Put, "/rights", Manual);
        var (granted, _) = await psa.CallAsync(new HttpMethod(method), path, body);

        Assert.InRange(granted, 200, 201);
        Assert.Equal(403, status);
        Assert.Equal("You do not have permission to perform this action.", (string?)refusal!["message"]);
        Assert.Contains(function.Replace(" - ", " ", StringComparison.Ordinal), (string)refusal["errors"]![0]!["message"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST", "/service/tickets", """{ "summary": "x", "company": { "id": 250 } }""")]
    [InlineData("DELETE", "/service/tickets/10002", null)]
    [InlineData("GET", "/company/companies", null)]
    [InlineData("GET", "/finance/invoices", null)]
    [InlineData("GET", "/procurement/purchaseorders/1301", null)]
    [InlineData("GET", "/expense/entries", null)]
    [InlineData("PATCH", "/sales/opportunities/801", """[{ "op": "replace", "path": "notes", "value": "x" }]""")]
    [InlineData("POST", "/finance/currencies", """{ "name": "Euro", "currencyIdentifier": "EUR" }""")]
    [InlineData("POST", "/service/sources", """{ "name": "Deskbridge" }""")]
    public async Task WhatTheManualDoesNotAskFor_IsRefused(string method, string path, string? body)
    {
        await psa.ControlAsync(HttpMethod.Put, "/rights", Manual);

        Assert.Equal(403, (await psa.CallAsync(new HttpMethod(method), path, body)).Status);
    }

    [Theory]
    [InlineData("/system/info")]
    [InlineData("/system/mySecurity")]
    [InlineData("/system/info/members")]
    [InlineData("/service/priorities")]
    [InlineData("/service/sources")]
    [InlineData("/system/callbacks")]
    public async Task WhatNeedsNoRight_AnswersWithoutAny(string path)
    {
        await psa.ControlAsync(HttpMethod.Put, "/rights", """{ "others": "None/None/None/None" }""");
        var (status, _) = await psa.CallAsync(HttpMethod.Get, path);
        await psa.ControlAsync(HttpMethod.Put, "/rights", Manual);

        Assert.Equal(200, status);
    }

    [Fact]
    public async Task MySecurity_ShowsTheCellsAndTheCustomizedItems()
    {
        await psa.ControlAsync(HttpMethod.Put, "/rights", Manual);

        var rows = (JsonArray)await psa.GetAsync("/system/mySecurity?pageSize=1000&conditions=moduleFunctionName='Table Setup' or moduleFunctionName='Service Tickets'");
        var items = (JsonArray)await psa.GetAsync("/system/mySecurity/customizeItems");

        Assert.Equal(["None/All/None/All", "All/All/All/All"], rows.Select(r => $"{r!["addLevel"]}/{r["editLevel"]}/{r["deleteLevel"]}/{r["inquireLevel"]}"));
        Assert.Equal([false, true], rows.Select(r => (bool)r!["customFlag"]!));
        Assert.Equal(["General / Custom Fields", "General / Workflow Rules", "Service / Service Board"], items.Select(i => (string)i!["itemIdentifier"]!), StringComparer.Ordinal);
    }

    [Fact]
    public async Task ResourceScheduling_OfAnotherLocationOnly_RefusesAnOwner()
    {
        await psa.ControlAsync(HttpMethod.Put, "/rights", Manual);
        await psa.ControlAsync(HttpMethod.Put, "/rights", """{ "customized": { "Resource Scheduling": ["Columbus Office"] } }""");

        var (status, body) = await psa.CallAsync(HttpMethod.Patch, "/service/tickets/10006", """[{ "op": "replace", "path": "owner", "value": { "identifier": "jchen" } }]""");
        await psa.ControlAsync(HttpMethod.Put, "/rights", Manual);

        Assert.Equal(403, status);
        Assert.Contains("Tampa Office", (string)body!["errors"]![0]!["message"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LevelMy_ShowsAndTakesOnlyTheCallersOwn()
    {
        await psa.ControlAsync(HttpMethod.Put, "/rights", """{ "others": "All/All/All/All", "customized": { "Table Setup": null } }""");
        var mine = await psa.NewTicketAsync("Mine");
        await psa.ControlAsync(HttpMethod.Put, "/rights", """{ "cells": { "Service Tickets": "All/My/My/My" } }""");

        var seen = (JsonArray)await psa.GetAsync("/service/tickets?pageSize=1000");
        var (others, _) = await psa.CallAsync(HttpMethod.Get, "/service/tickets/10001");
        var (notes, _) = await psa.CallAsync(HttpMethod.Post, "/service/tickets/10001/notes", """{ "text": "x" }""");
        var (own, _) = await psa.CallAsync(HttpMethod.Post, $"/service/tickets/{mine}/notes", """{ "text": "x" }""");
        await psa.ControlAsync(HttpMethod.Put, "/rights", Manual);

        Assert.Contains(mine, seen.Select(t => (int)t!["id"]!));
        Assert.DoesNotContain(10001, seen.Select(t => (int)t!["id"]!));
        Assert.Equal((403, 403, 201), (others, notes, own));
    }

    [Theory]
    [InlineData("""{ "cells": { "Ticket Service": "All/All/All/All" } }""", "Ticket Service")]
    [InlineData("""{ "cells": { "Service Tickets": "All" } }""", "None/All/None/All")]
    [InlineData("""{ "role": "Nobody" }""", "Nobody")]
    public async Task Rights_ThatCannotBeRead_SayWhy(string body, string expected)
    {
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => psa.ControlAsync(HttpMethod.Put, "/rights", body));

        Assert.Contains(expected, refused.Message, StringComparison.Ordinal);
    }
}
