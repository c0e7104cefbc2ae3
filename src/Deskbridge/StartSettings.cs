using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Deskbridge.Backups;
using Deskbridge.Core.Alerting;
using Deskbridge.Core.Connections;
using Deskbridge.Core.Operations;
using Microsoft.Extensions.Options;

namespace Deskbridge;

/// <summary>
/// The settings outside the pages, looked at before anything runs: a hub that starts with half of its settings ignored is found out at
/// night. Each that cannot be used is told by its name, its value, what it takes and where it came from.
/// </summary>
internal static class StartSettings
{
    private static readonly Dictionary<string, Type> Sections = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Alerting"] = typeof(AlertingOptions),
        ["Connections"] = typeof(ConnectionsOptions),
        ["Backups"] = typeof(BackupsOptions),
        ["Retention"] = typeof(RetentionOptions),
        ["Proxy"] = typeof(ProxyOptions),
    };

    /// <summary>Looks at each setting alone.</summary>
    /// <exception cref="StartRefusedException">A setting cannot be used.</exception>
    public static void Check(IConfigurationRoot configuration)
    {
        var wrong = Sections.SelectMany(section => Check(configuration, configuration.GetSection(section.Key), section.Value)).Concat(LogLevels(configuration)).ToList();
        if (wrong.Count > 0) throw new StartRefusedException(string.Join(Environment.NewLine, wrong));
    }

    /// <summary>What no single setting shows: those that must fit together.</summary>
    /// <exception cref="StartRefusedException">Two settings contradict each other.</exception>
    public static void CheckTogether(IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
        }
        catch (OptionsValidationException failure)
        {
            throw new StartRefusedException(string.Join(Environment.NewLine, failure.Failures));
        }
        catch (InvalidOperationException failure) when (failure.InnerException is FormatException or ArgumentException or OverflowException)
        {
            // The binder's own words name setting and value: a section that Sections does not know yet.
            throw new StartRefusedException(failure.Message);
        }
    }

    private static IEnumerable<string> Check(IConfigurationRoot configuration, IConfigurationSection section, Type options)
    {
        var known = options.GetProperties(BindingFlags.Public | BindingFlags.Instance).ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var entry in section.GetChildren())
        {
            if (known.GetValueOrDefault(entry.Key) is not { } property)
                yield return $"{section.Key} has no setting {entry.Key}; it has {string.Join(", ", known.Values.Select(one => one.Name))}. {Origin(configuration, entry.Path)}";
            else if (WhyNot(property, entry.Value) is { } takes)
                yield return $"{section.Key}:{property.Name} cannot be '{entry.Value}': it takes {takes}. {Origin(configuration, entry.Path)}";
        }
    }

    /// <summary>What the setting takes, when it does not take this value.</summary>
    private static string? WhyNot(PropertyInfo property, string? value)
    {
        var range = property.GetCustomAttribute<RangeAttribute>();
        var takes = Kind(property.PropertyType) + (range is null ? "" : $" from {range.Minimum} to {range.Maximum}");
        try
        {
            var read = TypeDescriptor.GetConverter(property.PropertyType).ConvertFromInvariantString(value ?? "");
            return range is null || range.IsValid(read) ? null : takes;
        }
        catch (Exception failure) when (failure is FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            return takes;
        }
    }

    private static string Kind(Type type) =>
        type == typeof(TimeSpan) ? "a time as hours:minutes:seconds"
        : type == typeof(int) || type == typeof(long) ? "a whole number"
        : type == typeof(bool) ? "true or false"
        : type == typeof(Uri) ? "a web address"
        : "a text";

    private static IEnumerable<string> LogLevels(IConfigurationRoot configuration) =>
        from level in configuration.GetSection("Logging:LogLevel").GetChildren()
        where !Enum.TryParse<LogLevel>(level.Value, ignoreCase: true, out _)
        select $"{level.Path} cannot be '{level.Value}': it takes {string.Join(", ", Enum.GetNames<LogLevel>())}. {Origin(configuration, level.Path)}";

    /// <summary>The last source that names a key is the one that counts.</summary>
    private static string Origin(IConfigurationRoot configuration, string key) => configuration.Providers.LastOrDefault(provider => provider.TryGet(key, out _)) switch
    {
        Microsoft.Extensions.Configuration.EnvironmentVariables.EnvironmentVariablesConfigurationProvider =>
            $"It comes from the environment variable {Variable(key)}; change or remove it.",
        FileConfigurationProvider { Source: { Path: { } path } source } =>
            $"It comes from the file {source.FileProvider?.GetFileInfo(path).PhysicalPath ?? path}; change or remove it there.",
        _ => "Change or remove it.",
    };

    /// <summary>The variable as it is written in the environment, where it may be in other letters.</summary>
    private static string Variable(string key)
    {
        var name = key.Replace(":", "__", StringComparison.Ordinal);
        return Environment.GetEnvironmentVariables().Keys.Cast<string>().FirstOrDefault(one => one.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? name;
    }
}
