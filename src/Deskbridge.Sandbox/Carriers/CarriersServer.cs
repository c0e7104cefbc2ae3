using System.Net;
using Deskbridge.Sandbox.Carriers.Mail;
using Deskbridge.Sandbox.Carriers.Ntfy;
using Deskbridge.Sandbox.Carriers.Push;
using Deskbridge.Sandbox.Carriers.Slack;
using Deskbridge.Sandbox.Carriers.Teams;
using Deskbridge.Sandbox.Carriers.Twilio;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Deskbridge.Sandbox.Carriers;

/// <summary>The carriers that alerts leave by, simulated on loopback: an ntfy server, a Teams workflow, a Slack webhook, Twilio and a web push service, and an SMTP sink, with a page and control endpoints on the ntfy port.</summary>
internal sealed class CarriersServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SmtpSink _smtp;
    private readonly CarrierLogs _logs;
    private readonly TwilioCarrier _twilio;

    private CarriersServer(WebApplication app, SmtpSink smtp, CarrierLogs logs, TwilioCarrier twilio) => (_app, _smtp, _logs, _twilio) = (app, smtp, logs, twilio);

    /// <summary>Base address of the ntfy server, of the page and of <c>/_control</c>.</summary>
    public Uri NtfyUrl => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Web address of the Teams workflow.</summary>
    public Uri TeamsUrl => new(NtfyUrl, TeamsEndpoints.PathOf("northbridge-oncall"));

    /// <summary>Web address of the Slack webhook.</summary>
    public Uri SlackUrl => new(NtfyUrl, SlackEndpoints.PathOf("B0ONCALL"));

    /// <summary>The keys and the number of the Twilio account, whose API is at <see cref="NtfyUrl"/>.</summary>
    public required TwilioCredentials Twilio { get; init; }

    /// <summary>Host and port of the SMTP sink, e.g. <c>127.0.0.1:2525</c>.</summary>
    public string SmtpEndpoint => _smtp.Endpoint.ToString();

    /// <summary>Starts both carriers; when it returns, both accept connections. A port in use is an <see cref="IOException"/> that names it.</summary>
    public static async Task<CarriersServer> StartAsync(CarriersOptions options, TimeProvider clock, CancellationToken cancel)
    {
        Directory.CreateDirectory(options.DataFolder);
        var logs = CarrierLogs.Open(options.DataFolder);
        var faults = new FaultList();
        SmtpSink? smtp = null;
        try
        {
            smtp = SmtpSink.Start(logs.Mail, faults, options, clock);
            var account = new TwilioAccount(TwilioCredentials.EnsureIn(options.DataFolder), logs.Twilio, clock);
            await account.EndLostCallsAsync();
            var app = Build(options);
            var twilio = new TwilioCarrier(account, faults, clock, app.Lifetime.ApplicationStopping);
            Map(app, options, clock, logs, faults, twilio);
            await app.StartAsync(cancel);
            return new CarriersServer(app, smtp, logs, twilio) { Twilio = account.Credentials };
        }
        catch
        {
            if (smtp is not null) await smtp.DisposeAsync();
            await logs.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _twilio.DisposeAsync();
        await _app.DisposeAsync();
        await _smtp.DisposeAsync();
        await _logs.DisposeAsync();
    }

    private static WebApplication Build(CarriersOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = options.DataFolder });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, options.NtfyPort));
        builder.Services.AddRouting();
        var app = builder.Build();
        app.Use(RefuseForeignHosts);
        app.UseRouting();
        return app;
    }

    private static void Map(WebApplication app, CarriersOptions options, TimeProvider clock, CarrierLogs logs, FaultList faults, TwilioCarrier twilio)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        var control = new ControlEndpoints(logs, faults, options.ControlToken).Map(app);
        twilio.Map(app, control);
        var push = new PushService(logs.Push);
        new PushEndpoints(push, faults, clock).Map(app);
        new PushControl(push, clock).Map(control);
        new CarriersPage(logs, stopping).Map(app);
        new TeamsEndpoints(logs.Teams, faults, clock).Map(app);
        new SlackEndpoints(logs.Slack, faults, clock).Map(app);
        new NtfyEndpoints(logs.Ntfy, faults, options, clock, stopping).Map(app);
    }

    // A web page that points its own host name at 127.0.0.1 must not read the mails.
    private static Task RefuseForeignHosts(HttpContext http, RequestDelegate next)
    {
        var host = http.Request.Host.Host;
        var isOurs = host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
        return isOurs ? next(http) : NtfyEndpoints.RefuseAsync(http, NtfyError.NotFound);
    }
}
