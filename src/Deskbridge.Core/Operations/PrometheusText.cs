using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Deskbridge.Core.Operations;

/// <summary>
/// Keeps the sums of a meter and writes them in the text format of Prometheus, version 0.0.4
/// (https://prometheus.io/docs/instrumenting/exposition_formats/). Dots in names become underscores; units and <c>_total</c> are appended.
/// </summary>
internal sealed class PrometheusText : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly ConcurrentDictionary<string, Family> _families = new(StringComparer.Ordinal);
    private readonly Lock _writing = new();
    private readonly MeterListener _listener = new();

    public PrometheusText(HubMetrics metrics)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, metrics.Meter)) listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(instrument.Name, _ => new Family(instrument)));
        };
        _listener.SetMeasurementEventCallback<long>(static (_, value, tags, family) => ((Family)family!).Take(value, tags));
        _listener.SetMeasurementEventCallback<double>(static (_, value, tags, family) => ((Family)family!).Take(value, tags));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>Everything as it is now; gauges are asked.</summary>
    public string Write()
    {
        lock (_writing)
        {
            foreach (var family in _families.Values) family.ForgetGauges();
            _listener.RecordObservableInstruments();
            var text = new StringBuilder(16 * 1024);
            foreach (var family in _families.Values.OrderBy(family => family.Name, StringComparer.Ordinal)) family.Write(text);
            return text.ToString();
        }
    }

    private sealed class Family
    {
        private readonly ConcurrentDictionary<string, Series> _series = new(StringComparer.Ordinal);
        private readonly string _help;
        private readonly string _type;
        private readonly IReadOnlyList<double>? _bounds;
        private readonly bool _observed;

        public Family(Instrument instrument)
        {
            var kind = instrument.GetType().Name;
            _observed = instrument.IsObservable;
            _type = kind.Contains("Histogram", StringComparison.Ordinal) ? "histogram" : kind.Contains("Counter", StringComparison.Ordinal) ? "counter" : "gauge";
            _bounds = _type == "histogram" ? ((Histogram<double>)instrument).Advice?.HistogramBucketBoundaries ?? [] : null;
            _help = (instrument.Description ?? "").Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
            var unit = instrument.Unit switch
            {
                "s" => "_seconds",
                "By" => "_bytes",
                _ => "",
            };
            Name = instrument.Name.Replace('.', '_') + unit + (_type == "counter" ? "_total" : "");
        }

        public string Name { get; }

        /// <summary>A gauge or observed counter tells its whole value, everything else adds.</summary>
        public void Take(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
            _series.GetOrAdd(Labels(tags), static (_, bounds) => new Series(bounds), _bounds).Take(value, replace: _observed);

        /// <summary>What is not told again does not exist any more.</summary>
        public void ForgetGauges()
        {
            if (_observed) _series.Clear();
        }

        public void Write(StringBuilder text)
        {
            if (_series.IsEmpty) return;
            text.Append("# HELP ").Append(Name).Append(' ').Append(_help).Append('\n');
            text.Append("# TYPE ").Append(Name).Append(' ').Append(_type).Append('\n');
            foreach (var (labels, series) in _series.OrderBy(pair => pair.Key, StringComparer.Ordinal)) series.Write(text, Name, labels);
        }

        private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags.IsEmpty) return "";
            var text = new StringBuilder(64);
            foreach (var (name, value) in tags)
            {
                if (text.Length > 0) text.Append(',');
                text.Append(name).Append("=\"");
                foreach (var letter in Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")
                {
                    _ = letter switch
                    {
                        '\\' => text.Append(@"\\"),
                        '"' => text.Append("\\\""),
                        '\n' => text.Append(@"\n"),
                        _ => text.Append(letter),
                    };
                }

                text.Append('"');
            }

            return text.ToString();
        }
    }

    private sealed class Series(IReadOnlyList<double>? bounds)
    {
        private readonly Lock _gate = new();
        private readonly long[] _buckets = new long[(bounds?.Count ?? 0) + 1];
        private double _sum;

        public void Take(double value, bool replace)
        {
            lock (_gate)
            {
                _sum = replace ? value : _sum + value;
                if (bounds is null) return;
                var bucket = 0;
                while (bucket < bounds.Count && value > bounds[bucket]) bucket++;
                _buckets[bucket]++;
            }
        }

        public void Write(StringBuilder text, string name, string labels)
        {
            lock (_gate)
            {
                if (bounds is null)
                {
                    Line(text, name, labels, _sum);
                    return;
                }

                var count = 0L;
                for (var i = 0; i < _buckets.Length; i++)
                {
                    count += _buckets[i];
                    var bound = i < bounds.Count ? Number(bounds[i]) : "+Inf";
                    Line(text, name + "_bucket", $"{labels}{(labels.Length > 0 ? "," : "")}le=\"{bound}\"", count);
                }

                Line(text, name + "_sum", labels, _sum);
                Line(text, name + "_count", labels, count);
            }
        }

        private static void Line(StringBuilder text, string name, string labels, double value)
        {
            text.Append(name);
            if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
            text.Append(' ').Append(Number(value)).Append('\n');
        }

        private static string Number(double value) => value switch
        {
            double.PositiveInfinity => "+Inf",
            double.NegativeInfinity => "-Inf",
            _ => value.ToString(CultureInfo.InvariantCulture),
        };
    }
}
