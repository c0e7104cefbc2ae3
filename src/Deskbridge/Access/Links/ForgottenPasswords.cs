using System.Threading.Channels;
using Deskbridge.Core.Directory;

namespace Deskbridge.Access.Links;

/// <summary>
/// Mails reset links apart from the requests that asked for them: the answer and its time are the same whether or not the address exists.
/// What waits when the hub ends is lost; whoever asked asks again.
/// </summary>
internal sealed partial class ForgottenPasswords(IServiceScopeFactory scopes, TimeProvider clock, ILogger<ForgottenPasswords> logger) : BackgroundService
{
    private const int MostWaiting = 200;

    /// <summary>More than this within an hour and person are not mailed: nobody shall fill another's mailbox.</summary>
    private const int MostPerHour = 3;

    private readonly Channel<string> _asked = Channel.CreateBounded<string>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Notes that somebody asked for this address.</summary>
    public void Ask(string email) => _asked.Writer.TryWrite(email);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var email in _asked.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await MailAsync(email, stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                LogNotMailed(logger, failure);
            }
        }
    }

    private async Task MailAsync(string email, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var sender = services.GetRequiredService<PasswordLinks>();
        if (await services.GetRequiredService<PersonQueries>().FindAsync(email, cancel) is not { Active: true } person || !await sender.CanMailAsync(cancel)) return;
        var lately = await services.GetRequiredService<OneTimeLinks>().CountAsync(person.Id, clock.GetUtcNow() - TimeSpan.FromHours(1), cancel);
        if (lately >= MostPerHour) return;
        var sent = await sender.SendAsync(person, "http://localhost", cancel);
        if (sent.Url is not null) LogRefused(logger, sent.Message);
    }

    [LoggerMessage(5101, LogLevel.Warning, "A reset link could not be mailed: {Reason}")]
    private static partial void LogRefused(ILogger logger, string reason);

    [LoggerMessage(5102, LogLevel.Error, "A reset link could not be mailed")]
    private static partial void LogNotMailed(ILogger logger, Exception failure);
}
