using System.Diagnostics;
using System.Diagnostics.Metrics;
using Deskbridge.Core.Data;
using Deskbridge.Core.Operations;

namespace Deskbridge.Telemetry;

/// <summary>What the process, its disk and its version look like from outside.</summary>
internal sealed class ProcessGauges
{
    public ProcessGauges(HubMetrics metrics, HubDatabase database, DataFolder folder)
    {
        var meter = metrics.Meter;
        var self = Process.GetCurrentProcess();
        var version = new KeyValuePair<string, object?>("version", typeof(ProcessGauges).Assembly.GetName().Version?.ToString(3));
        meter.CreateObservableGauge("deskbridge.build.info", () => new Measurement<long>(1, version), null, "Always 1; tells the version that runs.");
        if (database.File is { } path) meter.CreateObservableGauge("deskbridge.database.size", () => new FileInfo(path) is { Exists: true } file ? file.Length : 0, "By", "Size of the SQLite database file.");
        meter.CreateObservableGauge("deskbridge.disk.free", () => new DriveInfo(folder.Root).AvailableFreeSpace, "By", "Free space on the disk of the data folder.");
        meter.CreateObservableCounter("process.cpu", () => Environment.CpuUsage.TotalTime.TotalSeconds, "s", "CPU time used by the process.");
        meter.CreateObservableGauge("process.resident.memory", () => Environment.WorkingSet, "By", "Memory of the process in RAM, mapped files included.");
        meter.CreateObservableGauge("process.managed.memory", static () => GC.GetTotalMemory(forceFullCollection: false), "By", "Memory of the managed heap.");
        meter.CreateObservableGauge("process.start.time", () => new DateTimeOffset(self.StartTime).ToUnixTimeMilliseconds() / 1000.0, "s", "When the process started, seconds since 1970.");
    }
}
