using Deskbridge.Core.Operations;
using Microsoft.Extensions.Logging.Console;

namespace Deskbridge.Telemetry;

/// <summary>Wires what the hub tells about itself: log lines, metrics and traces.</summary>
internal static class TelemetryModule
{
    extension(WebApplicationBuilder builder)
    {
        public void AddTelemetry(LogFormat format)
        {
            builder.Logging.AddConsole(console => console.FormatterName = LogLines.NameOf(format));
            builder.Logging.AddConsoleFormatter<TextLines, ConsoleFormatterOptions>();
            builder.Logging.AddConsoleFormatter<JsonLines, ConsoleFormatterOptions>();
            builder.Services.AddSingleton<PrometheusText>();
            builder.Services.AddSingleton<ProcessGauges>();
            builder.Services.AddMetricsAccess(builder.Configuration);
            if (SystemdSocket.FromEnvironment() is { } systemd) builder.Services.AddSingleton(systemd).AddHostedService<SystemdNotice>();
            if (OtlpSettings.AreSet(builder.Configuration)) builder.Services.AddHostedService<OtlpExport>();
        }
    }

    /// <summary>Counts from here on.</summary>
    public static void StartMetrics(this IServiceProvider services)
    {
        services.GetRequiredService<PrometheusText>();
        services.GetRequiredService<ProcessGauges>();
        services.GetRequiredService<QueueGauges>();
    }
}
