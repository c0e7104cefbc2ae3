using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Deskbridge.Connectors.Http;

/// <summary>
/// The HTTP client of one connection. From the outside in: one retry of reads that could not connect, the call gate, the
/// remote's clock, a bound on the answer's size, the deadline of writes, and sockets that trust either the system or the connection's own authority.
/// </summary>
public sealed class RemoteChannel : IDisposable
{
    private readonly RemoteClockHandler _clock;
    private readonly RemoteProxy? _proxy;

    private RemoteChannel(HttpClient client, RemoteClockHandler clock, RemoteProxy? proxy)
    {
        Client = client;
        (_clock, _proxy) = (clock, proxy);
    }

    /// <summary>The client. It never follows redirects, keeps no cookies and has no timeout of its own.</summary>
    public HttpClient Client { get; }

    /// <summary>How far the remote's clock is ahead of ours; zero for differences below two seconds, null before the first answer.</summary>
    public TimeSpan? ClockOffset => _clock.Offset;

    /// <summary>Opens a channel.</summary>
    /// <param name="address">The remote's address; loopback addresses never go through this machine's own proxy.</param>
    /// <param name="authorityPem">Certificates (PEM) trusted instead of the system's, or null.</param>
    /// <param name="maxAnswerBytes">Longer answers are refused.</param>
    /// <param name="calls">Where each call is counted.</param>
    /// <param name="clock">The hub's clock, the one that <see cref="ClockOffset"/> is measured against.</param>
    /// <param name="proxy">The proxy that every call goes through; null for this machine's own, if it has one.</param>
    public static RemoteChannel Open(Uri address, string? authorityPem, long maxAnswerBytes, ICallGate calls, TimeProvider clock, RemoteProxy? proxy = null)
    {
        var remoteClock = new RemoteClockHandler(clock) { InnerHandler = new AnswerLimitHandler(maxAnswerBytes) { InnerHandler = new DeadlineHandler(clock) { InnerHandler = new ConnectFailureHandler(Sockets(address, authorityPem, proxy)) } } };
        var chain = new ConnectRetryHandler { InnerHandler = new CallGateHandler(calls) { InnerHandler = remoteClock } };
        return new(new HttpClient(chain, disposeHandler: true) { Timeout = Timeout.InfiniteTimeSpan }, remoteClock, proxy);
    }

    /// <summary>Sends a request and reads the whole answer; what keeps it from coming is told as the connector's failure.</summary>
    /// <param name="request">The request.</param>
    /// <param name="patience">How long the answer is waited for, from the moment the call gate let the request pass.</param>
    /// <param name="cancel">Ends the call.</param>
    /// <exception cref="ConnectorUnavailableException">No answer came.</exception>
    public async Task<(HttpResponseMessage Response, byte[] Body)> ExchangeAsync(HttpRequestMessage request, TimeSpan patience, CancellationToken cancel)
    {
        // The network runs on real time, whatever clock the hub is given.
        using var ends = new CancellationTokenSource(Timeout.InfiniteTimeSpan, TimeProvider.System);
        request.Options.Set(CallGateHandler.Passed, () => ends.CancelAfter(patience));
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, ends.Token);
        try
        {
            var response = await Client.SendAsync(request, HttpCompletionOption.ResponseContentRead, either.Token);
            return (response, await response.Content.ReadAsByteArrayAsync(either.Token));
        }
        catch (OperationCanceledException failure) when (!cancel.IsCancellationRequested)
        {
            throw NetworkFailure.TimedOut(failure, request.RequestUri!, patience);
        }
        catch (HttpRequestException failure)
        {
            throw NetworkFailure.Describe(failure, request.RequestUri!, _proxy);
        }
        catch (IOException failure)
        {
            throw NetworkFailure.Describe(new HttpRequestException(failure.Message, failure), request.RequestUri!);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Client.Dispose();

    private static SocketsHttpHandler Sockets(Uri address, string? authorityPem, RemoteProxy? proxy)
    {
        var sockets = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ActivityHeadersPropagator = null, // our traces are nobody else's business
            UseProxy = proxy is not null || !address.IsLoopback,
            AutomaticDecompression = DecompressionMethods.All,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        };
        if (proxy is not null)
        {
            sockets.Proxy = new WebProxy(proxy.Address, BypassOnLocal: false) { Credentials = proxy.User is { } user ? new NetworkCredential(user, proxy.Password) : null };
        }

        if (!string.IsNullOrWhiteSpace(authorityPem))
        {
            sockets.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = TrustOnly(authorityPem) };
        }

        return sockets;
    }

    private static X509ChainPolicy TrustOnly(string authorityPem)
    {
        // A private authority rarely publishes a revocation list that the hub can reach, so none is asked for.
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        var given = new X509Certificate2Collection();
        given.ImportFromPem(authorityPem);
        foreach (var certificate in given)
        {
            var isRoot = certificate.SubjectName.RawData.AsSpan().SequenceEqual(certificate.IssuerName.RawData);
            (isRoot ? policy.CustomTrustStore : policy.ExtraStore).Add(certificate);
        }

        return policy;
    }
}
