using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;
using Deskbridge.Core.Common;
using Deskbridge.Core.Operations;
using Xunit;

namespace Deskbridge.Core.Tests.Operations;

public sealed partial class PrometheusTextTests : IDisposable
{
    private readonly HubMetrics _metrics = new();
    private readonly PrometheusText _text;

    public PrometheusTextTests() => _text = new PrometheusText(_metrics);

    public void Dispose()
    {
        _text.Dispose();
        _metrics.Dispose();
    }

    [Fact]
    public void Counter_Adds_AndEndsInTotal()
    {
        _metrics.PageAttempt("ntfy", "accepted");
        _metrics.PageAttempt("ntfy", "accepted");
        _metrics.PageAttempt("email", "failed");

        Assert.Contains("# TYPE deskbridge_page_attempts_total counter\n", _text.Write(), StringComparison.Ordinal);
        Assert.Contains("deskbridge_page_attempts_total{channel=\"ntfy\",outcome=\"accepted\"} 2\n", _text.Write(), StringComparison.Ordinal);
        Assert.Contains("deskbridge_page_attempts_total{channel=\"email\",outcome=\"failed\"} 1\n", _text.Write(), StringComparison.Ordinal);
    }

    [Fact]
    public void Histogram_IsCumulative_EndsInInf_AndAgreesWithItsCount()
    {
        foreach (var seconds in new[] { 0.1, 0.3, 9, 100_000 }) _metrics.AlertAcknowledged(TimeSpan.FromSeconds(seconds));

        var lines = _text.Write().Split('\n').Where(line => line.StartsWith("deskbridge_alert_acknowledged_seconds", StringComparison.Ordinal)).ToList();

        Assert.Contains("deskbridge_alert_acknowledged_seconds_bucket{le=\"0.1\"} 1", lines); // a bound belongs to its bucket
        Assert.Contains("deskbridge_alert_acknowledged_seconds_bucket{le=\"0.25\"} 1", lines);
        Assert.Contains("deskbridge_alert_acknowledged_seconds_bucket{le=\"0.5\"} 2", lines);
        Assert.Contains("deskbridge_alert_acknowledged_seconds_bucket{le=\"10\"} 3", lines);
        Assert.Contains("deskbridge_alert_acknowledged_seconds_bucket{le=\"3600\"} 3", lines);
        Assert.Equal("deskbridge_alert_acknowledged_seconds_bucket{le=\"+Inf\"} 4", lines[^3]);
        Assert.Equal("deskbridge_alert_acknowledged_seconds_sum 100009.4", lines[^2]);
        Assert.Equal("deskbridge_alert_acknowledged_seconds_count 4", lines[^1]);
    }

    [Fact]
    public void Gauge_TellsItsLastValue_AndIsGoneWhenItIsNotTold()
    {
        double? value = 3;
        _metrics.Meter.CreateObservableGauge("deskbridge.level", () => value is { } told ? [new Measurement<double>(told)] : Array.Empty<Measurement<double>>(), "By", "Level.");

        Assert.Contains("deskbridge_level_bytes 3\n", _text.Write(), StringComparison.Ordinal);
        value = 2.5;
        Assert.Contains("deskbridge_level_bytes 2.5\n", _text.Write(), StringComparison.Ordinal);
        value = null;
        Assert.DoesNotContain("deskbridge_level", _text.Write(), StringComparison.Ordinal);
    }

    [Fact]
    public void LabelsAndHelp_AreEscaped()
    {
        _metrics.Meter.CreateObservableGauge("deskbridge.odd", () => new Measurement<double>(double.PositiveInfinity, new KeyValuePair<string, object?>("name", "a\\b\"c\nd")), null, "One\\two\nthree");

        var text = _text.Write();

        Assert.Contains("# HELP deskbridge_odd One\\\\two\\nthree\n", text, StringComparison.Ordinal);
        Assert.Contains("deskbridge_odd{name=\"a\\\\b\\\"c\\nd\"} +Inf\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryInstrument_KeepsToTheFormat()
    {
        var connection = new RandomIds().NewId();
        _metrics.Alert("raised");
        _metrics.AlertVisible(connection, DateTimeOffset.UnixEpoch);
        _metrics.PageAccepted(connection, DateTimeOffset.UnixEpoch.AddSeconds(2));
        _metrics.AlertAcknowledged(TimeSpan.FromMinutes(1));
        _metrics.Ticket("planned");
        _metrics.Effect(connection, "note", "confirmed");
        _metrics.PageAttempt("ntfy", "accepted");
        _metrics.Call(connection, "tickets", null, TimeSpan.FromSeconds(1));
        _metrics.Callback(null, "unknown");
        _metrics.Transaction(TimeSpan.Zero, TimeSpan.FromMilliseconds(3));
        _metrics.Job("poll", failed: false, TimeSpan.FromSeconds(1));

        var text = _text.Write();

        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var family = "";
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in text.TrimEnd('\n').Split('\n'))
        {
            if (Help().Match(line) is { Success: true } help)
            {
                family = help.Groups["name"].Value;
                Assert.True(told.Add(family), $"{family} comes twice.");
                continue;
            }

            if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                Assert.Matches($"^# TYPE {family} (counter|gauge|histogram)$", line);
                continue;
            }

            Assert.Matches(Sample(), line);
            Assert.StartsWith(family, line, StringComparison.Ordinal);
        }

        Assert.True(told.Count >= 13, $"{told.Count} families");
        Assert.Contains("deskbridge_alert_paged_seconds_sum 2\n", text, StringComparison.Ordinal);
        Assert.Contains("status=\"none\"", text, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherHubOfTheProcess_IsNotCounted()
    {
        using var other = new HubMetrics();
        other.Alert("raised");

        Assert.DoesNotContain("deskbridge_alerts_total", _text.Write(), StringComparison.Ordinal);
    }

    [GeneratedRegex("^# HELP (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) .+$", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Help();

    [GeneratedRegex("""^[a-zA-Z_:][a-zA-Z0-9_:]*(\{[a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\\\|\\"|\\n)*"(,[a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\\\|\\"|\\n)*")*\})? ([-+]?[0-9.]+([eE][-+]?[0-9]+)?|[-+]Inf|NaN)$""", RegexOptions.ExplicitCapture, 60_000)]
    private static partial Regex Sample();
}
