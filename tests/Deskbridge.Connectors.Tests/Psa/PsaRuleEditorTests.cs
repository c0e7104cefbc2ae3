using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Deskbridge.Connectors.Tests.Psa;

/// <summary>Editing workflow rules, against the simulator.</summary>
public sealed class PsaRuleEditorTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Write_AnEvent_IsReadBackWithAnotherVersion_AndOtherEventsStay()
    {
        await using var remote = await SandboxPsa.StartAsync();
        using var connector = await InstalledAsync(remote);
        var editor = (IWritesRules)connector;
        var before = await editor.ReadForEditingAsync(Cancel);
        var raise = Find(before, RuleEventPurpose.Raises);
        var condition = raise.Condition.Replace("360", "48", StringComparison.Ordinal);

        await editor.WriteRuleEventAsync(new(raise.RuleId, raise.Id, raise.Version, condition, raise.Actions), Cancel);

        var after = await editor.ReadForEditingAsync(Cancel);
        var written = Find(after, RuleEventPurpose.Raises);
        Assert.Equal(condition, written.Condition);
        Assert.NotEqual(raise.Version, written.Version);
        Assert.Equal(TimeSpan.FromHours(48), after.Book.AgeWindow);
        Assert.Equal(Versions(before).Where(one => one.Id != raise.Id), Versions(after).Where(one => one.Id != raise.Id));
    }

    [Fact]
    public async Task Write_AfterSomebodyElse_WritesNothing()
    {
        await using var remote = await SandboxPsa.StartAsync();
        using var connector = await InstalledAsync(remote);
        var editor = (IWritesRules)connector;
        var opened = await editor.ReadForEditingAsync(Cancel);
        var (raise, acknowledge) = (Find(opened, RuleEventPurpose.Raises), Find(opened, RuleEventPurpose.OnAcknowledge));
        using var theirs = await remote.Technician.PatchAsJsonAsync(
            $"system/workflows/{raise.RuleId}/events/{raise.Id}", new[] { new { op = "replace", path = "eventCondition", value = $"{raise.Condition} and Ticket is not closed" } }, Cancel);
        theirs.EnsureSuccessStatusCode();
        using var removed = await remote.Technician.DeleteAsync($"system/workflows/{acknowledge.RuleId}/events/{acknowledge.Id}/actions/{acknowledge.Actions[0].Id}", Cancel);
        removed.EnsureSuccessStatusCode();

        await Assert.ThrowsAsync<ConnectorConflictException>(() => editor.WriteRuleEventAsync(new(raise.RuleId, raise.Id, raise.Version, "Signl4Retrieved_c is false", []), Cancel));
        await Assert.ThrowsAsync<ConnectorConflictException>(() => editor.WriteRuleEventAsync(new(acknowledge.RuleId, acknowledge.Id, acknowledge.Version, acknowledge.Condition, []), Cancel));

        Assert.EndsWith("and Ticket is not closed", Find(await editor.ReadForEditingAsync(Cancel), RuleEventPurpose.Raises).Condition, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("foo", "1", "is no kind of action. Use status, priority")]
    [InlineData("Status", "1", "is no kind of action. Use status, priority")]
    [InlineData("status", "twenty", "is not an id of ConnectWise PSA")]
    public async Task Write_OfAnActionThatCannotBe_WritesNothing(string kind, string value, string why)
    {
        await using var remote = await SandboxPsa.StartAsync();
        using var connector = await InstalledAsync(remote);
        var editor = (IWritesRules)connector;
        var close = Find(await editor.ReadForEditingAsync(Cancel), RuleEventPurpose.OnClose);

        var refused = await Assert.ThrowsAsync<ConnectorRejectedException>(() => editor.WriteRuleEventAsync(
            new(close.RuleId, close.Id, close.Version, close.Condition + " and Ticket is closed", [.. close.Actions, new(null, kind, kind, new(value, "x"))]), Cancel));

        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Equal(close.Version, Find(await editor.ReadForEditingAsync(Cancel), RuleEventPurpose.OnClose).Version);
    }

    [Fact]
    public async Task Write_WithoutTheRight_NamesTheCell()
    {
        await using var remote = await SandboxPsa.StartAsync();
        using var connector = await InstalledAsync(remote);
        var editor = (IWritesRules)connector;
        var raise = Find(await editor.ReadForEditingAsync(Cancel), RuleEventPurpose.Raises);
        await remote.ControlAsync(HttpMethod.Put, "switches", new { forbidden = new[] { "PATCH /system/workflows" } });

        var refused = await Assert.ThrowsAsync<ConnectorRejectedException>(() =>
            editor.WriteRuleEventAsync(new(raise.RuleId, raise.Id, raise.Version, raise.Condition + " and Ticket is not closed", []), Cancel));

        Assert.Equal(RejectionKind.Permission, refused.Kind);
        Assert.Contains("System > Table Setup > Edit", refused.Message, StringComparison.Ordinal);
        Assert.Contains("General / Workflow Rules", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Templates_HoldThisInstancesNames_AndTheLockedClauses()
    {
        await using var remote = await SandboxPsa.StartAsync();
        using var connector = await InstalledAsync(remote);
        var editor = (IWritesRules)connector;
        var desk = await editor.ReadForEditingAsync(Cancel);

        var waiting = await TemplateAsync(editor, Find(desk, RuleEventPurpose.Raises), "waiting");
        var responded = await TemplateAsync(editor, Find(desk, RuleEventPurpose.Acknowledges), "responded");
        var progress = await TemplateAsync(editor, Find(desk, RuleEventPurpose.OnAcknowledge), "in-progress-normal");

        Assert.Equal(
            "Signl4Retrieved_c is false and Ticket is in New (not responded) status and Ticket is not currently assigned and Ticket Actual Age is more than 4 hours and Priority is Priority 1 - Emergency Response and Ticket Actual Age is less than 360 hours",
            waiting.Condition);
        Assert.StartsWith("Ticket is in In Progress (plan of action) status and Ticket has been assigned and Ticket has been responded to and ", responded.Condition, StringComparison.Ordinal);
        Assert.EndsWith("Signl4Retrieved_c is true and not Signl4Status_c contains Acknowledged", responded.Condition, StringComparison.Ordinal);
        Assert.Equal(["In Progress (plan of action)", "Priority 3 - Normal Response"], progress.Actions.Select(action => action.Value!.Name));
        foreach (var (one, template) in new[] { (Find(desk, RuleEventPurpose.Raises), waiting), (Find(desk, RuleEventPurpose.Acknowledges), responded) })
            Assert.Empty(editor.ReadCondition(one, template.Condition).Problems);
    }

    [Fact]
    public async Task Values_OfEveryListThatFieldsName_AreThere()
    {
        await using var remote = await SandboxPsa.StartAsync();
        using var connector = remote.Connect();
        var editor = (IWritesRules)connector;

        foreach (var list in editor.RuleFields.Select(field => field.Values).OfType<string>().Distinct(StringComparer.Ordinal))
            Assert.True((await editor.ReadRuleValuesAsync(list, Cancel)).Count > 0, list);
        var shared = (await editor.ReadRuleValuesAsync("status", Cancel)).Single(status => status.Name == "New (not responded)");
        Assert.Contains(",", shared.Where, StringComparison.Ordinal);
    }

    /// <summary>Fields of the instance's own are learned when the rules are opened: offered, read and put together again.</summary>
    [Fact]
    public async Task OwnFields_AreOfferedByTheirKind_AndReadInTheRules()
    {
        await using var remote = await SandboxPsa.StartAsync();
        using var connector = await InstalledAsync(remote);
        var editor = (IWritesRules)connector;
        foreach (var (caption, type) in new[] { ("Wake somebody", "Checkbox"), ("Seats", "Number"), ("Go Live", "Date"), ("Region", "Text"), ("Secret", "Password") }) await AddFieldAsync(remote, caption, type);
        await AddFieldAsync(remote, "Tier", "Text", "Gold", "Silver and bronze");
        var raise = Find(await editor.ReadForEditingAsync(Cancel), RuleEventPurpose.Raises);

        var tier = editor.RuleFields.Single(field => field.Name == "Tier (custom field)");
        Assert.Equal(["Gold", "Silver and bronze"], (await editor.ReadRuleValuesAsync(tier.Values!, Cancel)).Select(value => value.Name));
        Assert.Equal(["contains", "does not contain"], tier.Patterns.Where(pattern => pattern.Searches).Select(pattern => pattern.Name));
        Assert.Null(editor.RuleFields.Single(field => field.Name == "Region (custom field)").Values);
        var ways = editor.RuleFields.Where(field => field.Name.EndsWith("(custom field)", StringComparison.Ordinal)).ToDictionary(field => field.Name[..^" (custom field)".Length], field => string.Join(", ", field.Patterns.Select(pattern => pattern.Name)));
        Assert.Equal("is true, is false", ways["Wake somebody"]);
        Assert.Equal("is, is not, less than, at most, more than, at least, is set, is not set", ways["Seats"]);
        Assert.Equal("before, at or after, is set, is not set", ways["Go Live"]);
        Assert.Equal("is, is not, contains, does not contain", ways["Region"]);
        Assert.DoesNotContain("Secret", ways.Keys);
        Assert.DoesNotContain("Signl4Status_c", ways.Keys);

        var reading = editor.ReadCondition(raise, $"Wake somebody is true and Seats > 4 and (Go Live < [2026-12-24T08:00:00Z] or Region contains \"north and south\" or Seats = null) and {raise.Condition}");
        Assert.Empty(reading.Problems);
        Assert.Equal(reading.Condition, editor.ReadCondition(raise, Print(editor, reading.Tree!, top: true)).Condition);
        Assert.DoesNotContain(Clauses(reading.Tree!), clause => clause.Field is null && clause.Locked is null);

        await editor.WriteRuleEventAsync(new(raise.RuleId, raise.Id, raise.Version, $"Wake somebody is true and {raise.Condition}", raise.Actions), Cancel);
        var book = await ((IReadsRules)connector).ReadRulesAsync(Cancel);
        Assert.All(book.Inbound, inbound => Assert.Null(inbound.Unreadable));
        Assert.Equal(book.Body, editor.Imagine(book.Body, new(raise.RuleId, raise.Id, "", book.Inbound[0].Condition, [])).Body);
    }

    private static IEnumerable<ConditionNode> Clauses(ConditionNode node) => node.Join == "clause" ? [node] : node.Items.SelectMany(Clauses);

    private static async Task AddFieldAsync(SandboxPsa remote, string caption, string type, params string[] options)
    {
        var there = await remote.Technician.GetFromJsonAsync<JsonArray>("system/userDefinedFields?pageSize=100", Cancel);
        using var answer = await remote.Technician.PostAsJsonAsync("system/userDefinedFields", new
        {
            podId = there!.First(field => field!["screenId"]?.ToString() == "sr100")!["podId"]!.GetValue<int>(),
            caption,
            sequenceNumber = 9,
            fieldTypeIdentifier = type,
            entryTypeIdentifier = options.Length > 0 ? "List" : "EntryField",
            options = options.Select((option, at) => new { optionValue = option, sortOrder = at + 1, inactiveFlag = false, defaultFlag = false }),
            addAllLocations = true,
            addAllBusinessUnits = true,
        }, Cancel);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public void Clause_NotReadHere_MayStayWhereItIs_AndNoneIsAdded()
    {
        using var connector = SandboxPsa.Connect(new() { InstanceUri = "http://127.0.0.1:9", CompanyId = "x", PublicKey = "x", PrivateKey = "x", ClientId = "x" });
        var editor = (IWritesRules)connector;
        const string There = "Signl4Retrieved_c is false and Moon is full and Ticket Actual Age is less than 360 hours";
        var shown = new RuleEventState("1", "1", "", RuleEventPurpose.Raises, There, [], "", null, null);

        Assert.Empty(editor.ReadCondition(shown, There.Replace("360", "24", StringComparison.Ordinal)).Problems);
        Assert.Contains("is not known", Assert.Single(editor.ReadCondition(shown, There + " and Sun is down").Problems), StringComparison.Ordinal);
        Assert.Contains("\"Signl4Retrieved_c is false\" must stay", Assert.Single(editor.ReadCondition(shown, "Moon is full and Ticket Actual Age is less than 360 hours").Problems), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Priority is", "priority", "Its value is missing.")]
    [InlineData("Ticket is in status", "status", "Its value is missing.")]
    [InlineData("Summary contains", "summary", "Its value is missing.")]
    [InlineData("Ticket Actual Age is more than hours", "age", "Its value is missing.")]
    [InlineData("Sun is down", null, "ConnectWise has no such clause.")]
    public void Clause_ThatIsUnfinished_IsMarkedAndTheOthersStay(string unfinished, string? field, string problem)
    {
        using var connector = SandboxPsa.Connect(new() { InstanceUri = "http://127.0.0.1:9", CompanyId = "x", PublicKey = "x", PrivateKey = "x", ClientId = "x" });
        var editor = (IWritesRules)connector;
        const string There = "Signl4Retrieved_c is false and Ticket Actual Age is less than 360 hours";
        var shown = new RuleEventState("1", "1", "", RuleEventPurpose.Raises, There, [], "", null, null);

        var reading = editor.ReadCondition(shown, $"Signl4Retrieved_c is false and (Board is Helpdesk or {unfinished}) and Ticket Actual Age is less than 360 hours");

        Assert.Single(reading.Problems);
        var marked = Assert.Single(Clauses(reading.Tree!), clause => clause.Problem is not null);
        Assert.Equal((field, problem), (marked.Field, marked.Problem));
        Assert.Equal(["Signl4Retrieved_c is false", "Board is Helpdesk", unfinished, "Ticket Actual Age is less than 360 hours"], Clauses(reading.Tree!).Select(clause => clause.Text));
    }

    /// <summary>Every clause of a tree can be put together again from the field, the pattern and the value that it names.</summary>
    [Theory]
    [InlineData("Signl4Retrieved_c is false and (Board is Helpdesk or not (Ticket is closed and Priority is not Low)) and Ticket Actual Age is less than 12 hours")]
    [InlineData("Ticket is in New status or Summary contains \"and or\" or not Ticket Actual Age is more than 3 days")]
    public void Tree_OfACondition_SaysItAgain(string condition)
    {
        using var connector = SandboxPsa.Connect(new() { InstanceUri = "http://127.0.0.1:9", CompanyId = "x", PublicKey = "x", PrivateKey = "x", ClientId = "x" });
        var editor = (IWritesRules)connector;
        var shown = new RuleEventState("1", "1", "", RuleEventPurpose.Unreadable, "", [], "", null, null);

        var reading = editor.ReadCondition(shown, condition);

        Assert.Equal(reading.Condition, editor.ReadCondition(shown, Print(editor, reading.Tree!, top: true)).Condition);
    }

    private static string Print(IEditsRules editor, ConditionNode node, bool top = false)
    {
        var not = node.Not ? "not " : "";
        if (node.Join != "clause")
        {
            var inner = string.Join(node.Join == "all" ? " and " : " or ", node.Items.Select(item => Print(editor, item)));
            return top && !node.Not ? inner : $"{not}({inner})";
        }

        if (editor.RuleFields.FirstOrDefault(field => field.Key == node.Field) is not { } field) return not + node.Text;
        var pattern = field.Patterns[node.Pattern];
        var value = pattern.Takes switch { RuleValueKind.Text => $" \"{node.Value}\"", RuleValueKind.Date => $" [{node.Value}]", RuleValueKind.Nothing => "", _ => $" {node.Value}" };
        return $"{not}{pattern.Before}{value} {pattern.After}".TrimEnd();
    }

    private static async Task<IConnector> InstalledAsync(SandboxPsa remote)
    {
        using var first = remote.Connect();
        var installed = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var step in (await ((IProvisions)first).PlanAsync(Cancel)).Steps)
            installed[step.Role] = (await ((IProvisions)first).ApplyAsync(step, installed, Cancel)).RemoteId;
        return remote.Connect(installed);
    }

    private static RuleEventState Find(RuleDesk desk, RuleEventPurpose purpose) => desk.Rules.SelectMany(rule => rule.Events).Single(one => one.Purpose == purpose);

    private static IEnumerable<(string Id, string Version)> Versions(RuleDesk desk) => desk.Rules.SelectMany(rule => rule.Events).Select(one => (one.Id, one.Version));

    private static async Task<RuleTemplate> TemplateAsync(IEditsRules editor, RuleEventState one, string key)
    {
        var template = (await editor.FillTemplatesAsync(one, list => editor.ReadRuleValuesAsync(list, Cancel))).Single(template => template.Key == key);
        Assert.Empty(template.Missing);
        return template;
    }
}
