using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Deskbridge.Sandbox.Faults;

/// <summary>What goes wrong.</summary>
internal enum FaultKind
{
    Latency,
    Throttle,
    ErrorBefore,
    ErrorAfter,
    CutBefore,
    CutAfter,
    Forbidden,
    NotFound,
    CallbackLost,
    CallbackDuplicate,
    CallbackLate,
    CallbackReordered,
    CallbackBadSignature,

    /// <summary>Another customer of the same cloud sends it: their company, signed with their key.</summary>
    CallbackOtherCompany,

    /// <summary>It claims our company, and is genuinely signed with the other customer's key.</summary>
    CallbackOtherKey,
    CallbackEarly,
}

/// <summary>A fault to inject into calls (or callbacks) that match.</summary>
internal sealed record FaultRule
{
    public int Id { get; init; }

    public required FaultKind Kind { get; init; }

    /// <summary>The HTTP method, or <c>*</c>.</summary>
    public string Method { get; init; } = "*";

    /// <summary>A regular expression on the path below the API's root (for callbacks: on their URL).</summary>
    public string Path { get; init; } = "";

    /// <summary>Latency in milliseconds.</summary>
    public int Milliseconds { get; init; }

    /// <summary>Retry-After of a 429 in seconds; null leaves the header out.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>How late a callback comes, or how long an early one precedes the readable change.</summary>
    public double Seconds { get; init; } = 5;

    /// <summary>How many more times it applies; null for always.</summary>
    public int? Count { get; init; }

    /// <summary>Chance from 0 to 1 for each matching call.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Refuses a rule that would strike everything down.</summary>
    /// <exception cref="JsonException">The path is no regular expression, or a number makes no sense.</exception>
    public FaultRule Checked()
    {
        try
        {
            _ = Regex.IsMatch("", Path, RegexOptions.None, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException broken)
        {
            throw new JsonException($"The path is not a regular expression: {broken.Message}", broken);
        }

        return Milliseconds is < 0 or > 3_600_000 || Seconds is < 0 or > 86_400 || RetryAfter < 0 || Count < 1 || Probability is < 0 or > 1
            ? throw new JsonException("milliseconds go to 3600000, seconds to 86400, retryAfter from 0, count from 1, probability from 0 to 1.")
            : this;
    }

    [JsonIgnore]
    public bool ForCallbacks => Kind >= FaultKind.CallbackLost;

    public bool Matches(string method, string path) =>
        (Method == "*" || Method.Equals(method, StringComparison.OrdinalIgnoreCase))
        && Regex.IsMatch(path, Path, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));
}
