using Deskbridge.Connectors.Http;
using Deskbridge.Core.Operations;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Deskbridge.Telemetry;

/// <summary>
/// Sends metrics and traces to a collector, configured by OpenTelemetry's standard variables. Without an endpoint this type is never touched,
/// so that none of its libraries is loaded. The framework's own spans stay out: their addresses carry callback tokens and channel addresses.
/// </summary>
internal sealed partial class OtlpExport(IConfiguration configuration, QueueGauges queues, TimeProvider clock, ILogger<OtlpExport> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var resource = ResourceBuilder.CreateDefault().AddService("deskbridge", serviceVersion: typeof(OtlpExport).Assembly.GetName().Version?.ToString(3)).AddEnvironmentVariableDetector();
        using var traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .SetSampler(new AlwaysOnSampler()) // the parents are the web server's spans, which nobody records
            .AddSource(Tracing.SourceName, CallGateHandler.SourceName)
            .AddOtlpExporter(options => Configure(options, "v1/traces"))
            .Build();
        using var metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(HubMetrics.MeterName, "System.Runtime")
            .AddOtlpExporter((options, reader) =>
            {
                Configure(options, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)Interval.TotalMilliseconds;
            })
            .Build();
        using var timer = new PeriodicTimer(Interval / 2, clock);
        try
        {
            do await RefreshAsync(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            LogStopping(logger);
            await RefreshAsync(CancellationToken.None); // what is sent at the end is the end
        }
    }

    private async Task RefreshAsync(CancellationToken cancel)
    {
        try
        {
            await queues.RefreshAsync(cancel);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogNotRefreshed(logger, failure);
        }
    }

    /// <summary>Over http each signal has a path of its own below the endpoint; over gRPC the endpoint is the whole address.</summary>
    private void Configure(OtlpExporterOptions options, string path)
    {
        var endpoint = new Uri(configuration[OtlpSettings.Endpoint]!, UriKind.Absolute);
        options.Protocol = configuration[OtlpSettings.Protocol] is OtlpSettings.Grpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf;
        options.Endpoint = options.Protocol == OtlpExportProtocol.Grpc ? endpoint : new Uri(endpoint.ToString().TrimEnd('/') + "/" + path);
        if (configuration[OtlpSettings.Headers] is { Length: > 0 } headers) options.Headers = headers;
    }

    [LoggerMessage(6001, LogLevel.Warning, "The state of the queues could not be read for the metrics; the next export tries again")]
    private static partial void LogNotRefreshed(ILogger logger, Exception failure);

    [LoggerMessage(6002, LogLevel.Debug, "The export of metrics and traces ends because the hub is stopping")]
    private static partial void LogStopping(ILogger logger);
}
