using System.Globalization;
using System.Text.Json;
using Deskbridge.Core.Operations;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Deskbridge.Telemetry;

/// <summary>How log lines are written.</summary>
internal enum LogFormat
{
    /// <summary>For people: one line an entry, exceptions below it.</summary>
    Text,

    /// <summary>For collectors: one JSON object a line.</summary>
    Json,
}

/// <summary>
/// What the two formats share. Scopes are left out on purpose: the framework's carry the address of the request at work, and with it the
/// tokens of callbacks and links. The trace id says which request it was.
/// </summary>
internal static class LogLines
{
    public static string NameOf(LogFormat format) => format == LogFormat.Json ? "deskbridge-json" : "deskbridge-text";

    public static string Level(LogLevel level) => level switch
    {
        LogLevel.Information => "info",
        LogLevel.Warning => "warn",
        LogLevel.Critical => "fatal",
        _ => level.ToString().ToLowerInvariant(),
    };

    public static string Instant(TimeProvider clock) => clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>Lines for people.</summary>
internal sealed class TextLines(TimeProvider clock) : ConsoleFormatter(LogLines.NameOf(LogFormat.Text))
{
    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        textWriter.Write($"{LogLines.Instant(clock)} {LogLines.Level(logEntry.LogLevel),-5} {logEntry.Category}[{logEntry.EventId.Id}] {OneLine(logEntry.Formatter(logEntry.State, logEntry.Exception))}");
        if (Tracing.TraceId is { } trace) textWriter.Write($" trace={trace}");
        textWriter.Write(Environment.NewLine);
        if (logEntry.Exception is { } failure) textWriter.Write($"    {failure.ToString().ReplaceLineEndings(Environment.NewLine + "    ")}{Environment.NewLine}");
    }

    /// <summary>A message cannot fake a second entry.</summary>
    private static string OneLine(string message) => message.ReplaceLineEndings(" ⏎ ");
}

/// <summary>Lines for collectors.</summary>
internal sealed class JsonLines(TimeProvider clock) : ConsoleFormatter(LogLines.NameOf(LogFormat.Json))
{
    private static readonly JsonWriterOptions Options = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            json.WriteStartObject();
            json.WriteString("at", LogLines.Instant(clock));
            json.WriteString("level", LogLines.Level(logEntry.LogLevel));
            json.WriteString("source", logEntry.Category);
            json.WriteNumber("event", logEntry.EventId.Id);
            json.WriteString("message", logEntry.Formatter(logEntry.State, logEntry.Exception));
            if (Tracing.TraceId is { } trace) json.WriteString("trace", trace);
            if (logEntry.State is IReadOnlyList<KeyValuePair<string, object?>> values) WriteValues(json, values);
            if (logEntry.Exception is { } failure) json.WriteString("exception", failure.ToString());
            json.WriteEndObject();
        }

        textWriter.WriteLine(System.Text.Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length));
    }

    private static void WriteValues(Utf8JsonWriter json, IReadOnlyList<KeyValuePair<string, object?>> values)
    {
        json.WriteStartObject("values");
        foreach (var (name, value) in values)
        {
            if (name != "{OriginalFormat}") json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
        }

        json.WriteEndObject();
    }
}
