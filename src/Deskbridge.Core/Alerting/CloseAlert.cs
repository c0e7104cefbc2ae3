using Deskbridge.Core.Common;
using Deskbridge.Core.Directory;

namespace Deskbridge.Core.Alerting;

/// <summary>Closes an alert.</summary>
internal sealed class CloseAlert(PersonTransition transition)
{
    /// <summary>Runs it. Repeating what already holds changes nothing and succeeds.</summary>
    public Task<Result<AlertActed>> RunAsync(Guid alertId, Person by, CancellationToken cancel) =>
        transition.RunAsync(alertId, new PersonAction(by, AlertStatus.Closed, "closed", "closed the alert", alert => alert.MayClose()), cancel);
}
