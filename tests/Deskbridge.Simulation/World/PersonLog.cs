using Deskbridge.Core.Alerting;

namespace Deskbridge.Simulation.World;

/// <summary>What persons did in the hub, and what they were told.</summary>
internal sealed class PersonLog
{
    public List<PersonAct> Acts { get; } = [];

    public List<PersonNote> Notes { get; } = [];

    /// <summary>Ids of files that a person was told are attached.</summary>
    public List<Guid> Files { get; } = [];
}

/// <summary>A state change that a person was told is done, or that turned out to be done after a crash.</summary>
internal sealed record PersonAct(Guid AlertId, int Transition, AlertStatus To, bool WasReopen, DateTimeOffset At, int OracleSeq);

/// <summary>A note that a person was told is written down, with the text of the last edit that they were told is.</summary>
internal sealed record PersonNote(Guid AlertId, string Text, string Key)
{
    public string Text { get; set; } = Text;
}
