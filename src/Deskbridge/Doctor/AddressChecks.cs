using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Mail;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Doctor;

/// <summary>The hub's own address, the mail server and the addresses of channels. Nothing is sent to anybody.</summary>
internal static class AddressChecks
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async IAsyncEnumerable<Finding> RunAsync(
        IServiceProvider services, DataFolder folder, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (settings, channels) = await services.GetRequiredService<HubStore>().ReadAsync(
            async db => (
                await db.Settings.ToDictionaryAsync(s => s.Key, s => s.Value, StringComparer.Ordinal, cancel),
                await db.Channels.Where(c => c.Enabled).Join(db.People, c => c.PersonId, p => p.Id, (c, p) => new Reach(c.Kind, c.Name, p.Name, c.Address)).ToListAsync(cancel)),
            cancel);
        yield return await PublicUrlAsync(settings.GetValueOrDefault(SettingKeys.PublicUrl), File.Exists(folder.Instance), cancel);
        if (channels.Any(channel => channel.Kind == ChannelKind.Email)) yield return await MailAsync(services, settings, cancel);
        foreach (var channel in channels.Where(channel => channel.Kind != ChannelKind.Email)) yield return await ChannelAsync(channel, cancel);
    }

    private static async Task<Finding> PublicUrlAsync(string? text, bool running, CancellationToken cancel)
    {
        const string area = "Public address", name = "Reachable";
        if (string.IsNullOrEmpty(text))
            return Finding.Warning(area, "Set", "No public address is set: remote systems cannot call the hub, and pages carry no link.", "Enter it under Settings, such as https://hub.example.com.");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            return Finding.Failed(area, "Set", $"'{text}' is not an absolute web address.", "Enter scheme and host under Settings, such as https://hub.example.com.");
        if (!running)
            return Finding.Warning(area, name, $"{text} was not asked, for no hub runs on this folder.", "Start the hub and run the doctor again.");

        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !url.IsLoopback }) { Timeout = Patience };
        try
        {
            using var answer = await http.GetAsync(new Uri(url, "/health/live"), cancel);
            return answer.IsSuccessStatusCode && await answer.Content.ReadAsStringAsync(cancel) == "live"
                ? Finding.Well(area, name, $"The hub answers at {text}.")
                : Finding.Failed(area, name, $"{text} answers {(int)answer.StatusCode}, but not as this hub does.", "Point the proxy or the name at this hub, or correct the address under Settings.");
        }
        catch (Exception failure) when (failure is HttpRequestException || IsTimeout(failure, cancel))
        {
            return Finding.Warning(
                area, name, $"{text} cannot be reached from this machine: {Reason(failure)}",
                "See that the name resolves, the proxy runs and the certificate is trusted. Some networks only reach their own public address from outside: then try it from there.");
        }
    }

    private static async Task<Finding> MailAsync(IServiceProvider services, Dictionary<string, string> settings, CancellationToken cancel)
    {
        const string area = "Mail server", fix = "Correct the mail server under Settings; channels of the kind Email deliver nothing until then.";
        if (SmtpServer.Read(settings.GetValueOrDefault(SettingKeys.SmtpServer)) is not { } server || MailPerson.Read(settings.GetValueOrDefault(SettingKeys.SmtpFrom)) is null)
            return Finding.Failed(area, "Set", "People are to be paged by mail, but no mail server or sender is set.", fix);
        try
        {
            var login = settings.GetValueOrDefault(SettingKeys.SmtpUser) is { Length: > 0 } user
                ? new SmtpLogin(user, services.GetRequiredService<ISecretProtector>().Unprotect(settings.GetValueOrDefault(SettingKeys.SmtpPassword, "")))
                : null;
            await WithinAsync(time => new SmtpSession().ProbeAsync(server, login, time), cancel);
            return Finding.Well(area, "Reachable", login is null ? $"{server} greets." : $"{server} greets and takes the sign-in of {login.User}.");
        }
        catch (Exception failure) when (failure is SmtpRefusedException or SocketException or IOException or AuthenticationException or InvalidOperationException || IsTimeout(failure, cancel))
        {
            return Finding.Failed(area, "Reachable", $"{server}: {Reason(failure)}", fix);
        }
    }

    /// <summary>A connection and, for https, its handshake; not a request, which some webhooks take for a message.</summary>
    private static async Task<Finding> ChannelAsync(Reach channel, CancellationToken cancel)
    {
        var (area, name) = ("Channels", $"{channel.Name} of {channel.Owner}");
        if (!Uri.TryCreate(channel.Address, UriKind.Absolute, out var url))
            return Finding.Failed(area, name, $"'{channel.Address}' is not a web address.", "Correct the channel's address.");
        var proxy = HttpClient.DefaultProxy.IsBypassed(url) ? null : HttpClient.DefaultProxy.GetProxy(url);
        try
        {
            await WithinAsync(time => ConnectAsync(proxy ?? url, time), cancel);
            return Finding.Well(area, name, proxy is null ? $"{url.Host} can be reached." : $"The proxy {proxy.Host} on the way to {url.Host} can be reached.");
        }
        catch (Exception failure) when (failure is SocketException or IOException or AuthenticationException || IsTimeout(failure, cancel))
        {
            return Finding.Failed(area, name, $"{url.Host} cannot be reached: {Reason(failure)}", "Correct the channel's address, or let this machine through to it.");
        }
    }

    private static async Task ConnectAsync(Uri url, CancellationToken cancel)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(url.IdnHost.Trim('[', ']'), url.Port, cancel);
        if (url.Scheme != Uri.UriSchemeHttps) return;
        await using var tls = new SslStream(tcp.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = url.IdnHost }, cancel);
    }

    private static async Task WithinAsync(Func<CancellationToken, Task> work, CancellationToken cancel)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        time.CancelAfter(Patience);
        await work(time.Token);
    }

    private static bool IsTimeout(Exception failure, CancellationToken cancel) => failure is OperationCanceledException && !cancel.IsCancellationRequested;

    private static string Reason(Exception failure) => failure is OperationCanceledException ? $"no answer within {Patience.TotalSeconds:0} seconds." : failure.Message;

    private sealed record Reach(ChannelKind Kind, string Name, string Owner, string Address);
}
