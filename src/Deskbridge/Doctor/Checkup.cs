using System.Runtime.CompilerServices;
using Deskbridge.Core.Data;
using Microsoft.AspNetCore.DataProtection;

namespace Deskbridge.Doctor;

/// <summary>
/// Every check of <c>deskbridge doctor</c>, in the order of the report. Works beside a running hub and without one: it neither takes the
/// folder nor changes what is in it, and sends no message to anybody unless that is asked for.
/// </summary>
internal static class Checkup
{
    public static async IAsyncEnumerable<Finding> RunAsync(DataFolder folder, string? typed, TimeProvider clock, bool send, [EnumeratorCancellation] CancellationToken cancel)
    {
        foreach (var finding in FolderChecks.Run(folder)) yield return finding;
        if (!Directory.Exists(folder.Root)) yield break;

        var (database, unreadable) = Database(typed, folder);
        if (unreadable is not null) yield return unreadable;
        if (database is null) yield break;

        await using var services = Services(folder, database, clock);
        var readable = true;
        await foreach (var finding in DatabaseChecks.RunAsync(services, clock, cancel))
        {
            yield return finding;
            readable &= finding.Outcome != Outcome.Failed && finding.Name != DatabaseChecks.OlderSchema;
        }

        if (!readable)
        {
            yield return Finding.Warning("Database", "Further checks", "Settings, secrets, connections and channels were not checked, for they are read from the database.", "Mend the database first, then run the doctor again.");
            yield break;
        }

        await foreach (var finding in SecretChecks.RunAsync(services, folder, cancel)) yield return finding;
        yield return await AuditChecks.RunAsync(services, cancel);
        yield return await HubChecks.ClockAsync(services, clock, cancel);
        await foreach (var finding in HubChecks.RunAsync(services, folder, clock, cancel)) yield return finding;
        await foreach (var finding in PublicAddressCheck.RunAsync(services, folder, cancel)) yield return finding;
        if (await ProxyCheck.RunAsync(folder, cancel) is { } proxy) yield return proxy;
        await foreach (var finding in AddressChecks.RunAsync(services, send, cancel)) yield return finding;
        await foreach (var finding in ConnectionChecks.RunAsync(services, clock, cancel)) yield return finding;
    }

    private static (HubDatabase? Database, Finding? Wrong) Database(string? typed, DataFolder folder)
    {
        try
        {
            return (DatabaseTrouble.Read(typed, folder), null);
        }
        catch (StartRefusedException wrong)
        {
            return (null, Finding.Failed("Database", "Address", wrong.Message, "Give the address that the hub is started with."));
        }
    }

    private static ServiceProvider Services(DataFolder folder, HubDatabase database, TimeProvider clock)
    {
        var services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddEnvironmentVariables().Build())
            .AddHubParts(folder, database, clock);
        services.AddDataProtection().DisableAutomaticKeyGeneration(); // the doctor only looks
        return services.BuildServiceProvider();
    }
}
