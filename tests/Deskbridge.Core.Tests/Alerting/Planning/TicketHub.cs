using Deskbridge.Core.Alerting;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Deskbridge.Core.Sync;
using Deskbridge.Core.Tests.Connections;
using Deskbridge.Testing;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Tests.Alerting.Planning;

/// <summary>A hub that is installed on a fake PSA, with Mia, who is a member there; its parts run when a test says so.</summary>
internal sealed class TicketHub : IAsyncDisposable
{
    private TicketHub(ConnectionsHub hub, Guid connectionId) => (Hub, ConnectionId) = (hub, connectionId);

    public ConnectionsHub Hub { get; }

    public Guid ConnectionId { get; }

    public Person Mia { get; } = Build.Person("Mia Chen", email: "mia.chen@example.test");

    public FakePsa Psa => Hub.Psa;

    public static async Task<TicketHub> InstalledAsync(Action<FakePsa>? prepare = null)
    {
        var hub = await ConnectionsHub.CreateAsync();
        prepare?.Invoke(hub.Psa);
        var tickets = new TicketHub(hub, await hub.InstallAsync());
        await hub.Store.AddAsync(tickets.Mia);
        tickets.Pass(TimeSpan.FromSeconds(30));
        return tickets;
    }

    /// <summary>A ticket with an alert, marked.</summary>
    public async Task<Alert> RaisedAsync()
    {
        var ticket = Psa.Add();
        await PollAsync();
        await WorkAsync();
        await SendAsync();
        Pass(TimeSpan.FromSeconds(10));
        return await AlertOfAsync(ticket.Id);
    }

    public void Pass(TimeSpan span) => Hub.Store.Time.Advance(span);

    public Task PollAsync() => Hub.Store.Get<TicketPoller>().PollAsync(ConnectionId, default);

    public async Task WorkAsync()
    {
        while (await Hub.Store.Get<TicketWorker>().RunOnceAsync(default) > 0)
        {
        }
    }

    public async Task SendAsync()
    {
        while (await Hub.Store.Get<EffectSender>().RunOnceAsync(default) > 0)
        {
        }
    }

    public Task<Alert> AlertOfAsync(string ticketId) => ReadAsync(db =>
        (from link in db.Links
         join alert in db.Alerts on new { LinkId = (Guid?)link.Id, link.Generation } equals new { alert.LinkId, alert.Generation }
         where link.RemoteId == ticketId
         select alert).SingleAsync());

    public Task<T> ReadAsync<T>(Func<HubDb, Task<T>> read) => Hub.Store.ReadAsync(read);

    public T Get<T>()
        where T : notnull => Hub.Store.Get<T>();

    public ValueTask DisposeAsync() => Hub.DisposeAsync();
}
