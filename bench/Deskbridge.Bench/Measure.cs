using System.Globalization;

namespace Deskbridge.Bench;

/// <summary>What became of one batch of tickets.</summary>
/// <param name="Asked">Tickets that were made visible.</param>
/// <param name="Notified">Notifications that came.</param>
/// <param name="Missing">Tickets nobody was told of.</param>
/// <param name="Doubled">Notifications beyond the first of their ticket.</param>
/// <param name="Seconds">From visible to notified, one entry per notification, sorted.</param>
internal sealed record Batch(int Asked, int Notified, int Missing, int Doubled, IReadOnlyList<double> Seconds)
{
    public double Last => Seconds.Count == 0 ? 0 : Seconds[^1];

    public double PerSecond => Last == 0 ? 0 : Notified / Last;

    /// <summary>Judges what came. Each ticket of a batch has a title of its own.</summary>
    /// <param name="asked">How many tickets there were.</param>
    /// <param name="came">What came.</param>
    /// <param name="visible">When a title became visible, a timestamp.</param>
    public static Batch Of(int asked, IReadOnlyList<Notified> came, Func<string, long> visible)
    {
        var titles = came.Select(n => n.Title).Distinct(StringComparer.Ordinal).Count();
        return new Batch(asked, came.Count, asked - titles, came.Count - titles, [.. came.Select(n => TimeProvider.System.GetElapsedTime(visible(n.Title), n.At).TotalSeconds).Order()]);
    }

    /// <summary>The value that this share of the notifications did not exceed.</summary>
    public double At(double share) => Seconds.Count == 0 ? 0 : Seconds[Math.Min(Seconds.Count - 1, (int)Math.Ceiling(share * Seconds.Count) - 1)];
}

/// <summary>Prints figures in one form, and aims beside them.</summary>
internal static class Print
{
    public static void Title(string text) => Console.WriteLine($"\n== {text}");

    public static void Line(string name, FormattableString value) =>
        Console.WriteLine($"   {name,-46} {value.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>A figure with its aim.</summary>
    public static void Aim(string name, bool met, FormattableString value, string aim) =>
        Console.WriteLine($"   {name,-46} {value.ToString(CultureInfo.InvariantCulture)}   (aim: {aim}; {(met ? "met" : "NOT MET")})");

    public static void Came(string who, Batch batch)
    {
        Line($"{who}: notified", $"{batch.Notified} of {batch.Asked}, {batch.Missing} missing, {batch.Doubled} doubled");
        Line($"{who}: all notified after", $"{batch.Last:0.00} s, {batch.PerSecond:0} tickets/s");
        Line($"{who}: visible to notified", $"p50 {batch.At(0.5) * 1000:0} ms, p99 {batch.At(0.99) * 1000:0} ms");
    }
}
