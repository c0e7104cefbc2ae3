using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Deskbridge.Core.Alerting.Paging;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Twilio;

/// <summary>Sends a code to a number, so that its owner can show that it is theirs. Until then nothing else is sent there.</summary>
internal sealed class SendNumberCode(HubStore store, SmsCarrier sms, RandomIds ids, TimeProvider clock)
{
    /// <summary>A code to any number costs money, and rings at somebody's.</summary>
    private static readonly TimeSpan Between = TimeSpan.FromMinutes(1);

    /// <summary>Sends it; a new code makes the one before void.</summary>
    public async Task<Result<ChannelTested>> RunAsync(Guid channelId, Person by, CancellationToken cancel)
    {
        var code = (BitConverter.ToUInt32(ids.NewBytes(4)) % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);
        var to = await store.WriteAsync<Result<string>>(
            async db =>
            {
                if (await db.Channels.FindAsync([channelId], cancel) is not { Kind: ChannelKind.Sms } channel) return new ChannelNotFound(channelId);
                if (ChannelRules.MayChange(channel.PersonId, by) is { } refused) return refused;
                if (channel.VerifiedAt is not null) return new NumberConfirmedAlready(channel.Address);
                var now = clock.GetUtcNow();
                var last = await db.Channels.Where(c => c.PersonId == channel.PersonId).MaxAsync(c => c.CodeSentAt, cancel);
                if (last is { } before && now - before < Between) return new NumberCodeTooSoon();
                (channel.CodeHash, channel.CodeSentAt, channel.CodeTries) = (NumberCode.Hash(channel.Id, code), now, 0);
                return channel.Address;
            },
            cancel);
        if (to.Failure is { } refusal) return refusal;
        var outcome = await sms.SendAsync(to.Value, $"{code} is your code for Deskbridge. Enter it under Duty, My channels, and alerts can page this number. It holds for {NumberCode.HoldsMinutes} minutes.", null, cancel);
        return new ChannelTested(outcome is PageOutcome.Accepted, outcome is PageOutcome.Accepted ? "Twilio took the text with the code." : outcome.Detail, channelId);
    }
}

/// <summary>Takes the code that came to a number: alerts use it from then on.</summary>
internal sealed class ConfirmNumber(HubStore store, PagePlanner pages, TimeProvider clock)
{
    /// <summary>Takes it.</summary>
    public Task<Result<Channel>> RunAsync(Guid channelId, string code, Person by, CancellationToken cancel) => store.WriteAsync<Result<Channel>>(
        async db =>
        {
            if (await db.Channels.FindAsync([channelId], cancel) is not { Kind: ChannelKind.Sms } channel) return new ChannelNotFound(channelId);
            if (ChannelRules.MayChange(channel.PersonId, by) is { } refused) return refused;
            if (channel.VerifiedAt is not null) return channel;
            var now = clock.GetUtcNow();
            if (channel.CodeSentAt is not { } sent || channel.CodeHash.Length == 0 || now - sent > TimeSpan.FromMinutes(NumberCode.HoldsMinutes) || channel.CodeTries >= NumberCode.MostTries) return new NumberCodeVoid();
            channel.CodeTries++;
            if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(NumberCode.Hash(channel.Id, PhoneNumber.Clean(code))), Encoding.UTF8.GetBytes(channel.CodeHash)))
                return new NumberCodeWrong(NumberCode.MostTries - channel.CodeTries);
            if (await db.Channels.AnyAsync(c => c.Kind == ChannelKind.Sms && c.Address == channel.Address && c.PersonId != channel.PersonId && c.VerifiedAt != null, cancel))
                return new NumberOfAnother(channel.Address);
            channel.Confirm(now);
            await pages.PageUnattendedOfAsync(db, channel.PersonId, now, cancel);
            return channel;
        },
        cancel);
}

/// <summary>The codes.</summary>
internal static class NumberCode
{
    /// <summary>Minutes for which one holds.</summary>
    public const int HoldsMinutes = 15;

    /// <summary>Wrong ones until another must be sent.</summary>
    public const int MostTries = 5;

    /// <summary>As it is stored.</summary>
    public static string Hash(Guid channel, string code) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{channel}:{code}")));
}
