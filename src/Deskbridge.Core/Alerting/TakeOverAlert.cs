using Deskbridge.Core.Common;
using Deskbridge.Core.Directory;

namespace Deskbridge.Core.Alerting;

/// <summary>Hands an acknowledged alert over to another person: an acknowledge of theirs, with all that it does to the ticket.</summary>
internal sealed class TakeOverAlert(PersonTransition transition)
{
    /// <summary>Runs it. Who has the alert already changes nothing and succeeds.</summary>
    public Task<Result<AlertActed>> RunAsync(Guid alertId, Person by, CancellationToken cancel) =>
        transition.RunAsync(alertId, new PersonAction(by, AlertStatus.Acknowledged, "acknowledged", "took the alert over", alert => alert.MayTakeOver(by)), cancel);
}
