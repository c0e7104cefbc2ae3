using Deskbridge.Access;
using Deskbridge.Api;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Alerting.Schedules;
using Deskbridge.Core.Common;
using Microsoft.AspNetCore.Http.HttpResults;
using NodaTime;

namespace Deskbridge.Features.Teams;

/// <summary>Duty schedules: everybody sees them, dispatchers and administrators change them.</summary>
internal static class ScheduleEndpoints
{
    private const int UsualDays = 14;
    private const int MostDays = 62;

    public static void MapSchedules(this IEndpointRouteBuilder api)
    {
        var read = api.MapGroup("/teams/{id:guid}/schedule").WithTags("Duty").RequireAuthorization(Policies.Viewer, Scopes.Read).ProducesProblem(StatusCodes.Status404NotFound);
        read.MapGet("", GetAsync).WithSummary("The team's duty schedule, who is on now and next, and its gaps in the next two weeks");
        read.MapGet("/shifts", ShiftsAsync).WithSummary("Who is on when by schedule; a shift of nobody is a gap")
            .WithDescription("from: an instant, the beginning of the day (UTC) when left away. days: 1 to 62, 14 when left away.").ProducesProblem(StatusCodes.Status400BadRequest);

        var manage = api.MapGroup("/teams/{id:guid}/schedule").WithTags("Duty").RequireAuthorization(Policies.Dispatcher, Scopes.People)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        manage.MapPut("", SetAsync).ProducesProblem(StatusCodes.Status409Conflict).WithSummary("Set the layers")
            .WithDescription("The upper layer first; an empty list for none. Overrides stay. version is the one you saw: when somebody changed the schedule meanwhile, the answer is 409. Who is on by schedule changes at once.");
        manage.MapPost("/overrides", AddAsync).WithMetadata(new IdempotentAttribute()).WithSummary("Put somebody on duty for a time")
            .WithDescription("insteadOf: only while that person would be on, and in their place; left away, in addition to whoever is on. from and until are times of the wall clock in zone.");
        manage.MapDelete("/overrides/{overrideId:guid}", RemoveAsync).WithSummary("Remove an override");
    }

    private static async Task<Results<Ok<ScheduleAnswer>, ProblemHttpResult>> GetAsync(Guid id, ScheduleQueries schedules, CancellationToken cancel) =>
        await schedules.GetAsync(id, cancel) is { } view ? TypedResults.Ok(ScheduleAnswer.Of(view)) : new TeamNotFound(id).ToProblem();

    private static async Task<Results<Ok<ListOf<ShiftView>>, ProblemHttpResult>> ShiftsAsync(
        Guid id, ScheduleQueries schedules, TimeProvider clock, CancellationToken cancel, DateTimeOffset? from = null, int? days = null, int? limit = null, string? cursor = null)
    {
        if (days is < 1 or > MostDays) return new InvalidFailure("days", $"days may be 1 to {MostDays}.").ToProblem();
        var start = Instant.FromDateTimeOffset(from ?? new DateTimeOffset(clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero)); // the same for every part of the list
        var shifts = await schedules.ShiftsAsync(id, start, start + Duration.FromDays(days ?? UsualDays), cancel);
        return shifts is null ? new TeamNotFound(id).ToProblem() : shifts.InParts(limit, cursor, shift => $"{shift.Start.UtcTicks}-{shift.PersonId}");
    }

    private static async Task<Results<Ok<ScheduleAnswer>, ProblemHttpResult>> SetAsync(Guid id, ScheduleBody body, Caller caller, SetSchedule set, ScheduleQueries schedules, CancellationToken cancel)
    {
        if (body.Layers is null) return new InvalidFailure("layers", "Send the layers, the upper one first; an empty list means none.").ToProblem();
        if (body.Version is not { } version) return new InvalidFailure("version", "Send the version of the schedule that you saw.").ToProblem();
        if (await schedules.GetAsync(id, cancel) is not { } view) return new TeamNotFound(id).ToProblem();
        var layers = new List<DutyLayer>();
        foreach (var (index, layer) in body.Layers.Index())
        {
            var read = (layer ?? new LayerBody()).Read($"layers[{index}]");
            if (read.Failure is { } slip) return slip.ToProblem();
            layers.Add(read.Value);
        }

        var done = await set.RunAsync(id, view.Schedule with { Layers = layers }, version, caller.Person, cancel);
        return done.Failure is { } refused ? refused.ToProblem() : await GetAsync(id, schedules, cancel);
    }

    private static async Task<Results<Created<OverrideBody>, ProblemHttpResult>> AddAsync(Guid id, OverrideBody body, Caller caller, SetSchedule set, CancellationToken cancel)
    {
        var read = body.Read();
        if (read.Failure is { } slip) return slip.ToProblem();
        var added = await set.AddAsync(id, read.Value, caller.Person, cancel);
        return added.Failure is { } refused ? refused.ToProblem() : TypedResults.Created($"{ApiPaths.Root}/teams/{id}/schedule", OverrideBody.Of(added.Value));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(Guid id, Guid overrideId, Caller caller, SetSchedule set, CancellationToken cancel) =>
        await set.RemoveAsync(id, overrideId, caller.Person, cancel) is { } refused ? refused.ToProblem() : TypedResults.NoContent();
}

/// <summary>A schedule as it is answered. <c>Skipped</c> names those who are deactivated or not in the team: others have their turns.</summary>
internal sealed record ScheduleAnswer(
    Guid TeamId, string Team, int Version, IReadOnlyList<LayerBody> Layers, IReadOnlyList<OverrideBody> Overrides, IReadOnlyList<OnNow> Now, NextOn? Next, IReadOnlyList<ShiftView> Gaps, IReadOnlyList<string> Skipped)
{
    public static ScheduleAnswer Of(ScheduleView view) => new(
        view.TeamId, view.Team, view.Version, [.. view.Schedule.Layers.Select(LayerBody.Of)], [.. view.Schedule.Overrides.Select(OverrideBody.Of)], view.Now, view.Next, view.Gaps, view.Skipped);
}

/// <summary>Layers as they are sent, and the version that was seen.</summary>
internal sealed record ScheduleBody(int? Version, IReadOnlyList<LayerBody?>? Layers);

/// <summary>
/// A layer. <c>People</c> are ids in the order of their turns; <c>Unit</c> is hours, days, weeks or months; <c>Start</c> is a date and <c>HandOver</c> a
/// time of the wall clock in <c>Zone</c>. <c>Days</c>, <c>From</c> and <c>To</c> restrict it; left away it holds always.
/// </summary>
internal sealed record LayerBody(
    string? Name = null, IReadOnlyList<Guid>? People = null, int? Length = null, string? Unit = null, string? Start = null, string? HandOver = null, string? Zone = null,
    IReadOnlyList<string>? Days = null, string? From = null, string? To = null)
{
    public static LayerBody Of(DutyLayer layer) => new(
        layer.Name, layer.People, layer.Length, layer.Unit.ToString().ToLowerInvariant(), LocalTimes.Date.Format(layer.Start), LocalTimes.Time.Format(layer.HandOver), layer.Zone,
        [.. layer.Days.Select(day => day.ToString().ToLowerInvariant())], LocalTimes.Time.Format(layer.From), LocalTimes.Time.Format(layer.To));

    public Result<DutyLayer> Read(string at)
    {
        if (!Words.TryRead<ShiftUnit>(Unit ?? "weeks", out var unit)) return new InvalidFailure($"{at}.unit", $"unit is '{Unit}' and must be one of hours, days, weeks, months.");
        if (!LocalTimes.Date.Parse(Start ?? "").TryGetValue(default, out var start)) return new InvalidFailure($"{at}.start", $"start is '{Start}' and must be a date such as 2026-03-30.");
        if (!LocalTimes.Time.Parse(HandOver ?? "08:00").TryGetValue(default, out var handOver)) return new InvalidFailure($"{at}.handOver", $"handOver is '{HandOver}' and must be a time such as 08:00.");
        if (!LocalTimes.Time.Parse(From ?? "00:00").TryGetValue(default, out var from)) return new InvalidFailure($"{at}.from", $"from is '{From}' and must be a time such as 18:00.");
        if (!LocalTimes.Time.Parse(To ?? "00:00").TryGetValue(default, out var to)) return new InvalidFailure($"{at}.to", $"to is '{To}' and must be a time such as 08:00.");
        var days = new List<IsoDayOfWeek>();
        foreach (var name in Days ?? [])
        {
            if (!Words.TryRead<IsoDayOfWeek>(name, out var day) || day == IsoDayOfWeek.None) return new InvalidFailure($"{at}.days", $"'{name}' is no day of the week, such as monday.");
            days.Add(day);
        }

        return new DutyLayer((Name ?? "").Trim(), People ?? [], Length ?? 1, unit, start, handOver, Zone ?? "", [.. days.Distinct().Order()], from, to);
    }
}

/// <summary>An override. <c>From</c> and <c>Until</c> are times of the wall clock in <c>Zone</c>, such as <c>2026-03-29T18:00</c>.</summary>
internal sealed record OverrideBody(Guid? Id, Guid? Person, Guid? InsteadOf, string? From, string? Until, string? Zone)
{
    public static OverrideBody Of(DutyOverride one) => new(one.Id, one.PersonId, one.InsteadOf, LocalTimes.DateAndTime.Format(one.From), LocalTimes.DateAndTime.Format(one.Until), one.Zone);

    public Result<DutyOverride> Read()
    {
        if (Person is not { } person) return new InvalidFailure("person", "Say who is on duty, by id.");
        if (!LocalTimes.DateAndTime.Parse(From ?? "").TryGetValue(default, out var from)) return new InvalidFailure("from", $"from is '{From}' and must be a date and time such as 2026-03-29T18:00.");
        if (!LocalTimes.DateAndTime.Parse(Until ?? "").TryGetValue(default, out var until)) return new InvalidFailure("until", $"until is '{Until}' and must be a date and time such as 2026-03-30T08:00.");
        return new DutyOverride(Id ?? Guid.Empty, person, InsteadOf, from, until, Zone ?? "");
    }
}
