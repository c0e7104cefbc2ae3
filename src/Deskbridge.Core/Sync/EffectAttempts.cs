using Deskbridge.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Sync;

/// <summary>An attempt that ended.</summary>
/// <param name="At">When.</param>
/// <param name="Action">send, probe, restore.</param>
/// <param name="Outcome">What came of it, one sentence.</param>
/// <param name="Took">How long it took.</param>
internal sealed record Attempt(DateTimeOffset At, string Action, string Outcome, TimeSpan Took);

/// <summary>Writes attempts down, as evidence for people. Part of the caller's transaction.</summary>
internal static class EffectAttempts
{
    extension(HubDb db)
    {
        /// <summary>Adds the next attempt of each effect.</summary>
        public async Task NoteAttemptsAsync(IReadOnlyList<(Guid EffectId, Attempt Attempt)> attempts, CancellationToken cancel)
        {
            if (attempts.Count == 0) return;
            var ids = attempts.Select(a => a.EffectId).ToList();
            var counts = await db.EffectAttempts
                .Where(a => ids.Contains(a.EffectId))
                .GroupBy(a => a.EffectId)
                .Select(g => new { g.Key, Count = g.Count() })
                .ToDictionaryAsync(g => g.Key, g => g.Count, cancel);
            foreach (var (id, attempt) in attempts)
            {
                db.EffectAttempts.Add(new EffectAttempt
                {
                    EffectId = id,
                    Number = counts.GetValueOrDefault(id) + 1,
                    At = attempt.At,
                    Action = attempt.Action,
                    Outcome = attempt.Outcome,
                    Milliseconds = (long)attempt.Took.TotalMilliseconds,
                });
            }
        }
    }
}
