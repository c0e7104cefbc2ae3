using System.Text.Json.Nodes;
using Xunit;

namespace Deskbridge.Sandbox.Tests.ConnectWisePsa;

public sealed class DurabilityTests
{
    [Fact]
    public async Task Restart_KeepsRecordsKeysAndSwitches()
    {
        await using var psa = new PsaSandbox();
        await psa.InitializeAsync();
        var id = await psa.NewTicketAsync("kept");
        await psa.ControlAsync(HttpMethod.Put, "/switches", """{ "version": "2025.8" }""");
        var before = await psa.GetAsync($"/service/tickets/{id}");
        var keys = psa.Server.ConnectWise;

        await psa.Server.DisposeAsync();
        await psa.StartAsync();

        Assert.Equal(WithoutLinks(before), WithoutLinks(await psa.GetAsync($"/service/tickets/{id}")));
        Assert.Equal(keys.PrivateKey, psa.Server.ConnectWise.PrivateKey);
        Assert.Equal("v2025.8.118731", (string?)(await psa.GetAsync("/system/info"))["version"]);
        Assert.Equal(id + 1, await psa.NewTicketAsync());
    }

    /// <summary>What an earlier version wrote knows neither the functions nor the tables that have come since.</summary>
    [Fact]
    public async Task FolderOfAnEarlierVersion_GetsWhatIsNew_AndKeepsWhatWasChanged()
    {
        await using var psa = new PsaSandbox();
        await psa.InitializeAsync();
        await psa.ControlAsync(HttpMethod.Put, "/rights", """{ "cells": { "Service Tickets": "None/All/None/All" } }""");
        var cells = (await psa.ControlAsync(HttpMethod.Get, "/rights"))["cells"]!.AsObject();
        await psa.Server.DisposeAsync();
        var journal = Directory.EnumerateFiles(psa.Folder, "sandbox.jsonl").Single();
        var lines = await File.ReadAllLinesAsync(journal);
        var older = lines.Where(line => !line.Contains("\"moduleFunctionName\":\"Expense Entry\"", StringComparison.Ordinal) && !line.Contains("\"table\":\"workflowNotifyTypes\"", StringComparison.Ordinal)).ToList();
        Assert.True(older.Count < lines.Length);
        await File.WriteAllLinesAsync(journal, older);

        await psa.StartAsync();

        Assert.Equal(200, (await psa.CallAsync(HttpMethod.Get, "/expense/entries")).Status);
        Assert.NotEmpty((await psa.GetAsync("/system/workflows/notifyTypes")).AsArray());
        var now = (await psa.ControlAsync(HttpMethod.Get, "/rights"))["cells"]!.AsObject();
        Assert.Equal("None/All/None/All", (string?)now["Service Tickets"]);
        Assert.Equal(cells.Select(cell => cell.Key).Order(StringComparer.Ordinal), now.Select(cell => cell.Key).Order(StringComparer.Ordinal));
        var written = (await File.ReadAllLinesAsync(journal)).Count(line => line.Contains("\"kind\":\"commit\"", StringComparison.Ordinal));
        await psa.Server.DisposeAsync();
        await psa.StartAsync();
        Assert.Equal(written, (await File.ReadAllLinesAsync(journal)).Count(line => line.Contains("\"kind\":\"commit\"", StringComparison.Ordinal))); // nothing is new any more
    }

    [Fact]
    public async Task Log_NumbersEveryLine_AndTellsRequestsFromCommits()
    {
        await using var psa = new PsaSandbox();
        await psa.InitializeAsync();
        var start = (long)(await psa.ControlAsync(HttpMethod.Get, "/log?limit=1"))["last"]!;

        var id = await psa.NewTicketAsync("logged");
        var lines = (JsonArray)(await psa.ControlAsync(HttpMethod.Get, $"/log?after={start}"))["items"]!;

        Assert.Equal(["commit", "request"], lines.Select(l => (string)l!["kind"]!), StringComparer.Ordinal);
        Assert.Equal([start + 1, start + 2], lines.Select(l => (long)l!["seq"]!));
        Assert.Equal(id, (int)lines[0]!["id"]!);
        Assert.Equal("logged", (string?)lines[0]!["record"]!["summary"]);
        Assert.Equal(201, (int)lines[1]!["status"]!);
        Assert.Contains("logged", (string)lines[1]!["body"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TornLastLine_IsDroppedAtStart()
    {
        var folder = Directory.CreateTempSubdirectory("journal-").FullName;
        var path = Path.Combine(folder, "log.jsonl");
        await File.WriteAllTextAsync(path, "{\"seq\":1,\"kind\":\"request\"}\n{\"seq\":2,\"kind\":\"comm");

        var seen = new List<long>();
        using (var journal = new Journal(path, line => seen.Add((long)line["seq"]!)))
        {
            journal.Append(TimeProvider.System.GetUtcNow(), [("setting", [])]);
            Assert.Equal(2, journal.Last);
        }

        Assert.Equal([1], seen);
        Assert.Equal(2, (await File.ReadAllLinesAsync(path)).Length);
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task TenThousandTickets_AreListedSortedAndPatched()
    {
        await using var psa = new PsaSandbox();
        await psa.InitializeAsync();
        await psa.ControlAsync(HttpMethod.Post, "/seed", """{ "count": 10000 }""");
        await psa.GetAsync("/service/tickets/count?conditions=closedFlag=false");

        var found = (JsonArray)await psa.GetAsync("/service/tickets?pageSize=100&orderBy=lastUpdated desc,id desc&conditions=status/name contains 'new' and lastUpdated>=[2020-01-01T00:00:00Z]");
        await psa.PatchAsync($"/service/tickets/{found[0]!["id"]}", """[{ "op": "replace", "path": "impact", "value": "High" }]""");

        Assert.Equal(100, found.Count);
        Assert.Equal("High", (await psa.GetAsync($"/service/tickets/{found[0]!["id"]}"))!["impact"]!.ToString());
    }

    private static string WithoutLinks(JsonNode node)
    {
        var text = node.ToJsonString();
        return System.Text.RegularExpressions.Regex.Replace(text, "http://127.0.0.1:[0-9]+", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
    }
}
