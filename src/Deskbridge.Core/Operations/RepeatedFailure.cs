namespace Deskbridge.Core.Operations;

/// <summary>
/// Keeps a failure that comes back every second from filling the log, and with it the disk: told when it is another one than before, and
/// once a minute while it lasts.
/// </summary>
internal sealed class RepeatedFailure(TimeProvider clock)
{
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);
    private string? _last;
    private long _toldAt;

    /// <summary>Whether it is to be told now.</summary>
    public bool IsNews(Exception failure)
    {
        var what = $"{failure.GetType().Name} {failure.GetBaseException().Message}";
        if (what == _last && clock.GetElapsedTime(_toldAt) < Again) return false;
        (_last, _toldAt) = (what, clock.GetTimestamp());
        return true;
    }

    /// <summary>It went well.</summary>
    public void Over() => _last = null;
}
