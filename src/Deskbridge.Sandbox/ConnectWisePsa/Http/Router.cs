using System.Globalization;
using Deskbridge.Sandbox.ConnectWisePsa.Security;

namespace Deskbridge.Sandbox.ConnectWisePsa.Http;

/// <summary>One operation that the PSA serves: <c>{}</c> is an id, <c>{*}</c> any text.</summary>
internal sealed record Route(string Method, string Template, Func<PsaRequest, string[], PsaAnswer> Handle)
{
    public string[] Segments { get; } = Template.Split('/');

    /// <summary>What stood for <c>{}</c>, as the number that it is.</summary>
    public static int Id(string blank) => int.Parse(blank, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>The values of the template's blanks, or null when the path is another.</summary>
    public string[]? Match(IReadOnlyList<string> path)
    {
        for (var i = 0; i < Segments.Length; i++)
        {
            var fits = Segments[i] switch
            {
                "{}" => int.TryParse(path[i], NumberStyles.None, CultureInfo.InvariantCulture, out _),
                "{*}" => true,
                var word => word.Equals(path[i], StringComparison.OrdinalIgnoreCase),
            };
            if (!fits) return null;
        }

        return [.. path.Where((_, i) => Segments[i][0] == '{')];
    }
}

/// <summary>Finds who answers a path. Paths are read in any case; the more a template says, the earlier it is asked.</summary>
internal sealed class Router(IReadOnlyList<Route> routes, Rights rights)
{
    private readonly Dictionary<int, List<Route>> _byLength = routes
        .GroupBy(r => r.Segments.Length)
        .ToDictionary(g => g.Key, g => g.OrderBy(r => r.Segments.Sum(Openness)).ToList());

    /// <summary>All that is served: the contract test walks it, and a stranger may read it.</summary>
    public IReadOnlyList<Route> Routes { get; } = [.. routes.OrderBy(r => r.Template, StringComparer.Ordinal).ThenBy(r => r.Method, StringComparer.Ordinal)];

    public PsaAnswer Handle(PsaRequest request)
    {
        var known = false;
        foreach (var route in _byLength.GetValueOrDefault(request.Segments.Count, []))
        {
            if (route.Match(request.Segments) is not { } values) continue;
            if (route.Method == request.Method) return route.Handle(rights.Checked(request, route.Method, route.Template), values);
            known = true;
        }

        throw known ? PsaRefusal.NoVerb() : PsaRefusal.NoRoute();
    }

    private static int Openness(string segment) => segment switch { "{*}" => 100, "{}" => 1, _ => 0 };
}
