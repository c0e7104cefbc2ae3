using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Intake;
using Deskbridge.Core.Alerting.Teams;
using Deskbridge.Features.Settings;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Deskbridge.Features.Teams;

/// <summary>A team's addresses for mails and callouts, which hold a secret: for dispatchers and administrators.</summary>
internal static class IntakeSettings
{
    public static void MapTeamIntakes(this IEndpointRouteBuilder api)
    {
        var read = api.MapGroup("/teams/{id:guid}/intake").WithTags("Teams").RequireAuthorization(Policies.Dispatcher, Scopes.People).ProducesProblem(StatusCodes.Status404NotFound);
        read.MapGet("", GetAsync).WithSummary("The team's addresses for mails and callouts, and what came last");
        read.MapPut("", SetAsync).WithSummary("Make the addresses, or change how they work").ProducesProblem(StatusCodes.Status400BadRequest)
            .WithDescription("What is left away stays as it is. renewAddresses makes a new secret: the present addresses stop working at once. mailgunKey is Mailgun's HTTP webhook signing key; empty asks for no signature. "
                + "fields says which field of a callout is title, customer and priority, and which ones are shown; left empty, the usual names are known and all fields are shown.");
        read.MapPost("/test", TestAsync).WithMetadata(new IdempotentAttribute()).WithSummary("Send a mail through the team's address: it raises an alert and pages").ProducesProblem(StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Ok<IntakeBox>, ProblemHttpResult>> GetAsync(Guid id, IntakeReader intakes, TeamQueries teams, CancellationToken cancel) =>
        await teams.GetAsync(id, cancel) is null ? new TeamNotFound(id).ToProblem() : TypedResults.Ok(await intakes.ReadAsync(id, cancel));

    private static async Task<Results<Ok<IntakeBox>, ProblemHttpResult>> SetAsync(Guid id, IntakeBody body, Caller caller, SetIntake set, IntakeReader intakes, CancellationToken cancel)
    {
        var draft = new IntakeDraft
        {
            Enabled = body.Enabled,
            MailgunKey = body.MailgunKey,
            RenewAddresses = body.RenewAddresses == true,
            Fields = body.Fields is { } fields ? new CalloutFields(Clean(fields.Title), Clean(fields.Customer), Clean(fields.Priority), fields.Shown ?? []) : null,
        };
        var done = await set.RunAsync(id, draft, caller.Person, cancel);
        return done.Failure is { } refused ? refused.ToProblem() : TypedResults.Ok(await intakes.ReadAsync(id, cancel));
    }

    private static async Task<Results<Ok<IntakeTested>, ProblemHttpResult>> TestAsync(Guid id, Caller caller, TestIntake test, CancellationToken cancel)
    {
        var tested = await test.RunAsync(id, caller.Person, cancel);
        return tested.Failure is { } refused ? refused.ToProblem() : TypedResults.Ok(new IntakeTested(tested.Value.Outcome, tested.Value.AlertId, tested.Value.Message));
    }

    private static string? Clean(string? name) => string.IsNullOrWhiteSpace(name) ? null : name.Trim();
}

/// <summary>How the addresses are to work.</summary>
internal sealed record IntakeBody(bool? Enabled, bool? RenewAddresses, string? MailgunKey, CalloutFieldsBody? Fields);

/// <summary>Which field of a callout is what.</summary>
internal sealed record CalloutFieldsBody(string? Title, string? Customer, string? Priority, IReadOnlyList<string>? Shown);

/// <summary>What became of a test.</summary>
internal sealed record IntakeTested(IntakeOutcome Outcome, Guid? AlertId, string Message);

/// <summary>
/// A team's addresses. <paramref name="Made"/> is false where nobody made them yet. The addresses are null without the secret, or without the
/// hub's public address.
/// </summary>
internal sealed record IntakeBox(bool Made, bool Enabled, IntakeAddresses? Addresses, bool MailgunSigned, CalloutFieldsBody Fields, DateTimeOffset? LastAt, string? LastSaid);

/// <summary>Where to send what. <paramref name="Basic"/> is for systems with a password field: any user, and <paramref name="Secret"/> as password.</summary>
internal sealed record IntakeAddresses(string Mail, string SendGrid, string Mailgun, string Postmark, string Callout, string Basic, string Secret);

/// <summary>Puts a team's addresses together.</summary>
internal sealed class IntakeReader(IntakeQueries intakes, SettingsStore settings)
{
    public async Task<IntakeBox> ReadAsync(Guid teamId, CancellationToken cancel)
    {
        if (await intakes.GetAsync(teamId, cancel) is not { } view) return new(false, false, null, false, new(null, null, null, []), null, null);
        var hub = (await settings.ReadAsync(cancel)).PublicUrl?.TrimEnd('/');
        var fields = new CalloutFieldsBody(view.Fields.Title, view.Fields.Customer, view.Fields.Priority, view.Fields.Shown);
        return new(true, view.Enabled, hub is { Length: > 0 } && view.Secret is { } secret ? Of(hub, secret) : null, view.MailgunSigned, fields, view.LastAt, view.LastSaid.Length > 0 ? view.LastSaid : null);
    }

    private static IntakeAddresses Of(string hub, string secret)
    {
        var box = $"{hub}/intake/{secret}";
        return new($"{box}/mail", $"{box}/sendgrid", $"{box}/mailgun/mime", $"{box}/postmark", $"{box}/callout", $"{hub}/intake/callout", secret);
    }
}
