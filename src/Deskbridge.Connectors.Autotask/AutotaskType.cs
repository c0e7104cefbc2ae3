using Deskbridge.Connectors.Autotask.Filters;
using Deskbridge.Connectors.Http;

namespace Deskbridge.Connectors.Autotask;

/// <summary>The kind <c>autotask</c>.</summary>
internal sealed class AutotaskType : IConnectorType
{
    public string Kind => "autotask";

    public string Name => "Autotask PSA";

    public string Summary =>
        "Tickets that match a query filter page the engineer on duty; acknowledging, closing and commenting on the alert update the ticket, and the other way round.";

    public string Category => "PSA";

    public bool NumbersTickets => true;

    public Type OptionsType => typeof(AutotaskOptions);

    /// <summary>The zone is found by the user name alone, and what stands behind its @ is the company's: of all API users of one Autotask the same.</summary>
    public string InstanceKey(object options) => ((AutotaskOptions)options).UserName.Trim().ToLowerInvariant().Split('@')[^1];

    public IReadOnlyList<NeededRight> NeededRights(object options) => [.. AutotaskRights.Of((AutotaskOptions)options).Select(row => row.Right)];

    public IConnector Create(ConnectorContext context) => new AutotaskConnector(context);

    public IReadOnlyList<SettingProblem> Check(object options)
    {
        var given = (AutotaskOptions)options;
        foreach (var property in typeof(AutotaskOptions).GetProperties().Where(property => property.PropertyType == typeof(string) && property.Name is not (nameof(AutotaskOptions.Secret) or nameof(AutotaskOptions.ProxyPassword))))
            property.SetValue(given, ((string?)property.GetValue(given))?.Trim());
        List<SettingProblem> problems = [.. Credentials(given)];
        if (ZoneAddress.Normalise(given.Address, out var origin) is { } address) problems.Add(address);
        if (origin.Length > 0) given.Address = origin;
        if (string.IsNullOrEmpty(given.CertificateAuthority)) given.CertificateAuthority = null;
        else if (CertificateText.WhyNot(given.CertificateAuthority) is { } reason) problems.Add(new(nameof(given.CertificateAuthority), reason));
        problems.AddRange(given.CheckProxy(origin.Length > 0 ? new Uri(origin) : null));
        FilterText.Read(given.QueryFilter, out var unreadable);
        problems.AddRange(unreadable.Select(problem => new SettingProblem(nameof(given.QueryFilter), problem)));
        problems.AddRange(Limits(given));
        return problems;
    }

    private static IEnumerable<SettingProblem> Credentials(AutotaskOptions given)
    {
        (string Setting, string? Value, string Label)[] required =
        [
            (nameof(given.UserName), given.UserName, "the user name (key) of the API user"),
            (nameof(given.Secret), given.Secret, "the password that Autotask showed when the API user was made"),
            (nameof(given.IntegrationCode), given.IntegrationCode, "the tracking identifier of the API user"),
        ];
        foreach (var (setting, value, label) in required)
        {
            if (string.IsNullOrEmpty(value)) yield return new(setting, $"Enter {label}.");
            else if (value.Any(c => c is < ' ' or > '~')) yield return new(setting, "The value holds a line break or a sign that Autotask never uses here. Copy it again.");
        }
    }

    private static IEnumerable<SettingProblem> Limits(AutotaskOptions given)
    {
        if (given.Flows == StatusFlows.None) yield return new(nameof(given.Flows), "Choose at least one status mapping; without any, tickets and alerts never follow each other.");
        if (given.AgeHours is < 1 or > 87_600) yield return new(nameof(given.AgeHours), "Enter an age limit between 1 and 87600 hours.");
        if (given.NewAlertAfterHours is < 1 or > 8_760) yield return new(nameof(given.NewAlertAfterHours), "Enter between 1 and 8760 hours.");
        if (given.HourlyCalls is < 500 or > 100_000) yield return new(nameof(given.HourlyCalls), "Enter between 500 and 100000 calls an hour.");
        if (given.AcknowledgedStatus.Length > 0 && given.AcknowledgedStatus.Equals(given.ClosedStatus, StringComparison.OrdinalIgnoreCase))
            yield return new(nameof(given.ClosedStatus), "Acknowledging and closing set the same status, so neither could be told from the other. Choose two, or leave one empty.");
    }
}
