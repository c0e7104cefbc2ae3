using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Mail;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Alerting.Twilio;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Doctor;

/// <summary>The mail server and the addresses of channels. Nothing is sent to anybody unless that is asked for.</summary>
internal static class AddressChecks
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async IAsyncEnumerable<Finding> RunAsync(
        IServiceProvider services, bool send, [EnumeratorCancellation] CancellationToken cancel)
    {
        var (settings, channels) = await services.GetRequiredService<HubStore>().ReadAsync(
            async db => (
                await db.Settings.ToDictionaryAsync(s => s.Key, s => s.Value, StringComparer.Ordinal, cancel),
                await db.Channels.Where(c => c.Enabled).Join(db.People, c => c.PersonId, p => p.Id, (c, p) => new Reach(c.Kind, c.Name, p.Name, c.Address)).ToListAsync(cancel)),
            cancel);
        if (channels.Any(channel => channel.Kind == ChannelKind.Email)) yield return await MailAsync(services, settings, cancel);
        if (channels.Any(channel => channel.Kind == ChannelKind.Sms)) yield return await TwilioAsync(services, cancel);
        foreach (var channel in channels.Where(channel => channel.Kind is not (ChannelKind.Email or ChannelKind.Sms))) yield return await ChannelAsync(channel, cancel);
        if (!send) yield break;
        foreach (var finding in await SendAsync(services, cancel)) yield return finding;
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

    private static async Task<Finding> TwilioAsync(IServiceProvider services, CancellationToken cancel)
    {
        const string area = "Twilio", name = "Account";
        var tested = await services.GetRequiredService<TestTwilio>().RunAsync(cancel);
        return tested.Works ? Finding.Well(area, name, tested.Detail) : Finding.Failed(area, name, tested.Detail, "Correct the account under Settings, Text messages; channels of the kind SMS deliver nothing until then.");
    }

    /// <summary>A marked test message to every channel in use of everybody who is active.</summary>
    private static async Task<IReadOnlyList<Finding>> SendAsync(IServiceProvider services, CancellationToken cancel)
    {
        var people = await services.GetRequiredService<HubStore>().ReadAsync(db => db.People.Where(p => p.Active).OrderBy(p => p.Name).ToListAsync(cancel), cancel);
        var found = new List<Finding>();
        foreach (var person in people)
        {
            var channels = await services.GetRequiredService<HubStore>().ReadAsync(db => db.Channels.Where(c => c.PersonId == person.Id && c.Enabled).OrderBy(c => c.Position).ToListAsync(cancel), cancel);
            var tested = await services.GetRequiredService<TestMessages>().SendAsync(person, channels, cancel);
            found.AddRange(tested.Channels.Select(tried => tried.Accepted
                ? Finding.Well("Test messages", $"{tried.Name} of {person.Name}", "It took the message. Whether it rang, its owner can tell.")
                : Finding.Failed("Test messages", $"{tried.Name} of {person.Name}", tried.Detail, "Correct the channel under Duty, My channels.")));
        }

        return found;
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
