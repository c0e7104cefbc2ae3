using System.Globalization;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>The Test button: address, credentials, who we are, version, callbacks, and every cell of the role.</summary>
internal sealed class PsaProbe(PsaClient client, ConnectWisePsaOptions options, PsaRightsProbe rights, bool installed, Func<CancellationToken, Task<ProbeCheck>>? secondKey)
{
    private readonly ProbeChecks _checks = new(FixFor);
    private RightsReport? _rights;

    public async Task<ProbeReport> RunAsync(CancellationToken cancel)
    {
        if (await AddressAsync(cancel) && await CredentialsAsync(cancel))
        {
            await MemberAsync(cancel);
            if (secondKey is not null) await _checks.RunAsync("Second key", () => secondKey(cancel));
            await CallbacksAsync(cancel);
            await RightsAsync(cancel);
        }

        return new(_checks.Made) { Rights = _rights };
    }

    private Task<bool> AddressAsync(CancellationToken cancel) => _checks.RunAsync("Address", async () =>
    {
        var address = await client.AddressAsync(cancel);
        var secure = address.Rest.Scheme == Uri.UriSchemeHttps ? "over a trusted TLS connection" : "without encryption, which is allowed on this machine only";
        var through = client.Proxy is { } proxy ? $" through the proxy {proxy}" : "";
        return new("Address", ProbeOutcome.Passed, $"Company {client.CompanyId} answers at {address.Rest}{through}, {secure}.");
    });

    private async Task<bool> CredentialsAsync(CancellationToken cancel)
    {
        SystemInfoDto? info = null;
        var known = await _checks.RunAsync("Credentials", async () =>
        {
            info = await client.GetAsync("system/info", PsaJson.Default.SystemInfoDto, cancel);
            return client.SecondKeySince is not null
                ? new("Credentials", ProbeOutcome.Warning, "ConnectWise refuses the first key; the second is used.", "Press \"Use the second key\" on the connection's page, which drops the first.")
                : new("Credentials", ProbeOutcome.Passed, "The keys are accepted.");
        });
        if (known)
        {
            _checks.Add(Version(info?.Version));
        }

        return known;
    }

    /// <summary>Versions look like <c>v2025.1.118731</c>; the interface used here exists since 2019.1 (S12).</summary>
    internal static ProbeCheck Version(string? text)
    {
        const string name = "Version";
        var parts = (text ?? "").TrimStart('v', 'V').Split('.');
        if (parts.Length < 2 || !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var year)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var release))
        {
            return new(name, ProbeOutcome.Warning, $"The version \"{text}\" is not understood. Version 2019.1 or newer is needed.");
        }

        return (year, release).CompareTo((2019, 1)) >= 0
            ? new(name, ProbeOutcome.Passed, $"ConnectWise PSA {text}.")
            : new(name, ProbeOutcome.Failed, $"ConnectWise PSA {text} is too old.", "Update ConnectWise PSA to version 2019.1 or newer.");
    }

    private Task<bool> MemberAsync(CancellationToken cancel) => _checks.RunAsync("API member", async () =>
    {
        var answer = await client.GetAsync("system/myMembers", cancel);
        var me = PsaMap.First(answer);
        var identifier = PsaMap.Text(me, "identifier");
        return string.Equals(identifier, options.MemberId, StringComparison.OrdinalIgnoreCase)
            ? new("API member", ProbeOutcome.Passed, $"The keys belong to {identifier}.")
            : new("API member", ProbeOutcome.Failed, $"The keys belong to {identifier ?? "nobody"}, not to {options.MemberId}.",
                "Enter the Member ID that the keys were made for, or the keys of that member (System > Members > API Members > API Keys).");
    });

    private Task<bool> CallbacksAsync(CancellationToken cancel) => _checks.RunAsync("Callbacks", async () =>
    {
        try
        {
            await client.PageAsync("system/callbacks", new() { Page = 1, PageSize = 1 }, static row => row.ValueKind, cancel);
            return new("Callbacks", ProbeOutcome.Passed, "Can be read.");
        }
        catch (ConnectorUnavailableException older) when (older.RouteMissing)
        {
            return new("Callbacks", ProbeOutcome.Warning, "This release has no callbacks. Changes are found by polling only, up to 20 seconds later.", "Update ConnectWise PSA if that is too slow.");
        }
    });

    private Task<bool> RightsAsync(CancellationToken cancel) => _checks.RunAsync("Rights", async () =>
    {
        var report = _rights = await rights.RunAsync(cancel);
        _checks.AddRange(report.Rows.Select(row => PsaRightsWords.Check(row, installed)));
        if (report.Visible is { } seen) _checks.Add(PsaRightsWords.Check(seen));
        return report.Notes.Count == 0
            ? new("Rights", ProbeOutcome.Passed, $"Looked at every cell of the role{(report.Role.Length > 0 ? $" {report.Role}" : "")}; nothing was changed.")
            : new("Rights", ProbeOutcome.Warning, string.Join(' ', report.Notes));
    });

    private static string FixFor(ConnectorException failure) => failure switch
    {
        ConnectorCredentialsException => "Correct Company ID, Public API Key, Private API Key or Client ID.",
        ConnectorRejectedException { Kind: RejectionKind.Permission } => PsaRights.FixIn(failure.Message),
        ConnectorThrottledException throttled => $"Wait {throttled.RetryAfter.TotalSeconds:0} seconds and test again.",
        ConnectorUnavailableException => "Correct the Instance URI, or mend the network between this machine and ConnectWise, then test again.",
        _ => "See the message; then test again.",
    };
}
