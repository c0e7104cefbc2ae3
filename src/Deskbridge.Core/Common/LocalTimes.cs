using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;
using NodaTime.Text;

namespace Deskbridge.Core.Common;

/// <summary>Dates and times of a wall clock as the core writes them into its own tables, in ISO 8601 and never with an offset.</summary>
internal static class LocalTimes
{
    /// <summary>A date, such as <c>2026-03-29</c>.</summary>
    public static LocalDatePattern Date { get; } = LocalDatePattern.Iso;

    /// <summary>A time of day, such as <c>08:00</c>.</summary>
    public static LocalTimePattern Time { get; } = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    /// <summary>Both, such as <c>2026-03-29T08:00</c>.</summary>
    public static LocalDateTimePattern DateAndTime { get; } = LocalDateTimePattern.CreateWithInvariantCulture("uuuu-MM-dd'T'HH:mm");

    /// <summary>How they become JSON.</summary>
    public static IReadOnlyList<JsonConverter> Converters { get; } = [new PatternConverter<LocalDate>(Date), new PatternConverter<LocalTime>(Time), new PatternConverter<LocalDateTime>(DateAndTime)];

    private sealed class PatternConverter<T>(IPattern<T> pattern) : JsonConverter<T>
        where T : struct
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => pattern.Parse(reader.GetString()!).GetValueOrThrow();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(pattern.Format(value));
    }
}
