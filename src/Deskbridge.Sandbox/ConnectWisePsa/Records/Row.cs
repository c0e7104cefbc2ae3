using System.Text.Json.Nodes;

namespace Deskbridge.Sandbox.ConnectWisePsa.Records;

/// <summary>One record with the versions that slow readers may still be shown. A body is never changed once it is here.</summary>
internal sealed class Row(int id)
{
    private const int Kept = 8;

    private readonly List<(DateTimeOffset At, JsonObject Body)> _past = [];
    private (JsonObject Body, int Setup, JsonObject View)? _view;

    public int Id { get; } = id;

    public JsonObject Body { get; private set; } = [];

    public DateTimeOffset CommittedAt { get; private set; }

    /// <summary>Until then readers see the version before the newest (a callback that arrives too early).</summary>
    public DateTimeOffset HeldUntil { get; set; }

    public void Put(JsonObject body, DateTimeOffset at)
    {
        if (Body.Count > 0)
        {
            _past.Add((CommittedAt, Body));
            if (_past.Count > Kept) _past.RemoveAt(0);
        }

        Body = body;
        CommittedAt = at;
    }

    /// <summary>The version that a reader sees whose view is late by <paramref name="lag"/>; null when it had not been created.</summary>
    public JsonObject? Seen(DateTimeOffset now, TimeSpan lag)
    {
        if (now < HeldUntil) return _past.Count > 0 ? _past[^1].Body : null;
        if (lag <= TimeSpan.Zero || CommittedAt <= now - lag) return Body;
        for (var i = _past.Count - 1; i >= 0; i--)
        {
            if (_past[i].At <= now - lag) return _past[i].Body;
        }

        return null;
    }

    /// <summary>The view of a body, kept while neither it nor the setup tables change.</summary>
    public JsonObject View(JsonObject body, int setup, Func<JsonObject, JsonObject> build)
    {
        if (_view is { } kept && ReferenceEquals(kept.Body, body) && kept.Setup == setup) return kept.View;
        var view = build(body);
        _view = (body, setup, view);
        return view;
    }
}
