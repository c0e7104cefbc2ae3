using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Deskbridge.Sandbox.Autotask;
using Deskbridge.Sandbox.Autotask.Control;
using Deskbridge.Sandbox.Carriers;
using Deskbridge.Sandbox.Carriers.Twilio;
using Deskbridge.Sandbox.ConnectWisePsa;
using Deskbridge.Sandbox.ConnectWisePsa.Callbacks;
using Deskbridge.Sandbox.ConnectWisePsa.Http;
using Deskbridge.Sandbox.ConnectWisePsa.Records;
using Deskbridge.Sandbox.ConnectWisePsa.Schema;
using Deskbridge.Sandbox.ConnectWisePsa.Security;
using Deskbridge.Sandbox.ConnectWisePsa.Seed;
using Deskbridge.Sandbox.ConnectWisePsa.Workflows;
using Deskbridge.Sandbox.Control;
using Deskbridge.Sandbox.Faults;
using Deskbridge.Sandbox.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using AutotaskServer = Deskbridge.Sandbox.Autotask.Http.AutotaskServer;

namespace Deskbridge.Sandbox;

/// <summary>A running sandbox: the simulated remote systems on loopback, with their control API and technician page.</summary>
public sealed class SandboxServer : IAsyncDisposable
{
    // Conditions in the address may have 10,000 characters, each of which may be escaped.
    private const int LongestRequestLine = 256 * 1024;

    private readonly WebApplication _app;
    private readonly Journal _journal;
    private readonly CallbackSender _callbacks;
    private readonly Lazy<AutotaskSystem> _autotask;
    private readonly CarriersServer _carriers;

    private SandboxServer(WebApplication app, Journal journal, CallbackSender callbacks, Lazy<AutotaskSystem> autotask, CarriersServer carriers) =>
        (_app, _journal, _callbacks, _autotask, _carriers) = (app, journal, callbacks, autotask, carriers);

    /// <summary>The origin for plain http.</summary>
    public Uri HttpUrl => Listening(_app, Uri.UriSchemeHttp);

    /// <summary>The origin for https; its certificate is issued by <see cref="CaFile"/>.</summary>
    public Uri HttpsUrl => Listening(_app, Uri.UriSchemeHttps);

    /// <summary>The certificate authority's certificate, a PEM file that clients are to trust.</summary>
    public required string CaFile { get; init; }

    /// <summary>The origin of the simulated ntfy server.</summary>
    public Uri NtfyUrl => _carriers.NtfyUrl;

    /// <summary>The web address of the simulated Teams workflow.</summary>
    public Uri TeamsUrl => _carriers.TeamsUrl;

    /// <summary>The web address of the simulated Slack webhook.</summary>
    public Uri SlackUrl => _carriers.SlackUrl;

    /// <summary>The origin of the simulated Twilio, whose API is below <c>/2010-04-01</c>.</summary>
    public Uri TwilioUrl => _carriers.NtfyUrl;

    /// <summary>The keys and the number of the simulated Twilio account.</summary>
    public TwilioCredentials Twilio => _carriers.Twilio;

    /// <summary>Host and port of the SMTP sink.</summary>
    public string SmtpEndpoint => _carriers.SmtpEndpoint;

    /// <summary>The bearer token of the control API.</summary>
    public required string ControlToken { get; init; }

    /// <summary>How to sign in to the simulated ConnectWise PSA.</summary>
    public required PsaCredentials ConnectWise { get; init; }

    /// <summary>How to sign in to the simulated Autotask, at <c>/ATServicesRest/</c> of both origins.</summary>
    public AutotaskCredentials Autotask => _autotask.Value.Credentials;

    /// <summary>Starts the sandbox on what its data folder holds.</summary>
    /// <exception cref="IOException">The data folder cannot be written, is in use by another sandbox, or a port is taken.</exception>
    public static async Task<SandboxServer> StartAsync(SandboxOptions options, TimeProvider time, CancellationToken cancel)
    {
        Directory.CreateDirectory(options.DataFolder);
        var settings = new Settings(new Switches { PlainHttpLoopbackCallbacks = options.AllowPlainHttpLoopbackCallbacks });
        var clock = new SandboxClock(time, settings);
        var store = new PsaStore(clock);
        var views = new Views(store);
        var rights = new Rights(store);
        var psa = new Psa(store, views, settings, rights);
        var failures = new CallbackFailures();
        var journal = new Journal(Path.Combine(options.DataFolder, "sandbox.jsonl"), line =>
        {
            failures.Replay(line);
            store.Replay(line);
            settings.Replay(line);
        });
        if (options.AllowPlainHttpLoopbackCallbacks) settings.Current = settings.Current with { PlainHttpLoopbackCallbacks = true };
        store.Attach(journal);
        var documents = Path.Combine(options.DataFolder, "documents");
        if (options.Seed) new Seeder(psa, clock, options.ApiMember, documents).Fill();

        var credentials = PsaCredentials.EnsureIn(options.DataFolder, options.CompanyId, options.ApiMember);
        var faults = new FaultBook(options.FaultSeed);
        var (certificate, caFile) = CertificateAuthority.EnsureIn(Path.Combine(options.DataFolder, "tls"), time);
        var app = Build(options, certificate);
        var callbacks = new CallbackSender(psa, credentials, faults, failures, journal, clock, () => Listening(app, Uri.UriSchemeHttp));
        store.Committed = callbacks.Committed;
        var authentication = new Authentication(credentials, store);
        var router = new Router(Routes(psa, rights, authentication, journal, clock, documents), rights);
        var psaServer = new PsaServer(router, psa, credentials, authentication, faults, journal, clock);
        var autotask = new Lazy<AutotaskSystem>(() => new AutotaskSystem(options, faults, clock)); // most who start a sandbox want one system only
        var token = options.ControlToken ?? KeptToken(options.DataFolder);

        var door = new ControlDoor(token);
        new ControlApi(psa, router, faults, journal, clock, door).Map(app);
        new AutotaskControl(autotask, door).Map(app);
        TechnicianPage.Map(app, token);
        app.MapFallback("{*path}", http =>
            AutotaskServer.Owns(http.Request.Path) ? autotask.Value.HandleAsync(http) : PsaServer.Owns(http.Request.Path) ? psaServer.HandleAsync(http) : NotFound(http));
        var carriers = await CarriersServer.StartAsync(
            new CarriersOptions { DataFolder = options.DataFolder, ControlToken = token, NtfyPort = options.NtfyPort, SmtpPort = options.SmtpPort }, time, cancel);
        await app.StartAsync(cancel);
        return new SandboxServer(app, journal, callbacks, autotask, carriers) { ControlToken = token, ConnectWise = credentials, CaFile = caFile };
    }

    /// <summary>Stops listening and delivering; what was answered is in the log.</summary>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _callbacks.DisposeAsync();
        if (_autotask.IsValueCreated) await _autotask.Value.DisposeAsync();
        await _app.DisposeAsync();
        await _carriers.DisposeAsync();
        _journal.Dispose();
    }

    private static List<Route> Routes(Psa psa, Rights rights, Authentication authentication, Journal journal, SandboxClock clock, string documents)
    {
        var endpoint = new ResourceEndpoint(psa, rights, clock);
        var audit = new AuditTrail(journal);
        return
        [
            .. new TableRoutes(psa, endpoint).All(),
            .. new SystemRoutes(psa, endpoint, authentication, audit, rights).All(),
            .. new TicketRoutes(psa, Catalogue.Of("tickets"), Catalogue.Of("notes")).All(),
            .. new TicketRoutes(psa, Catalogue.Of("projectTickets"), Catalogue.Of("projectTicketNotes")).All(),
            .. new TicketActions(psa, endpoint).All(),
            .. new ItemAssociationRoutes(psa).All(),
            .. new CompanyRoutes(psa, endpoint).All(),
            .. new ContactRoutes(psa).All(),
            .. new ScheduleRoutes(psa, endpoint, audit).All(),
            .. new ProjectRoutes(psa).All(),
            .. new AgreementRoutes(psa).All(),
            .. new MemberRoutes(psa).All(),
            .. new TemplateRoutes(psa).All(),
            .. new WorkflowRoutes(psa).All(),
            .. new ActionFieldRoutes(psa, endpoint).All(),
            .. new CopyRoutes(psa, endpoint).All(),
            .. new DocumentRoutes(psa, endpoint, documents).All(),
            .. new BundleRoutes(endpoint, rights).All(),
        ];
    }

    private static WebApplication Build(SandboxOptions options, X509Certificate2 certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestLineSize = LongestRequestLine;
            kestrel.Listen(IPAddress.Loopback, options.HttpPort);
            kestrel.Listen(IPAddress.Loopback, options.HttpsPort, listen => listen.UseHttps(certificate));
        });
        return builder.Build();
    }

    private static Uri Listening(WebApplication app, string scheme) => new(
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First(a => a.StartsWith(scheme + ":", StringComparison.Ordinal)));

    private static string KeptToken(string folder)
    {
        var path = Path.Combine(folder, "control-token");
        if (File.Exists(path)) return File.ReadAllText(path).Trim();
        var token = RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz23456789", 32);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var writer = new StreamWriter(path, options);
        writer.Write(token);
        return token;
    }

    private static async Task NotFound(HttpContext http)
    {
        http.Response.StatusCode = 404;
        await http.Response.WriteAsync("Nothing here. The simulated ConnectWise PSA is below /v4_6_release/apis/3.0, Autotask below /ATServicesRest, the technician page at /.", http.RequestAborted);
    }
}
