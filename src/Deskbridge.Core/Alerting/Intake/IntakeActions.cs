using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Core.Common;
using Deskbridge.Core.Data;
using Deskbridge.Core.Directory;
using Microsoft.EntityFrameworkCore;

namespace Deskbridge.Core.Alerting.Intake;

/// <summary>What is to change about a team's intake. Null stays as it is.</summary>
internal sealed record IntakeDraft
{
    /// <summary>In use.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Mailgun's webhook signing key; empty asks for no signature any more.</summary>
    public string? MailgunKey { get; init; }

    /// <summary>Which fields of a callout are what.</summary>
    public CalloutFields? Fields { get; init; }

    /// <summary>A new secret: the addresses that are in use stop working at once.</summary>
    public bool RenewAddresses { get; init; }

    /// <summary>The secret to have, from a configuration file; null for one that is made here.</summary>
    public string? Secret { get; init; }
}

/// <summary>Gives a team addresses for mails and callouts, and changes them.</summary>
internal sealed class SetIntake(HubStore store, ISecretProtector secrets, RandomIds ids, TimeProvider clock)
{
    private const int LongestName = 100;
    private const int MostNames = 50;
    private const int ShortestSecret = 32;
    private const int LongestSecret = 100;

    /// <summary>Makes or changes it, for a dispatcher or administrator.</summary>
    public Task<Result<TeamIntake>> RunAsync(Guid teamId, IntakeDraft draft, Person by, CancellationToken cancel) =>
        store.WriteAsync<Result<TeamIntake>>(
            async db =>
            {
                if (TeamRules.MayManage(by) is { } refused) return refused;
                if (await db.Teams.FindAsync([teamId], cancel) is null) return new TeamNotFound(teamId);
                if (Check(draft) is { } slip) return slip;
                if (draft.Secret is { } given && await db.TeamIntakes.AnyAsync(row => row.TeamId != teamId && row.SecretHash == TeamIntake.HashOf(given), cancel)) return new IntakeSecretTaken();
                var intake = await db.TeamIntakes.SingleOrDefaultAsync(row => row.TeamId == teamId, cancel);
                if (intake is null)
                {
                    intake = new TeamIntake { Id = ids.NewId(), TeamId = teamId, SecretHash = "", Secret = "", MadeAt = clock.GetUtcNow() };
                    db.TeamIntakes.Add(intake);
                }

                if (draft.Secret is not null || draft.RenewAddresses || intake.Secret.Length == 0)
                {
                    var secret = draft.Secret ?? ids.NewSecret();
                    (intake.SecretHash, intake.Secret) = (TeamIntake.HashOf(secret), secrets.Protect(secret));
                }

                if (draft.Enabled is { } enabled) intake.Enabled = enabled;
                if (draft.MailgunKey is { } key) intake.MailgunKey = secrets.Protect(key.Trim());
                if (draft.Fields is { } chosen) intake.Fields = Json.Write(chosen);
                return intake;
            },
            cancel);

    /// <summary>What is wrong with a draft in itself; null when it can be used.</summary>
    public static Failure? Check(IntakeDraft draft)
    {
        if (draft.Fields is { } fields && !Fits(fields)) return new CalloutFieldsTooLong();
        if (draft.Secret is { } secret && (secret.Length is < ShortestSecret or > LongestSecret || !secret.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))) return new IntakeSecretWeak(ShortestSecret, LongestSecret);
        return null;
    }

    private static bool Fits(CalloutFields fields) => fields.Shown.Count <= MostNames && fields.Shown.Append(fields.Title).Append(fields.Customer).Append(fields.Priority).All(name => (name ?? "").Length <= LongestName);
}

/// <summary>Reads intakes as pages and API show them.</summary>
internal sealed class IntakeQueries(HubStore store, ISecretProtector secrets)
{
    /// <summary>A team's intake; null when nobody made one.</summary>
    public async Task<IntakeView?> GetAsync(Guid teamId, CancellationToken cancel)
    {
        var row = await store.ReadAsync(db => db.TeamIntakes.SingleOrDefaultAsync(intake => intake.TeamId == teamId, cancel), cancel);
        return row is null ? null : new(row.Id, row.TeamId, row.Enabled, Clear(row.Secret), row.MailgunKey.Length > 0, row.CalloutFields, row.MadeAt, row.LastAt, row.LastSaid);
    }

    /// <summary>Which teams have one, by its id, for the event log.</summary>
    public Task<Dictionary<Guid, IntakeOfTeam>> NamesAsync(CancellationToken cancel) => store.ReadAsync(
        db => (from intake in db.TeamIntakes
               join team in db.Teams on intake.TeamId equals team.Id
               orderby team.Name
               select new IntakeOfTeam(intake.Id, team.Id, $"Mail and callouts of {team.Name}")).ToDictionaryAsync(found => found.Id, cancel),
        cancel);

    /// <summary>Mailgun's key in clear; null when no signature is asked for.</summary>
    public string? MailgunKey(TeamIntake intake) => intake.MailgunKey.Length == 0 ? null : secrets.Unprotect(intake.MailgunKey);

    private string? Clear(string stored)
    {
        try
        {
            return secrets.Unprotect(stored);
        }
        catch (InvalidOperationException)
        {
            return null; // the key is gone; the addresses go on working
        }
    }
}

/// <summary>An intake as its team sees it. <c>Secret</c> is null when it cannot be decrypted any more; the addresses work all the same.</summary>
internal sealed record IntakeView(
    Guid Id, Guid TeamId, bool Enabled, string? Secret, bool MailgunSigned, CalloutFields Fields, DateTimeOffset MadeAt, DateTimeOffset? LastAt, string LastSaid);

/// <summary>An intake by the name of its team.</summary>
internal sealed record IntakeOfTeam(Guid Id, Guid TeamId, string Name);

/// <summary>Sends a mail through a team's intake, as a ticket system would: it raises an alert and pages.</summary>
internal sealed class TestIntake(TakeIn intakes, HubStore store, RandomIds ids)
{
    /// <summary>Does it, for a dispatcher or administrator.</summary>
    public async Task<Result<IntakeAnswer>> RunAsync(Guid teamId, Person by, CancellationToken cancel)
    {
        if (TeamRules.MayManage(by) is { } refused) return refused;
        var (team, intake) = await store.ReadAsync(async db => (await db.Teams.SingleOrDefaultAsync(row => row.Id == teamId, cancel), await db.TeamIntakes.SingleOrDefaultAsync(row => row.TeamId == teamId, cancel)), cancel);
        if (team is null) return new TeamNotFound(teamId);
        if (intake is not { Enabled: true }) return new IntakeMissing(team.Name);
        var mail = new ReceivedMail
        {
            MessageId = $"{ids.NewMarker()}@test.deskbridge",
            From = new MailSender(by.Email, by.Name),
            Subject = $"Test of the addresses of {team.Name}",
            Text = $"{by.Name} asked for this test on the team's page. Whoever is on duty is paged as for any mail. Close the alert when you have seen it.",
        };
        return await intakes.MailAsync(intake, mail, System.Text.Encoding.UTF8.GetBytes($"Subject: {mail.Subject}\n\n{mail.Text}"), cancel);
    }
}

/// <summary>There are no addresses.</summary>
internal sealed record IntakeMissing(string Team) : ConflictFailure($"{Team} has no addresses for mails and callouts in use. Make them on the team's page \"Mail and callouts\", or with PUT /api/v1/teams/ID/intake.");

/// <summary>Field names that no system has.</summary>
internal sealed record CalloutFieldsTooLong() : InvalidFailure("fields", "Name at most 50 fields, each with at most 100 characters.");

/// <summary>A secret that could be guessed, or that no address can hold.</summary>
internal sealed record IntakeSecretWeak(int Shortest, int Longest) : InvalidFailure("secret", $"The secret of the addresses needs {Shortest} to {Longest} letters, digits, - and _. Make one with: openssl rand -hex 24");

/// <summary>Two teams cannot have the same addresses.</summary>
internal sealed record IntakeSecretTaken() : ConflictFailure("Another team's addresses have this secret. Give each team its own.");
