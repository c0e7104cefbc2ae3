namespace Deskbridge.Telemetry;

/// <summary>The standard variables of OpenTelemetry's exporter that are honoured (https://opentelemetry.io/docs/specs/otel/protocol/exporter/).</summary>
internal static class OtlpSettings
{
    public const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    public const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";
    public const string Headers = "OTEL_EXPORTER_OTLP_HEADERS";
    public const string Grpc = "grpc";
    private const string Http = "http/protobuf";

    /// <summary>Whether there is a collector to send to.</summary>
    /// <exception cref="StartRefusedException">A variable cannot be understood.</exception>
    public static bool AreSet(IConfiguration configuration)
    {
        if (configuration[Endpoint] is not { Length: > 0 } endpoint) return false;
        if (!Uri.TryCreate(endpoint, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            throw new StartRefusedException($"{Endpoint} is '{endpoint}', which is no web address. Write scheme, host and port of the collector, such as http://127.0.0.1:4318, or remove the variable.");
        if (configuration[Protocol] is { Length: > 0 } protocol && protocol is not (Grpc or Http))
            throw new StartRefusedException($"{Protocol} is '{protocol}'. It takes {Http} (the default, port 4318) or {Grpc} (port 4317).");
        return true;
    }
}
