using Deskbridge.Core.Common;
using Deskbridge.Core.Directory;

namespace Deskbridge.Core.Alerting;

/// <summary>Takes an alert: paging stops and the ticket is told.</summary>
internal sealed class AcknowledgeAlert(PersonTransition transition)
{
    /// <summary>Runs it. Repeating what already holds changes nothing and succeeds.</summary>
    public Task<Result<AlertActed>> RunAsync(Guid alertId, Person by, CancellationToken cancel) =>
        transition.RunAsync(alertId, new PersonAction(by, AlertStatus.Acknowledged, "acknowledged", "acknowledged the alert", alert => alert.MayAcknowledge()), cancel);
}
