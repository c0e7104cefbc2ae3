using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Deskbridge.Tests.Stories;

/// <summary>What SIGNL4 left in a ConnectWise that it worked with: its fields, its three rules (one of them edited since), its callback.</summary>
internal sealed class EarlierSignl4(StoryWorld world)
{
    public const string EditedTrigger = "Signl4Retrieved_c is false and Ticket is in New (not responded) status and Priority is not Priority 4 - Scheduled Maintenance and Ticket Actual Age is less than 360 hours";
    private const string Window = "Ticket Actual Age is less than 360 hours";
    private const string ChangeStatus = "Change Ticket Status";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async Task SetUpAsync()
    {
        var pod = (await ListAsync("system/userDefinedFields?conditions=screenId=\"sr100\""))[0]!["podId"]!.GetValue<int>();
        foreach (var (caption, type) in new[] { ("Signl4Retrieved_c", "Checkbox"), ("Signl4Status_c", "Text"), ("Signl4User_c", "Text") })
            await PostAsync("system/userDefinedFields", new { podId = pod, caption, sequenceNumber = 90, fieldTypeIdentifier = type, entryTypeIdentifier = "EntryField", addAllLocations = true, addAllBusinessUnits = true });

        await RuleAsync("SIGNL4 - Trigger Signls", (EditedTrigger, null), ($"{Window} and Ticket is in New (not responded) status", null), ($"Signl4Retrieved_c is true and {Window}", null));
        await RuleAsync(
            "SIGNL4 - Update Signls",
            ($"Ticket is in Closed (resolved) status and {Window} and Signl4Retrieved_c is true and Signl4Status_c does not contain Resolved", null),
            ($"Ticket is in In Progress (plan of action) status and {Window} and Signl4Retrieved_c is true and Signl4Status_c does not contain Acknowledged", null));
        await RuleAsync("SIGNL4 - Update CW Tickets", ("Signl4Status_c contains Acknowledged", "In Progress (plan of action)"), ("Signl4Status_c contains Resolved", "Closed (resolved)"));
        await PostAsync("system/callbacks", new { description = "SIGNL4", url = "https://connect.signl4.test/hook?team=secret&recordId=", objectId = 1, type = "ticket", level = "owner" });
    }

    /// <summary>It takes a ticket over, or says what became of it.</summary>
    public async Task MarkAsync(int ticket, string? word)
    {
        var fields = (await world.TicketAsync(ticket))["customFields"]!.AsArray();
        Of("Signl4Retrieved_c")["value"] = true;
        Of("Signl4Status_c")["value"] = word;
        var answer = await world.Psa.PatchAsJsonAsync($"service/tickets/{ticket}", new[] { new { op = "replace", path = "customFields", value = fields } }, Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));

        JsonNode Of(string caption) => fields.Single(field => field!["caption"]!.GetValue<string>() == caption)!;
    }

    /// <summary>Everything of it as ConnectWise shows it, to be compared.</summary>
    public async Task<string> ShowAsync()
    {
        var shown = new JsonArray();
        foreach (var field in await ListAsync("system/userDefinedFields?conditions=caption like \"Signl4*\"&orderBy=id")) shown.Add(field!.DeepClone());
        foreach (var rule in await ListAsync("system/workflows?conditions=name like \"SIGNL4*\"&orderBy=id"))
        {
            shown.Add(rule!.DeepClone());
            foreach (var one in await ListAsync($"system/workflows/{rule["id"]}/events?orderBy=id"))
            {
                shown.Add(one!.DeepClone());
                foreach (var action in await ListAsync($"system/workflows/{rule["id"]}/events/{one["id"]}/actions")) shown.Add(action!.DeepClone());
            }
        }

        foreach (var callback in await ListAsync("system/callbacks?conditions=url contains \"signl4\"")) shown.Add(callback!["url"]!.DeepClone());
        return shown.ToJsonString();
    }

    private async Task RuleAsync(string name, params (string Condition, string? Status)[] events)
    {
        var table = (await ListAsync("system/workflows/tableTypes")).First(table => table!["name"]!.GetValue<string>().Contains("Service Ticket", StringComparison.Ordinal))!["id"]!.GetValue<int>();
        var rule = await PostAsync("system/workflows", new { name, tableType = new { id = table }, activateFlag = false });
        foreach (var (condition, status) in events)
        {
            var one = await PostAsync($"system/workflows/{rule}/events", new { eventCondition = condition, executionTime = "Once" });
            if (status is null) continue;
            var type = (await ListAsync($"system/workflows/{rule}/notifyTypes")).Single(type => type!["name"]!.GetValue<string>() == ChangeStatus)!["id"]!.GetValue<int>();
            var board = (await world.PlaceAsync()).Board;
            var target = (await ListAsync($"service/boards/{board}/statuses")).Single(other => other!["name"]!.GetValue<string>() == status)!["id"]!.GetValue<int>();
            await PostAsync($"system/workflows/{rule}/events/{one}/actions", new { notifyType = new { id = type }, boardStatus = new { id = target } });
        }
    }

    private async Task<JsonArray> ListAsync(string path) => (await world.Psa.GetFromJsonAsync<JsonArray>(path, Cancel))!;

    private async Task<int> PostAsync(string path, object body)
    {
        var answer = await world.Psa.PostAsJsonAsync(path, body, Cancel);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, await answer.Content.ReadAsStringAsync(Cancel));
        return (await answer.Content.ReadFromJsonAsync<JsonNode>(Cancel))!["id"]!.GetValue<int>();
    }
}
