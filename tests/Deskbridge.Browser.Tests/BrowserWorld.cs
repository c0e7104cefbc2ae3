using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Deskbridge.Access;
using Deskbridge.Connectors;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Escalation;
using Deskbridge.Core.Alerting.Intake;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Alerting.Schedules;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Common;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Connections.Rights;
using Deskbridge.Core.Connections.Rules;
using Deskbridge.Core.Connections.Runs;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Operations;
using Deskbridge.Core.Sync;
using Deskbridge.Sandbox;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using NodaTime;
using Xunit;

[assembly: AssemblyFixture(typeof(Deskbridge.Browser.Tests.BrowserWorld))]

namespace Deskbridge.Browser.Tests;

/// <summary>A real hub on a free port, connected to the fake PSA, with people, teams, alerts and history; and one browser for all tests.</summary>
public sealed class BrowserWorld : IAsyncLifetime
{
    /// <summary>The tests share one hub and two cores: side by side they would only wait for each other.</summary>
    public const string OneAtATime = "one at a time";

    private const string Password = "correct horse battery";

    /// <summary>Milliseconds; longer than a machine with other work may need for a page.</summary>
    private const float Patience = 60_000;

    private readonly DirectoryInfo _folder = System.IO.Directory.CreateTempSubdirectory("deskbridge-browser-");
    private readonly Dictionary<string, string> _signedIn = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IPage> _kept = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _raising = new(1, 1);
    private SandboxServer? _sandbox;
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private Hub? _hub;

    public FakePsa Psa { get; } = new(TimeProvider.System);

    internal Person Dana { get; private set; } = null!;

    internal Guid ConnectionId { get; private set; }

    internal Uri Address => _hub!.Address;

    internal T Get<T>()
        where T : notnull => _hub!.Services.GetRequiredService<T>();

    public async ValueTask InitializeAsync()
    {
        _hub = await Hub.StartAsync(
            new HubOptions { Data = Path.Combine(_folder.FullName, "data"), Port = 0, Services = services => services.AddSingleton<IConnectorType>(Psa) }, default);
        await SeedAsync();
        await ConnectPsaAsync();
        await ConnectAutotaskAsync();
        await Get<TableSizes>().CountAsync(default);
        _playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout(Patience);
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium(),
            Args = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        foreach (var email in new[] { "dana.reyes@example.test", "vic.olsen@example.test" }) _signedIn[email] = await SignInAsync(email);
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        if (_hub is not null) await _hub.DisposeAsync();
        if (_sandbox is not null) await _sandbox.DisposeAsync();
        _raising.Dispose();
        _folder.Delete(recursive: true);
    }

    /// <summary>A page in a context of its own, signed in; as a stranger when the person is empty.</summary>
    internal async Task<IPage> OpenAsync(Device device, string path, string person = "dana.reyes", bool script = true)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = Address.ToString(),
            ViewportSize = device.Size,
            HasTouch = device.Touch,
            IsMobile = device.Touch,
            JavaScriptEnabled = script,
            ColorScheme = ColorScheme.Light,
            ReducedMotion = ReducedMotion.Reduce,
            StorageState = person.Length == 0 ? null : _signedIn[person + "@example.test"],
        });
        context.SetDefaultTimeout(Patience);
        var page = await context.NewPageAsync();
        await page.GotoAsync(Fill(path));
        return page;
    }

    /// <summary>The administrator's page on a device, kept from test to test, at another path and in light colours.</summary>
    internal async Task<IPage> KeptAsync(Device device, string path)
    {
        if (!_kept.TryGetValue(device.Name, out var page)) return _kept[device.Name] = await OpenAsync(device, path);
        await page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
        await page.GotoAsync(Fill(path));
        return page;
    }

    /// <summary>A path with {alert}, {taken}, {connection}, {draft}, {adopts}, {run}, {team}, {chained}, {field}, {mailed}, {person}, {event}, {psa}, {raises}, {writes}, {autotask} and {queued} (its alert) filled in.</summary>
    internal string Fill(string path) => _places.Aggregate(path, (filled, place) => filled.Replace("{" + place.Key + "}", place.Value, StringComparison.Ordinal));

    /// <summary>A technician makes a ticket, and the hub raises its alert.</summary>
    internal async Task<Guid> RaiseAsync(string title)
    {
        await _raising.WaitAsync();
        try
        {
            var ticket = Psa.Add(title);
            await Get<TicketPoller>().PollAsync(ConnectionId, default);
            return await UntilAsync(async () => (await AlertOfAsync(ticket.Id))?.Id);
        }
        finally
        {
            _raising.Release();
        }
    }

    internal Task<Alert> AlertAsync(Guid id) => Get<HubStore>().ReadAsync(db => db.Alerts.SingleAsync(alert => alert.Id == id), default);

    private Task<Alert?> AlertOfAsync(string ticket) => Get<HubStore>().ReadAsync(
        db => (from alert in db.Alerts join link in db.Links on alert.LinkId equals link.Id where link.RemoteId == ticket select alert).FirstOrDefaultAsync(), default);

    private static async Task<T> UntilAsync<T>(Func<Task<T?>> look)
        where T : struct
    {
        for (var tries = 0; tries < 200; tries++)
        {
            if (await look() is { } found) return found;
            await Task.Delay(50);
        }

        throw new TimeoutException("The hub did not come to it within 10 seconds.");
    }

    private static string Chromium()
    {
        string?[] known = [Environment.GetEnvironmentVariable("CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
        return known.FirstOrDefault(File.Exists) ?? throw new FileNotFoundException("No Chromium was found. Install it (apt-get install chromium) or name it in the variable CHROMIUM.");
    }

    private async Task<string> SignInAsync(string email)
    {
        var context = await _browser!.NewContextAsync(new BrowserNewContextOptions { BaseURL = Address.ToString() });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/sign-in");
        await page.GetByLabel("Email").FillAsync(email);
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.WaitForURLAsync("**/alerts");
        var state = await context.StorageStateAsync();
        await context.DisposeAsync();
        return state;
    }

    private async Task SeedAsync()
    {
        Dana = Value(await Get<CreateFirstAdministrator>().RunAsync(new PersonDraft("Dana Reyes", "dana.reyes@example.test", PersonRole.Admin, "Europe/Berlin"), default));
        var mia = Value(await Get<CreatePerson>().RunAsync(new PersonDraft("Mia Chen", "mia.chen@example.test", PersonRole.Responder), Dana, default));
        var vic = Value(await Get<CreatePerson>().RunAsync(new PersonDraft("Vic Olsen", "vic.olsen@example.test", PersonRole.Viewer), Dana, default));
        await using (var scope = _hub!.Services.CreateAsyncScope())
        {
            var accounts = scope.ServiceProvider.GetRequiredService<Accounts>();
            foreach (var person in new[] { Dana, vic }) Assert.Null(await accounts.SetPasswordAsync(person.Id, Password));
        }

        var desk = Value(await Get<CreateTeam>().RunAsync(new TeamDraft("Service Desk", "First line, day and night"), Dana, default));
        var network = Value(await Get<CreateTeam>().RunAsync(new TeamDraft("Network", "Switches, lines, firewalls", 10, 6), Dana, default));
        Assert.Null(await Get<SetTeamMembers>().RunAsync(desk.Id, [Dana.Id, mia.Id], Dana, default));
        Assert.Null(await Get<SetTeamMembers>().RunAsync(network.Id, [mia.Id], Dana, default));
        Value(await Get<CreateChannel>().RunAsync(Dana.Id, ChannelKind.Ntfy, new ChannelDraft("Phone", "http://127.0.0.1:9/dana"), Dana, default));
        Value(await Get<CreateChannel>().RunAsync(Dana.Id, ChannelKind.Webhook, new ChannelDraft("Chat room", "http://127.0.0.1:9/hook"), Dana, default));
        Value(await Get<CreateChannel>().RunAsync(Dana.Id, ChannelKind.Teams, new ChannelDraft("On call (Teams)", "http://127.0.0.1:9/workflows/w/triggers/manual/paths/invoke?sig=x", Enabled: false), Dana, default));
        Value(await Get<CreateChannel>().RunAsync(Dana.Id, ChannelKind.Slack, new ChannelDraft("#oncall (Slack)", "http://127.0.0.1:9/services/T0/B0/x", Enabled: false), Dana, default));
        Value(await Get<PunchIn>().RunAsync(desk.Id, Dana.Id, Dana, default));
        Value(await Get<SetEscalation>().RunAsync(
            network.Id, [ChainStep.Of(StepAudience.Duty), ChainStep.Of(StepAudience.Everybody, 10), new ChainStep(15, StepAudience.People, [Dana.Id], null), new ChainStep(5, StepAudience.Team, [], desk.Id)], null, Dana, default));
        _places["chained"] = network.Id.ToString();
        var field = Value(await Get<CreateTeam>().RunAsync(new TeamDraft("Field service"), Dana, default));
        Assert.Null(await Get<SetTeamMembers>().RunAsync(field.Id, [Dana.Id, mia.Id], Dana, default));
        var weekdays = new DutyLayer(
            "Office hours", [Dana.Id, mia.Id, vic.Id], 1, ShiftUnit.Days, new LocalDate(2026, 1, 5), new LocalTime(8, 0), "Europe/Berlin",
            [IsoDayOfWeek.Monday, IsoDayOfWeek.Tuesday, IsoDayOfWeek.Wednesday, IsoDayOfWeek.Thursday, IsoDayOfWeek.Friday], new LocalTime(7, 0), new LocalTime(23, 0));
        var standsIn = new DutyOverride(Guid.CreateVersion7(), mia.Id, Dana.Id, new LocalDateTime(2026, 1, 1, 0, 0), new LocalDateTime(2190, 1, 1, 0, 0), "Europe/Berlin");
        Value(await Get<SetSchedule>().RunAsync(field.Id, new DutySchedule([weekdays], [standsIn with { InsteadOf = vic.Id }]), null, Dana, default));
        _places["field"] = field.Id.ToString();
        Value(await Get<SetIntake>().RunAsync(network.Id, new IntakeDraft { MailgunKey = "key" }, Dana, default));
        _places["mailed"] = Value(await Get<TestIntake>().RunAsync(network.Id, Dana, default)).AlertId.ToString()!;
        await ConnectAsync(desk.Id);
        _places["person"] = mia.Id.ToString();
        _places["team"] = desk.Id.ToString();

        _places["alert"] = (await RaiseAsync("Mail server of Fabrikam does not answer: nobody can send or receive since 07:40")).ToString();
        _places["ticket"] = (await Get<AlertQueries>().GetAsync(Guid.Parse(_places["alert"]), default))!.Alert.TicketNumber!;
        await RaiseAsync("VPN drops every ten minutes");
        var taken = await RaiseAsync("Backup of FILE-02 failed three nights in a row");
        Value(await Get<AcknowledgeAlert>().RunAsync(taken, Dana, default));
        var note = Value(await Get<AddAlertNote>().RunAsync(taken, Dana, "Repository was full.\nDeleting old restore points.", null, default));
        Value(await Get<EditAlertNote>().RunAsync(taken, note.Id, note.Version, "Repository was full.\nOld restore points are deleted, 40 GB are free.", Dana, default));
        _places["note"] = note.Id.ToString();
        Value(await Get<AddAlertFile>().RunAsync(taken, "restore points before.png", [1, 2, 3], Dana, null, default));
        _places["taken"] = taken.ToString();
        await RefuseAsync(taken);
        _places["event"] = (await UntilAsync(() => Get<HubStore>().ReadAsync(
            async db => (await db.ConnectionEvents.OrderByDescending(entry => entry.Trace != null).FirstOrDefaultAsync())?.Id, default))).ToString();
    }

    /// <summary>A note that the ticket system refuses, and a status that a technician changed at the same time.</summary>
    private async Task RefuseAsync(Guid alertId)
    {
        Psa.FailBefore = operation => operation == "add-note" ? new Connectors.ConnectorRejectedException("The board of this ticket is closed for notes. Ask the service manager to open it.") : null;
        Value(await Get<AddAlertNote>().RunAsync(alertId, Dana, "Restore points are deleted.", null, default));
        var linkId = await UntilAsync(() => Get<HubStore>().ReadAsync(
            async db => (await db.Effects.FirstOrDefaultAsync(effect => effect.AlertId == alertId && effect.State == EffectState.Rejected))?.LinkId, default));
        Psa.FailBefore = null;
        var conflict = new Conflict { Id = Guid.CreateVersion7(), LinkId = linkId, Field = "status", BaseValue = "New", HubValue = "Assigned", RemoteValue = "Waiting on client", Decision = "The technician's value stays; only the marker was written.", At = TimeProvider.System.GetUtcNow() };
        await Get<HubStore>().WriteAsync(db => Task.FromResult(db.Conflicts.Add(conflict)), default);
    }

    private async Task ConnectAsync(Guid teamId)
    {
        var create = Get<CreateConnection>();
        var saved = await create.RunAsync("fake-psa", Draft("Northbridge", teamId), Dana, default);
        ConnectionId = saved.Id ?? throw new InvalidOperationException(saved.Failure?.Message);
        _places["connection"] = ConnectionId.ToString();
        _places["draft"] = (await create.RunAsync("fake-psa", Draft("Second office", teamId), Dana, default)).Id.ToString()!;
        var runs = Get<ConnectionRuns>();
        foreach (var kind in new[] { ConnectionRunKind.Test, ConnectionRunKind.Install })
        {
            var started = await runs.StartAsync(ConnectionId, kind, Dana, new RunRequest(), default);
            await runs.WaitAsync(started.RunId!.Value, default);
            _places[kind == ConnectionRunKind.Test ? "test" : "run"] = started.RunId.Value.ToString();
        }

        var dry = await runs.StartAsync(Guid.Parse(_places["draft"]), ConnectionRunKind.DryRun, Dana, new RunRequest(), default);
        await runs.WaitAsync(dry.RunId!.Value, default);
        _places["adopts"] = dry.RunId.Value.ToString();
        await Get<HubStore>().WriteAsync(
            async db =>
            {
                var health = await db.ConnectionHealth.SingleAsync(row => row.ConnectionId == ConnectionId);
                (health.MarkersMovedAt, health.MarkersMoved) = (TimeProvider.System.GetUtcNow(), "Ticket 7: its marker went from empty to \"Acknowledged\", while the alert is open. It was changed last by signl4.");
                (health.Untold, health.CallbacksSilentSince) = (4, TimeProvider.System.GetUtcNow());
            },
            default);
        Psa.LackingRights["Resource Scheduling Add"] = true;
        Psa.LackingRights["Table Setup Add"] = true;
        Psa.LackingRights["Reports Inquire"] = true;
        Assert.Null(await Get<RightsBook>().CheckAsync(ConnectionId, goOn: false, default));
        var run = await runs.FindAsync(Guid.Parse(_places["run"]), default);
        Assert.True(run!.Run.State == RunState.Succeeded, run.Run.Summary + string.Join('\n', run.Items.Select(item => item.Message)));
    }

    /// <summary>The simulated ConnectWise, for the pages about rules. Its connection is paused once it is installed, so that nothing moves.</summary>
    private async Task ConnectPsaAsync()
    {
        _sandbox = await SandboxServer.StartAsync(new SandboxOptions { DataFolder = Path.Combine(_folder.FullName, "sandbox") }, TimeProvider.System, default);
        var keys = _sandbox.ConnectWise;
        var settings = new JsonObject
        {
            ["instanceUri"] = _sandbox.HttpUrl.ToString(),
            ["companyId"] = keys.CompanyId,
            ["memberId"] = keys.MemberId,
            ["publicKey"] = keys.PublicKey,
            ["privateKey"] = keys.PrivateKey,
            ["clientId"] = keys.ClientId,
        };
        var saved = await Get<CreateConnection>().RunAsync("connectwise-psa", new ConnectionDraft { Name = "Simulated PSA", Settings = settings }, Dana, default);
        var psa = saved.Id ?? throw new InvalidOperationException(saved.Failure?.Message);
        var started = await Get<ConnectionRuns>().StartAsync(psa, ConnectionRunKind.Install, Dana, new RunRequest(), default);
        await Get<ConnectionRuns>().WaitAsync(started.RunId!.Value, default);
        Assert.Null(await Get<SetConnectionState>().PauseAsync(psa, Dana, default));
        _places["psa"] = psa.ToString();
        var events = Value(await Get<OpenRules>().RunAsync(psa, default)).Desk.Rules.SelectMany(rule => rule.Events).ToList();
        _places["raises"] = events.Single(one => one.Purpose == RuleEventPurpose.Raises).Id;
        _places["writes"] = events.Single(one => one.Purpose == RuleEventPurpose.OnAcknowledge).Id;
    }

    /// <summary>The simulated Autotask with one alert. Paused as well once that is there.</summary>
    private async Task ConnectAutotaskAsync()
    {
        var keys = _sandbox!.Autotask;
        var settings = new JsonObject { ["userName"] = keys.UserName, ["secret"] = keys.Secret, ["integrationCode"] = keys.IntegrationCode, ["address"] = _sandbox.HttpUrl.ToString() };
        var saved = await Get<CreateConnection>().RunAsync("autotask", new ConnectionDraft { Name = "Simulated Autotask", Settings = settings }, Dana, default);
        var autotask = saved.Id ?? throw new InvalidOperationException(saved.Failure?.Message);
        _places["autotask"] = autotask.ToString();
        var started = await Get<ConnectionRuns>().StartAsync(autotask, ConnectionRunKind.Install, Dana, new RunRequest(), default);
        await Get<ConnectionRuns>().WaitAsync(started.RunId!.Value, default);
        var ticket = await PostAutotaskTicketAsync();
        await Get<TicketPoller>().PollAsync(autotask, default);
        _places["queued"] = (await UntilAsync(async () => (await AlertOfAsync(ticket))?.Id)).ToString();
        Assert.Null(await Get<SetConnectionState>().PauseAsync(autotask, Dana, default));
    }

    /// <summary>A technician enters a ticket. Answers its id.</summary>
    private async Task<string> PostAutotaskTicketAsync()
    {
        var keys = _sandbox!.Autotask;
        using var technician = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(_sandbox.HttpUrl, "/ATServicesRest/V1.0/") };
        foreach (var (name, value) in new[] { ("ApiIntegrationCode", keys.IntegrationCode), ("UserName", keys.UserName), ("Secret", keys.Secret) }) technician.DefaultRequestHeaders.Add(name, value);
        var fields = (await technician.GetFromJsonAsync<JsonNode>("Tickets/entityInformation/fields"))!["fields"]!.AsArray();
        int First(string list) => int.Parse(fields.Single(field => field!["name"]!.ToString() == list)!["picklistValues"]![0]!["value"]!.ToString(), CultureInfo.InvariantCulture);
        var companies = await technician.PostAsJsonAsync("Companies/query", new { filter = new[] { new { op = "gt", field = "id", value = 0 } } });
        var company = (await companies.Content.ReadFromJsonAsync<JsonNode>())!["items"]![0]!["id"]!.GetValue<int>();
        var posted = await technician.PostAsJsonAsync("Tickets", new { title = "Tunnel to the branch office is down", companyID = company, status = 1, priority = First("priority"), queueID = First("queueID"), dueDateTime = "2030-01-01T08:00:00Z" });
        return (await posted.Content.ReadFromJsonAsync<JsonNode>())!["itemId"]!.ToString();
    }

    private static ConnectionDraft Draft(string name, Guid teamId) => new()
    {
        Name = name,
        Description = "Tickets of the service board",
        TeamId = teamId,
        Form = new Dictionary<string, string[]>(StringComparer.Ordinal)
        {
            ["Url"] = ["https://psa.example.test"],
            ["ApiKey"] = ["secret"],
            ["Flows"] = [.. Enum.GetNames<StatusFlows>().Where(flow => flow is not ("None" or "All"))],
            ["NoteFlags"] = ["Internal"],
            ["OwnerAssignment"] = ["OnAcknowledge"],
            ["Hours"] = ["360"],
        },
    };

    private static T Value<T>(Result<T> result)
    {
        Assert.True(result.Failure is null, result.Failure?.Message);
        return result.Value;
    }
}

/// <summary>What the pages are looked at with.</summary>
internal sealed record Device(string Name, ViewportSize Size, bool Touch)
{
    public static Device Phone { get; } = new("phone", new ViewportSize { Width = 360, Height = 740 }, true);

    public static Device Desk { get; } = new("desk", new ViewportSize { Width = 1440, Height = 900 }, false);

    public static Device Of(string name) => name == Phone.Name ? Phone : Desk;
}
