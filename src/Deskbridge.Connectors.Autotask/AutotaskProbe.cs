namespace Deskbridge.Connectors.Autotask;

/// <summary>The Test button: zone, credentials, calls left, rights, lists, and whether the settings fit them.</summary>
internal sealed class AutotaskProbe(AutotaskClient client, TicketSchemas schemas, RightsProbe rights, Func<CancellationToken, Task<RuleBook>> rules)
{
    private readonly ProbeChecks _checks = new(FixFor);
    private RightsReport? _rights;

    public async Task<ProbeReport> RunAsync(CancellationToken cancel)
    {
        if (await ZoneAsync(cancel) && await CredentialsAsync(cancel))
        {
            await RightsAsync(cancel);
            if (await ListsAsync(cancel)) await SettingsAsync(cancel);
        }

        return new(_checks.Made) { Rights = _rights };
    }

    private Task<bool> ZoneAsync(CancellationToken cancel) => _checks.RunAsync("Zone", async () =>
    {
        var zone = await client.ZoneAsync(cancel);
        var secure = zone.Rest.Scheme == Uri.UriSchemeHttps ? "over a trusted TLS connection" : "without encryption, which is allowed on this machine only";
        var through = client.Proxy is { } proxy ? $" through the proxy {proxy}" : "";
        return new("Zone", ProbeOutcome.Passed, $"Your Autotask answers at {zone.Rest}, {secure}{through}.");
    });

    private Task<bool> CredentialsAsync(CancellationToken cancel) => _checks.RunAsync("Credentials", async () =>
    {
        var calls = await client.ThresholdAsync(cancel);
        var used = $"{calls.CurrentTimeframeRequestCount} of {calls.ExternalRequestThreshold} calls of the last {calls.RequestThresholdTimeframe} minutes are used, by all integrations together.";
        _checks.Add(calls.CurrentTimeframeRequestCount * 2 >= calls.ExternalRequestThreshold
            ? new("Calls", ProbeOutcome.Warning, used, "Look which integration calls so often: Autotask slows all of them down above half of the limit.")
            : new("Calls", ProbeOutcome.Passed, used));
        return new("Credentials", ProbeOutcome.Passed, "The API user is accepted.");
    });

    private Task<bool> RightsAsync(CancellationToken cancel) => _checks.RunAsync("Rights", async () =>
    {
        var report = _rights = await rights.RunAsync(cancel);
        _checks.AddRange(report.Rows.Where(row => row.Needed.IsNeeded).Select(Check));
        return report.Notes.Count == 0 ? new("Rights", ProbeOutcome.Passed, "Looked at every object that is used; nothing was changed.") : new("Rights", ProbeOutcome.Warning, string.Join(' ', report.Notes));
    });

    private static ProbeCheck Check(RightRow row)
    {
        var name = $"{row.Needed.Module} > {row.Needed.Function}";
        var missing = row.Missing(setup: true).ToList();
        if (missing.Count == 0) return new(name, ProbeOutcome.Passed, row.Needed.Why + ".");
        var lacks = $"Missing: {string.Join(", ", missing.Select(cell => Word(cell.Column)))}. {row.Needed.Why}.";
        return row.Needed.Without is { } without
            ? new(name, ProbeOutcome.Warning, $"{lacks} Without it {without}.", row.Fix)
            : new(name, ProbeOutcome.Failed, lacks, row.Fix);
    }

    private static string Word(RightColumn column) => column switch
    {
        RightColumn.Inquire => "View",
        _ => $"{column}",
    };

    private Task<bool> ListsAsync(CancellationToken cancel) => _checks.RunAsync("Lists", async () =>
    {
        var schema = await schemas.ReadFreshAsync(cancel);
        var (statuses, queues) = (schema.Choices(TicketSchema.Status).Count(), schema.Choices(TicketSchema.Queue).Count());
        return statuses == 0
            ? new("Lists", ProbeOutcome.Failed, "The statuses of tickets cannot be read.", AutotaskRights.Fix("Tickets"))
            : new("Lists", ProbeOutcome.Passed, $"{statuses} statuses and {queues} queues.");
    });

    private Task<bool> SettingsAsync(CancellationToken cancel) => _checks.RunAsync("Query Filter and statuses", async () =>
    {
        var book = await rules(cancel);
        return book.Problems.Count == 0
            ? new("Query Filter and statuses", ProbeOutcome.Passed, "Every name in them is known to Autotask.")
            : new("Query Filter and statuses", ProbeOutcome.Failed, string.Join(' ', book.Problems.Select(problem => problem.Message)), "Correct the setting that is named, then test again.");
    });

    private static string FixFor(ConnectorException failure) => failure switch
    {
        ConnectorCredentialsException => "Correct Username, Secret or API integration code, or unlock the API user.",
        ConnectorRejectedException { Kind: RejectionKind.Permission } => "Grant the right that the message names, then test again.",
        ConnectorThrottledException throttled => $"Wait {throttled.RetryAfter.TotalSeconds:0} seconds and test again.",
        ConnectorUnavailableException => "Correct the web services address, or mend the network between this machine and Autotask, then test again.",
        _ => "See the message; then test again.",
    };
}
