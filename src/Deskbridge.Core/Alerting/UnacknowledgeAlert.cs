using Deskbridge.Core.Common;
using Deskbridge.Core.Directory;

namespace Deskbridge.Core.Alerting;

/// <summary>Gives an acknowledged alert back: it is open again and pages.</summary>
internal sealed class UnacknowledgeAlert(PersonTransition transition)
{
    /// <summary>Runs it. Repeating what already holds changes nothing and succeeds.</summary>
    public Task<Result<AlertActed>> RunAsync(Guid alertId, Person by, CancellationToken cancel) =>
        transition.RunAsync(alertId, new PersonAction(by, AlertStatus.Open, "unacknowledged", "took the acknowledgement back", alert => alert.MayUnacknowledge()), cancel);
}
