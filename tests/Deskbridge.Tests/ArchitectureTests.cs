using System.Reflection;
using System.Text.RegularExpressions;
using Deskbridge.Connectors;
using Deskbridge.Connectors.Autotask;
using Deskbridge.Connectors.ConnectWise;
using Deskbridge.Core.Data;
using Deskbridge.Sandbox;
using Microsoft.Extensions.Options;
using Xunit;

namespace Deskbridge.Tests;

/// <summary>Keeps the shape of the house (design §2); a failure says what to do.</summary>
public sealed partial class ArchitectureTests
{
    private const int LongestFile = 400;

    /// <summary>
    /// What each module of the core may name. Alerting plugs into Sync, which knows of an alert only its id; Data maps every table and
    /// mends what a crash or a restore left in them; Sync and Alerting use a connection's live connector; Operations watches them all. Common and Data may be named by all, Directory (who a person is) by those with people.
    /// </summary>
    private static readonly Dictionary<string, string[]> MayName = new(StringComparer.Ordinal)
    {
        ["Common"] = [],
        ["Audit"] = ["Alerting", "Common", "Connections", "Data", "Directory", "Sync"],
        ["Data"] = ["Alerting", "Audit", "Common", "Connections", "Directory", "Nodes", "Operations", "Sync"],
        ["Directory"] = ["Common", "Data"],
        ["Connections"] = ["Alerting", "Common", "Data", "Directory", "Operations", "Sync"],
        ["Sync"] = ["Common", "Connections", "Data", "Operations"],
        ["Alerting"] = ["Common", "Connections", "Data", "Directory", "Operations", "Sync"],
        ["Operations"] = ["Alerting", "Common", "Connections", "Data", "Sync"],
        ["Nodes"] = ["Alerting", "Common", "Connections", "Data", "Operations", "Sync"],
    };

    private static readonly Assembly Core = typeof(HubDb).Assembly;
    private static readonly Assembly[] ConnectorAssemblies = [typeof(ConnectWiseModule).Assembly, typeof(AutotaskModule).Assembly];
    private static readonly string Root = FindRoot();

    [Fact]
    public void Core_KnowsNoWebServerAndNoVendor() =>
        Assert.DoesNotContain(References(Core), name => name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
            || (name.StartsWith("Deskbridge.", StringComparison.Ordinal) && name != "Deskbridge.Connectors"));

    [Fact]
    public void Connectors_KnowNeitherTheDatabaseNorEachOther() =>
        Assert.All(ConnectorAssemblies.Append(typeof(IConnector).Assembly), assembly => Assert.DoesNotContain(References(assembly), name =>
            name.StartsWith("Microsoft.EntityFrameworkCore", StringComparison.Ordinal)
            || (name.StartsWith("Deskbridge.", StringComparison.Ordinal) && name != "Deskbridge.Connectors")));

    [Fact]
    public void Sandbox_SharesNoTypeWithTheHub() =>
        Assert.DoesNotContain(References(typeof(SandboxServer).Assembly), name => name.StartsWith("Deskbridge", StringComparison.OrdinalIgnoreCase));

    [Fact]
    public void Modules_NameOnlyThoseOnTheList()
    {
        var core = Path.Combine(Root, "src", "Deskbridge.Core");
        foreach (var file in Sources(core))
        {
            var module = Path.GetRelativePath(core, file).Split(Path.DirectorySeparatorChar)[0];
            Assert.True(MayName.TryGetValue(module, out var allowed), $"The folder {module} is new in the core; say in MayName which modules it may name.");
            var named = NamedModule().Matches(File.ReadAllText(file)).Select(match => match.Groups["module"].Value).Where(name => name != module);
            Assert.All(named, name => Assert.True(allowed!.Contains(name, StringComparer.Ordinal), $"{file} names {name}; {module} may name {string.Join(", ", allowed!)}."));
        }
    }

    [Fact]
    public void EveryConnectorType_RunsTheContract()
    {
        var contracts = Sources(Path.Combine(Root, "tests", "Deskbridge.Connectors.Tests")).Select(File.ReadAllText).Where(text => text.Contains(": ConnectorContract", StringComparison.Ordinal) || text.Contains(": InstallingContract", StringComparison.Ordinal)).ToList();
        foreach (var type in ConnectorAssemblies.SelectMany(assembly => assembly.GetTypes()).Where(type => type.IsClass && typeof(IConnectorType).IsAssignableFrom(type)))
        {
            var name = type.Name[..^"Type".Length];
            Assert.True(contracts.Exists(text => text.Contains($"class {name}Contract", StringComparison.Ordinal)), $"Add {name}Contract : ConnectorContract to the connector tests.");
        }
    }

    [Fact]
    public void EveryConnectorWithASecret_NamesTheAddressItGoesTo()
    {
        var options = ConnectorAssemblies.SelectMany(assembly => assembly.GetTypes())
            .Select(type => (type, Settings: type.GetProperties().Select(property => property.GetCustomAttribute<SettingAttribute>()).OfType<SettingAttribute>().ToList()))
            .Where(found => found.Settings.Exists(setting => setting.Secret)).ToList();

        Assert.NotEmpty(options);
        Assert.All(options, found => Assert.True(found.Settings.Count(setting => setting.Address) == 1, $"Mark one setting of {found.type} with Address = true, or its secrets could be sent to any server."));
    }

    [Fact]
    public void LogEventIds_AreUnique()
    {
        var ids = Sources(Path.Combine(Root, "src")).SelectMany(file => EventId().Matches(File.ReadAllText(file)).Select(match => (Id: match.Groups["id"].Value, file)));

        Assert.All(ids.GroupBy(found => found.Id, StringComparer.Ordinal), group => Assert.True(
            group.Count() == 1, $"The log event id {group.Key} is used more than once, in {string.Join(" and ", group.Select(found => found.file))}."));
    }

    [Fact]
    public void EveryFile_FitsTheReader() =>
        Assert.All(Sources(Path.Combine(Root, "src")).Concat(Sources(Path.Combine(Root, "tests"))), file =>
            Assert.True(File.ReadLines(file).Count() <= LongestFile, $"{file} is longer than {LongestFile} lines; find its second subject."));

    [Fact]
    public void EveryBoundOptionsClass_HasAValidator()
    {
        Type[] types = [.. Core.GetTypes(), .. typeof(Hub).Assembly.GetTypes()];
        var bound = Sources(Path.Combine(Root, "src")).SelectMany(file => BoundOptions().Matches(File.ReadAllText(file)).Select(match => match.Groups["type"].Value)).ToList();

        Assert.NotEmpty(bound);
        Assert.All(bound, name => Assert.True(
            Array.Exists(types, type => type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IValidateOptions<>) && i.GenericTypeArguments[0].Name == name)),
            $"{name} is read from the configuration without a validator; add an IValidateOptions<{name}>."));
    }

    private static IEnumerable<string> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(reference => reference.Name!);

    private static IEnumerable<string> Sources(string folder) => System.IO.Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Split(Path.DirectorySeparatorChar).Intersect(["obj", "bin", "node_modules"], StringComparer.Ordinal).Any());

    internal static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Deskbridge.slnx"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("These tests read the sources; run them from inside the repository.");
    }

    [GeneratedRegex(@"^using (static )?Deskbridge\.Core\.(?<module>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex NamedModule();

    [GeneratedRegex(@"\[LoggerMessage\((EventId\s*=\s*)?(?<id>\d+)", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex EventId();

    [GeneratedRegex(@"AddOptions<(?<type>\w+)>\(\)", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex BoundOptions();
}
