using System.Globalization;

namespace Deskbridge.Bench;

/// <summary>What a process used, as Linux counts it.</summary>
/// <param name="CpuSeconds">User and system time since its start.</param>
/// <param name="PrivateMb">RssAnon + RssShmem: what the process alone costs.</param>
/// <param name="RssMb">VmRSS, files mapped into memory included.</param>
internal sealed record ProcessUse(double CpuSeconds, double PrivateMb, double RssMb)
{
    private const double TicksPerSecond = 100; // USER_HZ, the same on every Linux that .NET runs on

    public static ProcessUse Of(int id)
    {
        var stat = File.ReadAllText($"/proc/{id}/stat");
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var status = File.ReadLines($"/proc/{id}/status").Select(line => line.Split(':')).ToDictionary(parts => parts[0], parts => parts[1].Trim(), StringComparer.Ordinal);
        return new ProcessUse(
            (Number(fields[11]) + Number(fields[12])) / TicksPerSecond,
            (Kilobytes(status, "RssAnon") + Kilobytes(status, "RssShmem")) / 1024,
            Kilobytes(status, "VmRSS") / 1024);
    }

    private static double Kilobytes(Dictionary<string, string> status, string name) => status.TryGetValue(name, out var text) ? Number(text.Split(' ')[0]) : 0;

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}

/// <summary>Watches a process until it is disposed and keeps the highest memory seen.</summary>
internal sealed class PeakMemory : IAsyncDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _watching;

    public PeakMemory(int process) => _watching = WatchAsync(process);

    public double PrivateMb { get; private set; }

    public double RssMb { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync(int process)
    {
        while (!_stop.IsCancellationRequested)
        {
            var use = ProcessUse.Of(process);
            PrivateMb = Math.Max(PrivateMb, use.PrivateMb);
            RssMb = Math.Max(RssMb, use.RssMb);
            await Task.Delay(Look, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
