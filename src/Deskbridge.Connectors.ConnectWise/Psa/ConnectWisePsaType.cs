using System.Text.RegularExpressions;
using Deskbridge.Connectors.Http;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>The kind <c>connectwise-psa</c>.</summary>
internal sealed partial class ConnectWisePsaType : IConnectorType
{
    public string Kind => "connectwise-psa";

    public string Name => "ConnectWise PSA";

    public string Summary =>
        "Service tickets page the engineer on duty; acknowledging, closing and commenting on the alert update the ticket, and the other way round.";

    public string Category => "PSA";

    public Type OptionsType => typeof(ConnectWisePsaOptions);

    /// <summary>Everybody signs in with the company's id, and no two systems have the same.</summary>
    public string InstanceKey(object options) => ((ConnectWisePsaOptions)options).CompanyId.Trim().ToLowerInvariant();

    public void PromoteSecondKey(object options) => ((ConnectWisePsaOptions)options).PromoteSecondKey();

    public IReadOnlyList<NeededRight> NeededRights(object options) => PsaRoleNeeds.Of((ConnectWisePsaOptions)options);

    public IConnector Create(ConnectorContext context) => new ConnectWisePsaConnector(context);

    public IReadOnlyList<SettingProblem> Check(object options)
    {
        var given = (ConnectWisePsaOptions)options;
        TrimAll(given);
        var problems = new List<SettingProblem>();
        if (InstanceUri.Normalise(given.InstanceUri, out var origin) is { } address)
        {
            problems.Add(address);
        }

        given.InstanceUri = origin.Length > 0 ? origin : given.InstanceUri;
        problems.AddRange(Credentials(given));
        problems.AddRange(Names(given));
        problems.AddRange(Statuses(given));
        problems.AddRange(Authority(given));
        problems.AddRange(PsaExtraSettings.Check(given));
        if (given.Flows == StatusFlows.None)
        {
            problems.Add(new(nameof(given.Flows), "Choose at least one status mapping; without any, tickets and alerts never follow each other."));
        }

        if (given.AgeHours is < 1 or > 87_600)
        {
            problems.Add(new(nameof(given.AgeHours), "Enter an age limit between 1 and 87600 hours."));
        }

        if (given.NewAlertAfterHours is < 1 or > 8_760)
        {
            problems.Add(new(nameof(given.NewAlertAfterHours), "Enter between 1 and 8760 hours."));
        }

        return problems;
    }

    private static void TrimAll(ConnectWisePsaOptions given)
    {
        foreach (var property in typeof(ConnectWisePsaOptions).GetProperties().Where(property => property.PropertyType == typeof(string)))
        {
            property.SetValue(given, ((string?)property.GetValue(given))?.Trim());
        }
    }

    private static IEnumerable<SettingProblem> Credentials(ConnectWisePsaOptions given)
    {
        (string Setting, string? Value, string Label)[] required =
        [
            (nameof(given.CompanyId), given.CompanyId, "the Company ID you enter when signing in to ConnectWise"),
            (nameof(given.MemberId), given.MemberId, "the Member ID of the API member (System > Members > API Members)"),
            (nameof(given.PublicKey), given.PublicKey, "the public key from the API Keys tab of the API member"),
            (nameof(given.PrivateKey), given.PrivateKey, "the private key that ConnectWise showed when the API key was made"),
        ];
        foreach (var (setting, value, label) in required)
        {
            if (string.IsNullOrEmpty(value))
            {
                yield return new(setting, $"Enter {label}.");
            }
            else if (value.Any(c => c is < '!' or > '~' or ':'))
            {
                yield return new(setting, "The value contains a blank, a colon, or a character that is no plain letter, digit or sign, which ConnectWise never uses here. Copy it again.");
            }
            else if (setting == nameof(given.CompanyId) && (value.AsSpan().ContainsAny('/', '\\', '?') || value.All(c => c == '.')))
            {
                yield return new(setting, "A Company ID is one word without slashes, as you enter it when signing in to ConnectWise.");
            }
        }

        if (!Guid.TryParse(given.ClientId, out var clientId))
        {
            yield return new(nameof(given.ClientId), "Enter the client ID, a GUID such as 3f2504e0-4f89-41d3-9a0c-0305e82c3301, from developer.connectwise.com.");
        }
        else
        {
            given.ClientId = clientId.ToString("D");
        }
    }

    private static IEnumerable<SettingProblem> Names(ConnectWisePsaOptions given)
    {
        (string Setting, string? Value)[] fields =
            [(nameof(given.RetrievedField), given.RetrievedField), (nameof(given.StatusField), given.StatusField), (nameof(given.UserField), given.UserField)];
        foreach (var (setting, value) in fields)
        {
            if (!FieldName().IsMatch(value ?? ""))
            {
                yield return new(setting, "A custom field's caption has 1 to 25 characters: letters, digits and underscores, beginning with a letter.");
            }
        }

        (string Setting, string? Value)[] rules =
            [(nameof(given.TriggerRule), given.TriggerRule), (nameof(given.UpdateRule), given.UpdateRule), (nameof(given.WriteRule), given.WriteRule)];
        foreach (var (setting, value) in rules)
        {
            if (value is not { Length: >= 1 and <= 100 })
            {
                yield return new(setting, "A workflow rule's name has 1 to 100 characters.");
            }
        }

        foreach (var (setting, _) in Doubles(fields).Concat(Doubles(rules)))
        {
            yield return new(setting, "The same name is used twice. Each needs its own.");
        }
    }

    private static IEnumerable<(string Setting, string? Value)> Doubles((string Setting, string? Value)[] named) =>
        named.Where((one, index) => named.Take(index).Any(other => string.Equals(one.Value, other.Value, StringComparison.OrdinalIgnoreCase)));

    private static IEnumerable<SettingProblem> Statuses(ConnectWisePsaOptions given)
    {
        (string Setting, string? Value)[] statuses =
        [
            (nameof(given.NewStatus), given.NewStatus), (nameof(given.InProgressStatus), given.InProgressStatus),
            (nameof(given.AssignedStatus), given.AssignedStatus), (nameof(given.ClosedStatus), given.ClosedStatus),
        ];
        return statuses.Where(status => status.Value is not { Length: >= 1 and <= 50 })
            .Select(status => new SettingProblem(status.Setting, "A status name has 1 to 50 characters."));
    }

    private static IEnumerable<SettingProblem> Authority(ConnectWisePsaOptions given)
    {
        if (string.IsNullOrEmpty(given.CertificateAuthority)) given.CertificateAuthority = null;
        else if (CertificateText.WhyNot(given.CertificateAuthority) is { } reason) yield return new(nameof(given.CertificateAuthority), reason);
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_]{0,24}$", RegexOptions.None, 100)]
    private static partial Regex FieldName();
}
