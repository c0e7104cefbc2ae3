using System.Net;
using Deskbridge.Sandbox.Carriers.Mail;
using Deskbridge.Sandbox.Carriers.Ntfy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Deskbridge.Sandbox.Carriers;

/// <summary>The carriers that alerts leave by, simulated on loopback: an ntfy server and an SMTP sink, with a page and control endpoints on the ntfy port.</summary>
internal sealed class CarriersServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SmtpSink _smtp;
    private readonly AppendLog<StoredNtfy> _ntfyLog;
    private readonly AppendLog<StoredMail> _mailLog;

    private CarriersServer(WebApplication app, SmtpSink smtp, AppendLog<StoredNtfy> ntfyLog, AppendLog<StoredMail> mailLog) =>
        (_app, _smtp, _ntfyLog, _mailLog) = (app, smtp, ntfyLog, mailLog);

    /// <summary>Base address of the ntfy server, of the page and of <c>/_control</c>.</summary>
    public Uri NtfyUrl => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Host and port of the SMTP sink, e.g. <c>127.0.0.1:2525</c>.</summary>
    public string SmtpEndpoint => _smtp.Endpoint.ToString();

    /// <summary>Starts both carriers; when it returns, both accept connections. A port in use is an <see cref="IOException"/> that names it.</summary>
    public static async Task<CarriersServer> StartAsync(CarriersOptions options, TimeProvider clock, CancellationToken cancel)
    {
        Directory.CreateDirectory(options.DataFolder);
        var ntfyLog = AppendLog<StoredNtfy>.Open(Path.Combine(options.DataFolder, "ntfy.jsonl"));
        var mailLog = AppendLog<StoredMail>.Open(Path.Combine(options.DataFolder, "mail.jsonl"));
        var faults = new FaultList();
        SmtpSink? smtp = null;
        try
        {
            smtp = SmtpSink.Start(mailLog, faults, options, clock);
            var app = Build(options, clock, ntfyLog, mailLog, faults);
            await app.StartAsync(cancel);
            return new CarriersServer(app, smtp, ntfyLog, mailLog);
        }
        catch
        {
            if (smtp is not null) await smtp.DisposeAsync();
            await ntfyLog.DisposeAsync();
            await mailLog.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        await _smtp.DisposeAsync();
        await _ntfyLog.DisposeAsync();
        await _mailLog.DisposeAsync();
    }

    private static WebApplication Build(
        CarriersOptions options, TimeProvider clock, AppendLog<StoredNtfy> ntfyLog, AppendLog<StoredMail> mailLog, FaultList faults)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = options.DataFolder });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, options.NtfyPort));
        builder.Services.AddRouting();
        var app = builder.Build();
        app.Use(RefuseForeignHosts);
        app.UseRouting();

        var stopping = app.Lifetime.ApplicationStopping;
        new ControlEndpoints(ntfyLog, mailLog, faults, options.ControlToken).Map(app);
        new CarriersPage(ntfyLog, mailLog, stopping).Map(app);
        new NtfyEndpoints(ntfyLog, faults, options, clock, stopping).Map(app);
        return app;
    }

    // A web page that points its own host name at 127.0.0.1 must not read the mails.
    private static Task RefuseForeignHosts(HttpContext http, RequestDelegate next)
    {
        var host = http.Request.Host.Host;
        var isOurs = host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
        return isOurs ? next(http) : NtfyEndpoints.RefuseAsync(http, NtfyError.NotFound);
    }
}
