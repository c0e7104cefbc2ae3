using Deskbridge.Core.Common;
using Deskbridge.Core.Directory;

namespace Deskbridge.Core.Alerting;

/// <summary>Opens a closed alert again: it pages, and its ticket may be opened.</summary>
internal sealed class ReopenAlert(PersonTransition transition)
{
    /// <summary>Runs it. Repeating what already holds changes nothing and succeeds.</summary>
    public Task<Result<AlertActed>> RunAsync(Guid alertId, Person by, CancellationToken cancel) =>
        transition.RunAsync(alertId, new PersonAction(by, AlertStatus.Open, "reopened", "re-opened the alert", alert => alert.MayReopen()), cancel);
}
