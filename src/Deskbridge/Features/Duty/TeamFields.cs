using Deskbridge.Core.Alerting.Teams;

namespace Deskbridge.Features.Duty;

/// <summary>The form of a team.</summary>
internal sealed class TeamFields
{
    public string? Name { get; set; }

    public string? Description { get; set; }

    public int RepeatMinutes { get; set; } = 5;

    public int MaxRepeats { get; set; }

    public List<Guid> Members { get; set; } = [];

    public static TeamFields Of(TeamView team) => new()
    {
        Name = team.Name,
        Description = team.Description,
        RepeatMinutes = team.RepeatMinutes,
        MaxRepeats = team.MaxRepeats,
        Members = [.. team.Members.Select(member => member.PersonId)],
    };

    public TeamDraft ToDraft() => new(Name ?? "", Description ?? "", RepeatMinutes, MaxRepeats);
}
