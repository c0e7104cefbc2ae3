using Deskbridge.Access;
using Deskbridge.Backups;
using Deskbridge.Core.Data;

namespace Deskbridge.Features.Health;

/// <summary>What people must know of the data itself: backups that fail are found out when one is needed, and so are secrets whose key is lost.</summary>
internal sealed class DataKeeping(BackupFolder backups, RestoredData restored, StoredSecrets secrets)
{
    /// <summary>How long the page reminds of a restore.</summary>
    private static readonly TimeSpan ToldFor = TimeSpan.FromHours(24);

    public async Task<IReadOnlyList<HealthProblem>> ProblemsAsync(DateTimeOffset now, CancellationToken cancel)
    {
        var problems = new List<HealthProblem>();
        if (backups.Failure is { } failure) problems.Add(new(HealthGravity.Attention, $"The last backup failed. {failure}", "Open backups", "/backups"));
        if (await restored.LastAsync(cancel) is { } last && now - last.At < ToldFor)
        {
            problems.Add(new(
                HealthGravity.Notice,
                $"This hub was restored from a backup of {last.TakenAt:yyyy-MM-dd HH:mm} UTC. What happened since is taken from the tickets; people, settings and duty are as they were then. See who is on duty.",
                "Open duty", "/duty"));
        }

        foreach (var secret in (await secrets.LostAsync(cancel)).Where(secret => !secret.OfConnection))
            problems.Add(new(HealthGravity.Attention, $"{secret.Name}: cannot be decrypted, for the encryption key is another one. Put the key back, or enter it again {secret.Where}.", "Enter it", secret.Page));
        return problems;
    }
}
