using Deskbridge.Sandbox.Autotask.Http;
using Deskbridge.Sandbox.Autotask.Records;
using Deskbridge.Sandbox.Autotask.Rules;
using Deskbridge.Sandbox.Autotask.Seed;
using Deskbridge.Sandbox.Autotask.Webhooks;
using Deskbridge.Sandbox.Faults;
using Microsoft.AspNetCore.Http;

namespace Deskbridge.Sandbox.Autotask;

/// <summary>The simulated Autotask: its records and log in a file of its own beside the other system's, its API, and what it tells others.</summary>
internal sealed class AutotaskSystem : IAsyncDisposable
{
    private readonly AutotaskServer _server;
    private readonly Outbox _outbox;

    public AutotaskSystem(SandboxOptions options, FaultBook faults, SandboxClock clock)
    {
        Clock = clock;
        Settings = new AutotaskSettings();
        Store = new Store(clock);
        Writer = new Writer(Store, Settings, options.AllowPlainHttpLoopbackCallbacks);
        var hooks = new HookState();
        Journal = new Journal(Path.Combine(options.DataFolder, "autotask.jsonl"), line =>
        {
            Store.Replay(line);
            Settings.Replay(line);
            hooks.Replay(line);
        });
        Store.Attach(Journal);
        if (options.Seed && Store.Rows(Schema.Entities.Picklists).Length == 0) Seeder.Fill(Writer);
        Credentials = AutotaskCredentials.EnsureIn(options.DataFolder);
        _outbox = new Outbox(clock);
        var webhooks = new WebhookSender(Store, Settings, hooks, _outbox, faults, Journal, clock);
        var callouts = new CalloutSender(Store, _outbox, Journal, clock);
        Store.Committed = (writes, by) =>
        {
            webhooks.Committed(writes, by);
            callouts.Committed(writes);
        };
        Views = new Views(Store, Settings);
        var limits = new Limits(clock, Settings);
        var router = new Router(new EntityApi(Store, Writer, Views, Settings), new Metadata(Store, Settings), limits);
        _server = new AutotaskServer(router, new SignIn(Credentials, Store, Settings), limits, Settings, Credentials, faults, Journal, clock);
    }

    public AutotaskCredentials Credentials { get; }

    public AutotaskSettings Settings { get; }

    public Store Store { get; }

    public Writer Writer { get; }

    public Views Views { get; }

    public Journal Journal { get; }

    public SandboxClock Clock { get; }

    public Task HandleAsync(HttpContext http) => _server.HandleAsync(http);

    public async ValueTask DisposeAsync()
    {
        await _outbox.DisposeAsync();
        Journal.Dispose();
    }
}
