using System.Globalization;
using System.Text.Json;

namespace Deskbridge.Connectors.ConnectWise.Psa;

/// <summary>The Test button: address, credentials, who we are, version, and every right by really reading what it guards.</summary>
internal sealed class PsaProbe(PsaClient client, ConnectWisePsaOptions options)
{
    private readonly List<ProbeCheck> _checks = [];

    public async Task<ProbeReport> RunAsync(CancellationToken cancel)
    {
        if (await AddressAsync(cancel) && await CredentialsAsync(cancel))
        {
            await MemberAsync(cancel);
            foreach (var (name, path) in Reads)
            {
                await CheckAsync(name, async () =>
                {
                    await client.PageAsync(path, new() { Page = 1, PageSize = 1 }, cancel);
                    return new(name, ProbeOutcome.Passed, "Can be read.");
                });
            }

            await RightsAsync(cancel);
        }

        return new(_checks);
    }

    private static (string Name, string Path)[] Reads =>
    [
        ("Service tickets", "service/tickets"),
        ("Service boards", "service/boards"),
        ("Members", "system/members"),
        ("Custom fields", "system/userDefinedFields"),
        ("Workflow rules", "system/workflows"),
        ("Callbacks", "system/callbacks"),
        ("Schedule", "schedule/entries"),
    ];

    private Task<bool> AddressAsync(CancellationToken cancel) => CheckAsync("Address", async () =>
    {
        var address = await client.AddressAsync(cancel);
        var secure = address.Rest.Scheme == Uri.UriSchemeHttps ? "over a trusted TLS connection" : "without encryption, which is allowed on this machine only";
        return new("Address", ProbeOutcome.Passed, $"Company {client.CompanyId} answers at {address.Rest}, {secure}.");
    });

    private async Task<bool> CredentialsAsync(CancellationToken cancel)
    {
        SystemInfoDto? info = null;
        var known = await CheckAsync("Credentials", async () =>
        {
            info = await client.GetAsync("system/info", PsaJson.Default.SystemInfoDto, cancel);
            return new("Credentials", ProbeOutcome.Passed, "The keys are accepted.");
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

    private Task<bool> MemberAsync(CancellationToken cancel) => CheckAsync("API member", async () =>
    {
        var answer = await client.GetAsync("system/myMembers", cancel);
        var me = answer.ValueKind == JsonValueKind.Array ? answer.EnumerateArray().FirstOrDefault() : answer;
        var identifier = PsaMap.Text(me, "identifier");
        return string.Equals(identifier, options.MemberId, StringComparison.OrdinalIgnoreCase)
            ? new("API member", ProbeOutcome.Passed, $"The keys belong to {identifier}.")
            : new("API member", ProbeOutcome.Failed, $"The keys belong to {identifier ?? "nobody"}, not to {options.MemberId}.",
                "Enter the Member ID that the keys were made for, or the keys of that member (System > Members > API Members > API Keys).");
    });

    /// <summary>What reading cannot show, from the list of the caller's own rights.</summary>
    private Task<bool> RightsAsync(CancellationToken cancel) => CheckAsync("Rights to write", async () =>
    {
        var rows = (await client.PageAsync("system/mySecurity", new() { Page = 1, PageSize = PsaQuery.LargestPage }, cancel))
            .Select(row => PsaClient.Read(row, PsaJson.Default.SecurityRowDto)).ToList();
        var missing = PsaNeededRights.MissingFrom(rows);
        return missing.Count == 0
            ? new("Rights to write", ProbeOutcome.Passed, "The security role allows what is needed.")
            : new("Rights to write", ProbeOutcome.Failed, $"The security role of the API member lacks: {string.Join("; ", missing)}.",
                PsaRights.FixAll(missing));
    });

    private async Task<bool> CheckAsync(string name, Func<Task<ProbeCheck>> check)
    {
        try
        {
            var done = await check();
            _checks.Add(done);
            return done.Outcome != ProbeOutcome.Failed;
        }
        catch (ConnectorException failure)
        {
            _checks.Add(new(name, ProbeOutcome.Failed, failure.Message, FixFor(failure)));
            return false;
        }
    }

    private static string FixFor(ConnectorException failure) => failure switch
    {
        ConnectorCredentialsException => "Correct Company ID, Public API Key, Private API Key or Client ID.",
        ConnectorRejectedException { Kind: RejectionKind.Permission } => PsaRights.FixIn(failure.Message),
        ConnectorThrottledException throttled => $"Wait {throttled.RetryAfter.TotalSeconds:0} seconds and test again.",
        ConnectorUnavailableException => "Correct the Instance URI, or mend the network between this machine and ConnectWise, then test again.",
        _ => "See the message; then test again.",
    };
}
