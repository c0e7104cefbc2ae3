using System.Globalization;

namespace Deskbridge.Testing;

/// <summary>Tries a property on random cases for some seconds: few in every run, minutes where somebody asks (<c>DESKBRIDGE_FUZZ_SECONDS</c>).</summary>
public static class Fuzz
{
    /// <summary>A single case that takes longer than this hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly double Seconds = Number("DESKBRIDGE_FUZZ_SECONDS") ?? 2;

    /// <summary>Runs cases until the time is up. A failure names the seed of its case.</summary>
    public static async Task RunAsync(Action<Random> tryOne)
    {
        var began = TimeProvider.System.GetTimestamp();
        var only = Number("DESKBRIDGE_FUZZ_SEED");
        var seed = (int)(only ?? Random.Shared.Next());
        do
        {
            var run = Task.Run(() => tryOne(new Random(seed)));
            try
            {
                await run.WaitAsync(Patience);
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException($"Failed with DESKBRIDGE_FUZZ_SEED={seed}: {failure.Message}", failure);
            }

            seed = unchecked(seed + 1);
        }
        while (only is null && TimeProvider.System.GetElapsedTime(began).TotalSeconds < Seconds);
    }

    /// <summary>Pieces in a row, with and without blanks between them, and a scratch here and there.</summary>
    public static string Text(Random random, IReadOnlyList<string> pieces, int count)
    {
        var blank = random.Next(4) == 0 ? "" : " ";
        var text = string.Join(blank, Enumerable.Range(0, count).Select(_ => pieces[random.Next(pieces.Count)]));
        return random.Next(3) == 0 ? Mutated(random, text) : text;
    }

    /// <summary>A text with a few characters lost, doubled or replaced.</summary>
    public static string Mutated(Random random, string text)
    {
        for (var times = 1 + random.Next(4); times > 0 && text.Length > 0; times--)
        {
            var at = random.Next(text.Length);
            var length = Math.Min(text.Length - at, random.Next(8));
            text = random.Next(3) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, text.Substring(at, length)),
                _ => text.Remove(at, 1).Insert(at, ((char)random.Next(1, 0x2100)).ToString()),
            };
        }

        return text;
    }

    /// <summary>A text of about this length with one piece repeated in its middle.</summary>
    public static string Long(string head, string piece, string tail, int length) =>
        head + string.Concat(Enumerable.Repeat(piece, Math.Max(0, (length - head.Length - tail.Length) / piece.Length))) + tail;

    /// <summary>The bytes that a piece of work allocates, after it was warmed up.</summary>
    public static long Allocated(Action work)
    {
        work();
        var before = GC.GetAllocatedBytesForCurrentThread();
        work();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>The least time of three that a piece of work takes; a busy machine seldom disturbs all three.</summary>
    public static TimeSpan Fastest(Action work) => Enumerable.Range(0, 3).Min(_ =>
    {
        var began = TimeProvider.System.GetTimestamp();
        work();
        return TimeProvider.System.GetElapsedTime(began);
    });

    private static double? Number(string variable) =>
        double.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
