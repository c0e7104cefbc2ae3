using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Deskbridge.Sandbox.Carriers;

/// <summary>What the carriers that speak HTTP share: reading a body up to a size, and letting an ordered fault strike.</summary>
internal static class CarriersHttp
{
    public static async Task<byte[]> ReadBodyAsync(HttpContext http, int most)
    {
        var buffer = new byte[most];
        var read = await http.Request.Body.ReadAtLeastAsync(buffer, most, throwOnEndOfStream: false, http.RequestAborted);
        return buffer[..read];
    }

    /// <summary>Waits, cuts the connection or asks the caller to answer in the fault's way; null when nothing strikes.</summary>
    public static async Task<Fault?> StrikeAsync(HttpContext http, FaultVerdict verdict, TimeProvider clock)
    {
        if (verdict.Delay > TimeSpan.Zero) await Task.Delay(verdict.Delay, clock, http.RequestAborted);
        if (verdict.Strike is not { } fault) return null;
        if (fault.Kind == FaultKind.Cut) http.Abort();
        else if (fault.RetryAfterSeconds is { } seconds) http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return fault;
    }
}
