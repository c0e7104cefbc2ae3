using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Twilio;

/// <summary>The short number by which a person's texts name an alert. It stays with the alert; after 99 others it is given anew.</summary>
public sealed class ReplyCode
{
    /// <summary>Whose texts.</summary>
    public required Guid PersonId { get; init; }

    /// <summary>From 1 to 99.</summary>
    public required int Code { get; init; }

    /// <summary>The alert.</summary>
    public required Guid AlertId { get; set; }

    /// <summary>When it was given.</summary>
    public required DateTimeOffset GivenAt { get; set; }
}

/// <summary>A text that came in. Twilio posts one again when it missed the answer: it gets the same, and nothing is done twice.</summary>
public sealed class SmsReceived
{
    /// <summary>Twilio's id of it.</summary>
    public required string Sid { get; init; }

    /// <summary>The number it came from.</summary>
    public required string From { get; init; }

    /// <summary>When.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What it was answered; empty for nothing.</summary>
    public required string Answer { get; init; }

    /// <summary>It said something that the hub knows.</summary>
    public required bool Understood { get; init; }
}

/// <summary>Gives codes and reads them. Part of the caller's transaction.</summary>
internal static class ReplyCodes
{
    private const int Most = 99;

    extension(HubDb db)
    {
        /// <summary>The code of an alert in the texts to a person: what it has, or the next one, passing over those of alerts that are not closed.</summary>
        public async Task<int> ReplyCodeAsync(Guid personId, Guid alertId, DateTimeOffset now, CancellationToken cancel)
        {
            await db.ReplyCodes.Where(code => code.PersonId == personId).LoadAsync(cancel);
            var known = db.ReplyCodes.Local.Where(code => code.PersonId == personId).ToList();
            if (known.Find(code => code.AlertId == alertId) is { } same) return same.Code;
            var ids = known.ConvertAll(code => code.AlertId);
            var live = await db.Alerts.Where(alert => ids.Contains(alert.Id) && alert.Status != AlertStatus.Closed).Select(alert => alert.Id).ToListAsync(cancel);
            var last = known.OrderByDescending(code => code.GivenAt).ThenByDescending(code => code.Code).FirstOrDefault()?.Code ?? 0;
            var taken = known.Where(code => live.Contains(code.AlertId)).Select(code => code.Code).ToHashSet();
            var next = Enumerable.Range(0, Most).Select(step => ((last + step) % Most) + 1).FirstOrDefault(code => !taken.Contains(code));
            if (next == 0) next = known.OrderBy(code => code.GivenAt).First().Code; // 99 open alerts: the oldest gives its own away
            if (known.Find(code => code.Code == next) is { } old) (old.AlertId, old.GivenAt) = (alertId, now);
            else db.ReplyCodes.Add(new ReplyCode { PersonId = personId, Code = next, AlertId = alertId, GivenAt = now });
            return next;
        }

        /// <summary>The alerts that are not closed and of which the person was told by text, with their codes.</summary>
        public async Task<List<(int Code, Alert Alert)>> CodedAlertsAsync(Guid personId, CancellationToken cancel)
        {
            var rows = await (from code in db.ReplyCodes
                              join alert in db.Alerts on code.AlertId equals alert.Id
                              where code.PersonId == personId && alert.Status != AlertStatus.Closed
                              orderby code.Code
                              select new { code.Code, alert }).ToListAsync(cancel);
            return rows.ConvertAll(row => (row.Code, row.alert));
        }
    }
}
